"""What happens in a window of time: occurrences, conflicts, busy time and free slots."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

from service.compute_pool import ComputePool
from service.errors import ProblemError
from service.event_service import EventService
from service.planning.event import Event
from service.planning.free import Interval, Wish, clipped, merged, slots
from service.planning.instants import absolute, zone_of
from service.planning.series import Occurrence, occurrences
from service.planning.work import Work
from service.store.events import Window

LONGEST_WINDOW: Final = timedelta(days=366)
MOST_EVENTS: Final = 5000
MOST_OCCURRENCES: Final = 10_000
Pair = tuple[Occurrence, Occurrence]
_SHOWN: Final = 10
# A date begins up to 14 hours earlier, or ends 12 hours later, in the zones at the world's ends.
WIDEST_OFFSET: Final = timedelta(hours=14)


@dataclass(frozen=True, slots=True)
class Span:
    """Part of calendars: from `start` to `end`, in which dates are the days of `zone`."""

    start: datetime
    end: datetime
    zone: ZoneInfo
    calendars: tuple[str, ...] = ()


class Availability:
    """Answers questions about windows of time."""

    def __init__(self, event_service: EventService, compute_pool: ComputePool) -> None:
        self._event_service, self._compute_pool = event_service, compute_pool

    async def first(self, event: Event, span: Span, limit: int) -> list[Occurrence]:
        """Return the first `limit` occurrences of an event in a window, by start."""

        def compute(work: Work) -> list[Occurrence]:
            found = list(islice(occurrences_in(event, span, work), limit + len(event.changes)))
            return sorted(found, key=lambda o: interval_of(o, span.zone))[:limit]

        return await self._compute_pool.run(compute)

    async def busy(self, owner: str, span: Span) -> list[Interval]:
        """Return when somebody is busy, merged and cut to the window."""
        events = await self._events(owner, span)
        return await self._compute_pool.run(lambda work: _busy(events, span, work))

    async def free(self, owner: str, span: Span, wish: Wish, count: int) -> list[Interval]:
        """Return the first `count` times that suit a wish."""
        events = await self._events(owner, span)

        def compute(work: Work) -> list[Interval]:
            work((span.end - span.start).days * len(wish.hours))  # each day has working hours
            return list(islice(slots(wish, _busy(events, span, work)), count))

        return await self._compute_pool.run(compute)

    async def conflicts(self, event: Event, span: Span, limit: int) -> list[Pair]:
        """Return the pairs (of this event, of another) that overlap, both being busy."""
        if not _may_be_busy(event):
            return []
        found = await self._events(event.owner, span)

        def compute(work: Work) -> list[Pair]:
            work(sum(len(other.changes) for other in found) // 8)
            events = [other for other in found if _may_be_busy(other) and other.id != event.id]
            own = (found for found in occurrences_in(event, span, work) if found.busy)
            mine = list(islice(own, MOST_OCCURRENCES))
            others = [o for o in _happening(events, span, work) if o.busy] if mine else []
            return list(islice(_overlapping(mine, others, span.zone), limit))

        return await self._compute_pool.run(compute)

    async def reject_overlap(self, event: Event) -> None:
        """Raise `overlap` when a new event overlaps others in its first year."""
        zone = zone_of(event.timezone)
        begins, ends = absolute(event.start, zone), absolute(event.end, zone)
        if event.is_series:
            ends = max(ends, begins + LONGEST_WINDOW - WIDEST_OFFSET)
        pairs = await self.conflicts(event, Span(begins, ends, zone), _SHOWN)
        if pairs:
            found = [{"event_id": other.event.id, "at": str(other.at)} for _, other in pairs]
            raise ProblemError("overlap", errors=found)

    async def _events(self, owner: str, span: Span) -> list[Event]:
        start, end = span.start - WIDEST_OFFSET, span.end + WIDEST_OFFSET
        window = Window(start=start, end=end, calendars=span.calendars)
        return await self._event_service.all_in(owner, window, MOST_EVENTS)


def occurrences_in(event: Event, span: Span, work: Work) -> Iterator[Occurrence]:
    """Yield the occurrences of an event that touch a window."""
    start, end = span.start - WIDEST_OFFSET, span.end + WIDEST_OFFSET
    for found in occurrences(event, start, end, work):
        begins, ends = interval_of(found, span.zone)
        if begins < span.end and (ends > span.start or begins >= span.start):
            yield found


def _happening(events: Iterable[Event], span: Span, work: Work) -> list[Occurrence]:
    """Return every occurrence of these events in a window, by start."""
    found: list[Occurrence] = []
    for event in events:
        found += islice(occurrences_in(event, span, work), MOST_OCCURRENCES + 1 - len(found))
        if len(found) > MOST_OCCURRENCES:
            detail = f"the window has more than {MOST_OCCURRENCES} occurrences; ask for less"
            raise ProblemError("window_too_large", detail)
    return sorted(found, key=lambda o: (interval_of(o, span.zone)[0], o.event.id))


def _busy(events: Iterable[Event], span: Span, work: Work) -> list[Interval]:
    found = _happening((event for event in events if _may_be_busy(event)), span, work)
    taken = (interval_of(o, span.zone) for o in found if o.busy)
    return merged(clipped(taken, span.start, span.end))


def _may_be_busy(event: Event) -> bool:
    return event.busy or any(change.busy for change in event.changes)


def interval_of(found: Occurrence, zone: ZoneInfo) -> Interval:
    """Return when an occurrence takes place, in UTC; dates are days, floating times of `zone`."""
    floating = found.event.floating
    begins = absolute(found.start, zone, floating=floating)
    return begins, absolute(found.end, zone, floating=floating)


def _overlapping(
    mine: list[Occurrence], others: list[Occurrence], zone: ZoneInfo
) -> Iterator[Pair]:
    """Yield overlapping pairs by one sweep over both lists in the order of their start."""
    sides = [*((0, o) for o in mine), *((1, o) for o in others)]
    entries = sorted(
        ((interval_of(o, zone), side, o) for side, o in sides),
        key=lambda entry: (entry[0], entry[1]),
    )
    running: tuple[list[tuple[datetime, Occurrence]], ...] = ([], [])
    for (begins, ends), side, found in entries:
        theirs = running[1 - side]
        theirs[:] = [
            one for one in theirs if one[0] > begins
        ]  # the rest are pairs: none is in vain
        for _, other in theirs:
            yield (found, other) if side == 0 else (other, found)
        running[side].append((ends, found))
