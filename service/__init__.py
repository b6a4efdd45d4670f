"""The calendar assistant: plain language in, calendar events out."""
