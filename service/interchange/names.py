"""Our own properties in an iCalendar file, which other programs pass over."""

from typing import Final

CALENDAR: Final = "x-calendar"
"""The calendar that an event is in."""
ZONE: Final = "x-timezone"
"""The zone of an event whose start had to be written in UTC."""
