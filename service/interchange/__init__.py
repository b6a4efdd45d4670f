"""Calendars as files that other programs read and write: iCalendar, RFC 5545."""
