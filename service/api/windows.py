"""A window of time as a query gives it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from service.availability import LONGEST_WINDOW, Span
from service.errors import ProblemError
from service.planning.instants import absolute, moment_of, zone_of


def edge_of(text: str | None, zone: ZoneInfo, field: str) -> datetime | None:
    """Return the instant that a parameter names; a date is the midnight that begins it."""
    return None if text is None else absolute(moment_of(text, zone, field=field), zone)


def span_of(start: str, end: str, timezone: str, calendars: list[str]) -> Span:
    """Return a window with both edges, not longer than a year."""
    zone = zone_of(timezone)
    first, last = edge_of(start, zone, "from"), edge_of(end, zone, "to")
    if first is None or last is None or last <= first:
        raise ProblemError("invalid_time", "`to` must be after `from`")
    if last - first > LONGEST_WINDOW:
        raise ProblemError("window_too_large", f"more than {LONGEST_WINDOW.days} days")
    return Span(first, last, zone, tuple(calendars))
