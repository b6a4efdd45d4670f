# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What the rows of `clock_spans` build."""

from typing import Any

from service.parsing.building.clocks import clock, decimal, number, span, two
from service.parsing.values import (
    Clock,
    ClockSpan,
    DateSpan,
    Moment,
)


def several(*times: Clock | int) -> tuple[Clock, ...] | None:
    """Return several times of a day; an hour without am or pm takes that of the last one."""
    clocks = [clock(time) if isinstance(time, int) else time for time in times]
    if not all(isinstance(one, Clock) for one in clocks):
        return None
    half = clocks[-1].half if clocks[-1] else ""
    earlier = all(
        one is not None and one.hour < clocks[-1].hour for one in clocks[:-1] if clocks[-1]
    )
    if half in ("am", "pm") and earlier:
        clocks = [one if one is None or one.half else one._replace(half=half) for one in clocks]
    return tuple(one for one in clocks if one is not None)


def office_hours(start: int, end: int) -> ClockSpan | None:
    """Read "10-11" before a name when these are hours of one half or of a working day."""
    if not (0 < start <= 24 and 0 < end <= 24):
        return None
    return span(start, end) if start < end or (start >= 7 and end <= 6) else None


def time_ish(time: Any) -> Any:
    """Read "3pm-ish"."""
    return time


def time_to_decimal(a: Any, b: Any) -> ClockSpan | None:
    """Read "15.30-16.15"."""
    return span(
        decimal(a) if isinstance(a, str) else a, (decimal(b) or 99) if isinstance(b, str) else b
    )


def spoken_hours(a: int, b: int, c: int, d: int) -> Any:
    """Read "three fifteen to five twenty"."""
    return span(two(a, b), two(c, d))


def until_hour(n: int) -> DateSpan | None:
    """Read "til 1"."""
    return (c := number(n)) and DateSpan(None, Moment(None, c))
