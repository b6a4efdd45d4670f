"""When is somebody busy, when free, and which times suit: arithmetic on intervals of instants."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from service.planning.instants import normalized

Interval = tuple[datetime, datetime]  # instants in UTC; the end is exclusive


@dataclass(frozen=True, slots=True)
class Hours:
    """When people of one zone work: from `begins` to `ends` on these weekdays (0 is Monday).

    `ends` before or at `begins` means after midnight.
    """

    zone: ZoneInfo
    begins: time
    ends: time
    weekdays: frozenset[int]


@dataclass(frozen=True, slots=True)
class Wish:
    """A meeting of `length` between two instants, at a round `step` of the clock."""

    length: timedelta
    start: datetime
    end: datetime
    step: timedelta
    hours: tuple[Hours, ...]
    buffer: timedelta = timedelta(0)


def merged(intervals: Iterable[Interval]) -> list[Interval]:
    """Return the same time as intervals that neither touch nor overlap, in order."""
    result: list[Interval] = []
    for begins, ends in sorted(intervals):
        if result and begins <= result[-1][1]:
            result[-1] = (result[-1][0], max(ends, result[-1][1]))
        elif begins < ends:
            result.append((begins, ends))
    return result


def clipped(intervals: Iterable[Interval], start: datetime, end: datetime) -> list[Interval]:
    """Return what of the intervals lies in [start, end)."""
    cut = ((max(begins, start), min(ends, end)) for begins, ends in intervals)
    return [(begins, ends) for begins, ends in cut if begins < ends]


def gaps(busy: Sequence[Interval], start: datetime, end: datetime) -> Iterator[Interval]:
    """Yield the time in [start, end) that none of the merged intervals takes."""
    free_from = start
    for begins, ends in busy:
        if begins > free_from:
            yield free_from, min(begins, end)
        free_from = max(free_from, ends)
        if free_from >= end:
            return
    if free_from < end:
        yield free_from, end


def common(left: Sequence[Interval], right: Sequence[Interval]) -> list[Interval]:
    """Return the time that lies in both lists of merged intervals."""
    result, i, j = [], 0, 0
    while i < len(left) and j < len(right):
        begins, ends = max(left[i][0], right[j][0]), min(left[i][1], right[j][1])
        if begins < ends:
            result.append((begins, ends))
        if left[i][1] <= right[j][1]:
            i += 1
        else:
            j += 1
    return result


def working(hours: Hours, start: datetime, end: datetime) -> list[Interval]:
    """Return the working time of a zone in [start, end), right when the clocks change."""
    day = (start.astimezone(hours.zone) - timedelta(days=1)).date()
    last = end.astimezone(hours.zone).date()
    found = []
    while day <= last:
        if day.weekday() in hours.weekdays:
            ends_on = day if hours.ends > hours.begins else day + timedelta(days=1)
            found.append((_at(day, hours.begins, hours.zone), _at(ends_on, hours.ends, hours.zone)))
        day += timedelta(days=1)
    return clipped(merged(found), start, end)


def slots(wish: Wish, busy: Iterable[Interval]) -> Iterator[Interval]:
    """Yield the times that suit, the earliest first, none overlapping another."""
    widened = [(begins - wish.buffer, ends + wish.buffer) for begins, ends in busy]
    open_time = list(gaps(merged(widened), wish.start, wish.end))
    for hours in wish.hours:
        open_time = common(open_time, working(hours, wish.start, wish.end))
    for begins, ends in open_time:
        candidate = _rounded_up(begins, wish.step)
        while candidate + wish.length <= ends:
            yield candidate, candidate + wish.length
            candidate = _rounded_up(candidate + wish.length, wish.step)


def _rounded_up(moment: datetime, step: timedelta) -> datetime:
    midnight = datetime(moment.year, moment.month, moment.day, tzinfo=UTC)
    steps = -(-(moment - midnight) // step)
    return midnight + steps * step


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return normalized(datetime.combine(day, clock, tzinfo=zone), zone).astimezone(UTC)
