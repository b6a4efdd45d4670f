"""A window of time as a query gives it."""

from datetime import datetime
from zoneinfo import ZoneInfo

from service.availability import LONGEST_WINDOW, Span
from service.errors import ProblemError
from service.planning.instants import LAST_END_YEAR, LAST_YEAR, absolute, moment_of, zone_of


def edge_of(
    text: str | None, zone: ZoneInfo, field: str, *, last_year: int = LAST_YEAR
) -> datetime | None:
    """Return the instant that a parameter names; a date is the midnight that begins it."""
    if text is None:
        return None
    return absolute(moment_of(text, zone, field=field, last_year=last_year), zone)


def span_of(start: str, end: str, timezone: str, calendars: list[str]) -> Span:
    """Return a window with both edges, not longer than a year."""
    zone = zone_of(timezone)
    first, last = edge_of(start, zone, "from"), edge_of(end, zone, "to", last_year=LAST_END_YEAR)
    if first is None or last is None or last <= first:
        raise ProblemError("invalid_time", "`to` must be after `from`")
    if last - first > LONGEST_WINDOW:
        raise ProblemError("window_too_large", f"more than {LONGEST_WINDOW.days} days")
    return Span(first, last, zone, tuple(calendars))
