# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What the rows of `clock_spans` build."""

from collections.abc import Sequence

from service.parsing.building.clocks import clock, decimal, decimal_clock, number, span, two
from service.parsing.building.moments import MOVED
from service.parsing.engine import Item
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


def hours(start: int, end: int) -> ClockSpan | None:
    """Read "3-4"; "1-1" is a talk between two."""
    return span(start, end) if start != end else None


def time_ish(time: object) -> object:
    """Read "3pm-ish"."""
    return time


def time_to_decimal(a: Clock | str, b: Clock | str) -> ClockSpan | None:
    """Read "15.30-16.15"."""
    return span(
        decimal(a) if isinstance(a, str) else a, (decimal(b) or 99) if isinstance(b, str) else b
    )


def decimals(first: str | int, last: str | int | Clock) -> ClockSpan | None:
    """Read "8.30-12" beside a day, where figures of a clock stand."""
    begin, end = [decimal_clock(end) if isinstance(end, str) else end for end in (first, last)]
    return span(begin, end)


def spoken_hours(a: int, b: int, c: int, d: int) -> ClockSpan | None:
    """Read "three fifteen to five twenty"."""
    return span(two(a, b), two(c, d))


def hour_to_spoken_time(start: int, hour: int, minute: int) -> ClockSpan | None:
    """Read "from ten until eleven thirty"."""
    return span(number(start), two(hour, minute))


def moved_hours(word: str, _from: Clock | int, hour: Clock | int) -> Clock | None:
    """Read "moved from 2pm to 3pm": it is at 3; "changed 2pm to 4pm" says how long it takes."""
    if word not in MOVED:
        return None
    return clock(hour) if isinstance(hour, int) else hour


def moved_hour(word: str, hour: int) -> Clock | None:
    """Read "moved to 7 on Thursdays"."""
    return clock(hour) if word in MOVED and 1 <= hour <= 12 else None


def until_hour(n: int) -> DateSpan | None:
    """Read "til 1"."""
    return (c := number(n)) and DateSpan(None, Moment(None, c))


def time_to_spoken_time(start: Clock, hour: int, minute: int) -> ClockSpan | None:
    """Read "from two fifteen to three forty five"."""
    return span(start, two(hour, minute))


def hours_with_h(start: int, end: int) -> ClockSpan | None:
    """Read "13-17h"; "2-3h" is how long."""
    if start >= end or end < 8:
        return None
    return span(clock(start, 0, "24"), clock(end, 0, "24"))


def hours_h_to_time(start: int, end: Clock) -> ClockSpan | None:
    """Read "9h-10h30"."""
    return span(clock(start, 0, "24"), end)


def time_to_hours_h(start: Clock, end: int) -> ClockSpan | None:
    """Read "9h30-12h"."""
    return span(start, clock(end, 0, "24"))


def compact_to_year_like(start: Clock, end: int) -> ClockSpan | None:
    """Read "1845-2030", whose end looks like a year."""
    return span(start, clock(end // 100, end % 100, "24"))


def year_like(*ends: int | Clock) -> ClockSpan | None:
    """Read "1900-0700" and "1900-2100", whose ends look like years."""
    begin, end = (clock(e // 100, e % 100, "24") if isinstance(e, int) else e for e in ends)
    good = begin and end and begin.minute % 5 == end.minute % 5 == 0 and end.half == "24"
    return span(begin, end) if good else None


def two_clocks(items: Sequence[Item]) -> ClockSpan | None:
    """Read "19:00 24:00": a beginning and an end, where both are exact."""
    start, end = items[0].value, items[1].value
    exact = isinstance(start, Clock) and isinstance(end, Clock) and start.half == end.half == "24"
    return (
        ClockSpan(start, end)
        if exact and (end.hour, end.minute) > (start.hour, start.minute)
        else None
    )
