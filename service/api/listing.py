"""One page of a list of events."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from service.api.cursor import cursor_of, position_in
from service.api.schemas_events import ListQuery
from service.api.windows import edge_of
from service.availability import WIDEST_OFFSET, Span, occurrences_in
from service.compute_pool import ComputePool
from service.errors import ProblemError
from service.event_service import EventService
from service.planning.event import Event
from service.planning.instants import LAST_END_YEAR, absolute, zone_of
from service.planning.work import Work
from service.store.events import Window, position_of
from service.views import event_view

_A_MOMENT: Final = timedelta(microseconds=1)  # which an event without any length has


async def page(
    event_service: EventService, compute_pool: ComputePool, owner: str, query: ListQuery
) -> tuple[dict[str, object], int]:
    """Return the page as JSON, and how many events it has.

    It may be shorter than the limit although more follow.
    """
    zone = zone_of(query.timezone)
    start = edge_of(query.start, zone, "from")
    end = edge_of(query.end, zone, "to", last_year=LAST_END_YEAR)
    if start is not None and end is not None and end <= start:
        raise ProblemError("invalid_time", "`to` must be after `from`")
    window = Window(
        start=None if start is None else start - WIDEST_OFFSET,
        end=None if end is None else end + WIDEST_OFFSET,
        text=query.q,
        calendars=tuple(query.calendar),
        after=position_in(query.cursor),
    )
    found = await event_service.page(owner, window, query.limit)
    shown = await compute_pool.run(lambda work: _shown(found.events, start, end, zone, work))
    following = cursor_of(position_of(found.events[-1])) if found.more else None
    return {"events": shown, "next_cursor": following}, len(shown)


def _shown(
    events: Iterable[Event],
    start: datetime | None,
    end: datetime | None,
    zone: ZoneInfo,
    work: Work,
) -> list[dict[str, object]]:
    """Return the JSON of the events that have a moment in [start, end)."""
    shown = []
    for event in events:
        work(5 + (len(event.exdates) + len(event.rdates)) // 4)
        if touches(event, start, end, zone, work):
            shown.append(event_view(event))
    return shown


def touches(
    event: Event, start: datetime | None, end: datetime | None, zone: ZoneInfo, work: Work
) -> bool:
    """Return whether an event has a moment in [start, end); dates are days of `zone`."""
    if event.is_series:
        if start is None or end is None:
            return True
        return next(occurrences_in(event, Span(start, end, zone), work), None) is not None
    begins = absolute(event.start, zone, floating=event.floating)
    ends = absolute(event.end, zone, floating=event.floating)
    return (end is None or begins < end) and (
        start is None or max(ends, begins + _A_MOMENT) > start
    )
