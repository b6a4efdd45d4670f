"""What can be done with a calendar: every change of an event goes through here."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Final, TypeVar

from service.compute_pool import ComputePool
from service.drafts import aligned, new_event
from service.errors import ProblemError
from service.json_values import JsonMapping
from service.observe.parts import HIT, MISS, Part
from service.planning.event import Event
from service.planning.series import last_end
from service.planning.work import Work
from service.store.documents import ENDLESS
from service.store.event_cache import CachedEvent, EventCache
from service.store.events import Events, Window, position_of
from service.store.idempotency import Claim, IdempotencyRecords, Record
from service.store.invalidation import Invalidation
from service.views import etag_of, event_bytes

_PAGE: Final = 1000
_ATTEMPTS: Final = 100  # of a change without If-Match, while others change the same event
Edit = Callable[[Event, Work], Event]
Cut = Callable[[Event, Work], tuple[Event, Event]]
Versions = frozenset[int] | None  # of which an event must have one to be changed
Ends = tuple[datetime | None, datetime | None]  # of the two parts of a series
Result = TypeVar("Result")
_SELDOM: Final = "invalid_recurrence"  # the problem of a rule whose times are not found


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, and whether there are more."""

    events: tuple[Event, ...]
    more: bool


class EventService:
    """The use cases on events. `clock` returns the present in UTC.

    Whatever depends on a recurrence rule is computed in the pool: a rule may be much work.
    """

    def __init__(
        self,
        events: Events,
        *,
        event_cache: EventCache,
        idempotency: IdempotencyRecords,
        invalidation: Invalidation,
        compute_pool: ComputePool,
        clock: Callable[[], datetime],
    ) -> None:
        self._events, self._event_cache, self._idempotency = events, event_cache, idempotency
        self._invalidation, self._compute_pool, self._clock = invalidation, compute_pool, clock

    async def draft(self, owner: str, fields: JsonMapping) -> Event:
        """Return a new event that is not kept yet."""
        now = self.now()

        def compute(work: Work) -> Event:
            work(sum(5 * len(fields.get(name) or ()) for name in ("exdates", "rdates")))
            return new_event(owner, fields, now=now, work=work)

        return await self._compute_pool.run(compute, code=_SELDOM)

    async def create(self, event: Event) -> Event:
        """Keep a new event."""
        end = await self._compute_pool.run(lambda work: series_end_of(event, work), code=_SELDOM)
        await self._events.insert(event, series_end=end)
        return event

    async def create_once(self, claim: Claim, event: Event, extra: Mapping[str, object]) -> Record:
        """Keep a new event unless this claim has made one; return what it made in any case."""
        record = await self._idempotency.claim(claim, event, extra, now=self.now())
        return await self._finished(claim, record)

    async def made_by(self, claim: Claim) -> Record | None:
        """Return what a claim has made before, the event kept for sure; None for a new claim."""
        record = await self._idempotency.find(claim, now=self.now())
        return None if record is None else await self._finished(claim, record)

    async def _finished(self, claim: Claim, record: Record) -> Record:
        if not record.done:
            await self.create(record.event)
            await self._idempotency.finish(claim, record.event)
        return record

    async def read(self, owner: str, event_id: str) -> Event:
        """Return an event of this owner."""
        event = await self._events.find(owner, event_id)
        if event is None:
            raise ProblemError("not_found", "no event with this id")
        return event

    def cached(self, owner: str, event_id: str) -> CachedEvent | None:
        """Return an event as bytes if it is in the cache of this process."""
        with Part("cache", "cache memory") as part:
            found = self._event_cache.get(owner, event_id)
            part.details = (MISS if found is None else HIT,)
        return found

    async def read_through(self, owner: str, event_id: str) -> CachedEvent:
        """Return an event as bytes, and keep those in the cache of this process."""
        token, kept = self._event_cache.begin_read(owner, event_id), None
        try:
            event = await self.read(owner, event_id)
            kept = CachedEvent(event_bytes(event), etag_of(event))
        finally:
            self._event_cache.finish_read(owner, event_id, token, kept)
        return kept

    async def create_all(self, events: Sequence[tuple[Event, datetime | None]]) -> list[Event]:
        """Keep new events, each with the end of its series; return those whose uid is taken."""
        return await self._events.insert_all(events)

    async def change(
        self, owner: str, event_id: str, edit: Edit, *, versions: Versions, align: bool = True
    ) -> Event:
        """Apply `edit` to the event and keep the result; `align` moves its start to its rule's.

        With `versions` the event must still have one of them. Without, the edit goes to the
        newest version, again when another change got in between, so that none is lost.
        """

        async def write(before: Event, result: tuple[Event, datetime | None]) -> Event | None:
            after, end = self._next_version(result[0], before), result[1]
            done = await self._events.replace(after, version=before.version, series_end=end)
            return after if done else None

        edited = partial(_edited, edit, align=align)
        return await self._rewritten(owner, event_id, edited, write, versions)

    async def split(self, owner: str, event_id: str, cut: Cut, *, versions: Versions) -> Event:
        """Replace a series by its beginning and keep the rest as a new series, both or none."""

        async def write(before: Event, result: tuple[Event, Event, Ends]) -> Event | None:
            beginning, rest, ends = result
            beginning = self._next_version(beginning, before)
            done = await self._events.split(beginning, rest, version=before.version, ends=ends)
            return rest if done else None

        return await self._rewritten(owner, event_id, partial(_parted, cut), write, versions)

    async def _rewritten(
        self,
        owner: str,
        event_id: str,
        compute: Callable[[Event, Work], Result],
        write: Callable[[Event, Result], Awaitable[Event | None]],
        versions: Versions,
    ) -> Event:
        """Compute and write a change of the newest version until nobody gets in between."""
        for _ in range(_ATTEMPTS):
            before = await self.read(owner, event_id)
            if versions is not None and before.version not in versions:
                raise stale(before)
            result = await self._compute_pool.run(partial(compute, before), code=_SELDOM)
            async with self._invalidation.around(owner, event_id):
                written = await write(before, result)
            if written is not None:
                return written
        raise ProblemError("conflict", headers={"Retry-After": "1"})

    async def delete(self, owner: str, event_id: str, *, versions: Versions) -> None:
        """Remove an event."""
        async with self._invalidation.around(owner, event_id):
            is_done = await self._events.delete(owner, event_id, versions=versions)
        if not is_done:
            raise stale(await self.read(owner, event_id))

    async def all_in(self, owner: str, window: Window, most: int) -> list[Event]:
        """Return the events of a window, page by page; `window_too_large` for more than `most`."""
        events: list[Event] = []
        while True:
            page = await self.page(owner, window, _PAGE)
            events += page.events
            if not page.more:
                return events
            if len(events) >= most:
                detail = f"the window has more than {most} events; ask for less"
                raise ProblemError("window_too_large", detail)
            window = replace(window, after=position_of(events[-1]))

    async def page(self, owner: str, window: Window, limit: int) -> Page:
        """Return the events of a window, at most `limit`."""
        found = await self._events.page(owner, window, limit + 1)
        return Page(events=tuple(found[:limit]), more=len(found) > limit)

    async def by_uids(self, owner: str, uids: list[str]) -> dict[str, Event]:
        """Return the events of this owner with these iCalendar ids."""
        return await self._events.find_uids(owner, uids)

    def now(self) -> datetime:
        """Return the present in whole milliseconds, as MongoDB keeps it."""
        now = self._clock()
        return now.replace(microsecond=now.microsecond // 1000 * 1000)

    def _next_version(self, event: Event, before: Event) -> Event:
        return replace(event, version=before.version + 1, updated_at=self.now())


def stale(event: Event) -> ProblemError:
    """Return the problem of a change to a version that is no longer the newest."""
    return ProblemError("precondition_failed", headers={"ETag": etag_of(event)})


def series_end_of(event: Event, work: Work) -> datetime | None:
    """Return when the last occurrence is over; None for an event that happens once."""
    return last_end(event, work) or ENDLESS if event.is_series else None


def _edited(edit: Edit, before: Event, work: Work, *, align: bool) -> tuple[Event, datetime | None]:
    """Return the event as edited, and when its series ends.

    A start beside its rule is one that a file may state, and stays until either is changed.
    """
    work(_work_of(before))
    after = edit(before, work)
    is_moved = _pattern(after) != _pattern(before)
    if align and (is_moved or not after.is_series):
        after = aligned(after, work)
    return after, series_end_of(after, work)


def _work_of(event: Event) -> int:
    """Return how much work it is to take up what was done to single occurrences."""
    return 5 * (len(event.exdates) + len(event.rdates) + len(event.changes))


def _pattern(event: Event) -> tuple[object, ...]:
    return event.start, event.timezone, event.rules


def _parted(cut: Cut, before: Event, work: Work) -> tuple[Event, Event, Ends]:
    """Return the two parts of a series, and when each ends."""
    work(_work_of(before))
    beginning, rest = cut(before, work)
    rest = aligned(rest, work)
    return beginning, rest, (series_end_of(beginning, work), series_end_of(rest, work))


def utc_now() -> datetime:
    """Return the present."""
    return datetime.now(UTC)
