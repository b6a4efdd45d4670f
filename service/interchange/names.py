"""Names of properties in an iCalendar file."""

from typing import Final

CALENDAR: Final = "x-calendar"
"""The calendar that an event is in; ours, which other programs pass over."""
ZONE: Final = "x-timezone"
"""The zone of an event whose start had to be written in UTC."""
OF_SERIES: Final = frozenset({"RRULE", "RDATE", "EXDATE", "EXRULE"})
"""When a series happens, of which one changed occurrence says nothing."""
