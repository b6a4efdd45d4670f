"""What can be done with a calendar: every change of an event goes through here."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import partial
from typing import Any, Final

from service.drafts import new_event, settled
from service.errors import ProblemError
from service.planning.event import Event
from service.planning.series import last_end
from service.planning.work import Work
from service.store.changes import Changes
from service.store.documents import ENDLESS
from service.store.events import Events, Window
from service.store.near import Kept, NearEvents
from service.store.once import Claim, OnceRecords, Record
from service.views import etag_of, event_bytes
from service.workshop import Workshop

_ATTEMPTS: Final = 100  # of a change without If-Match, while others change the same event
Edit = Callable[[Event, Work], Event]
Cut = Callable[[Event, Work], tuple[Event, Event]]
_SELDOM: Final = "invalid_recurrence"  # the problem of a rule whose times are not found


@dataclass(frozen=True, slots=True)
class Page:
    """Some events, and whether there are more."""

    events: tuple[Event, ...]
    more: bool


class Diary:
    """The use cases on events. `clock` returns the present in UTC.

    Whatever depends on a recurrence rule is worked out in the workshop: a rule may be much work.
    """

    def __init__(
        self,
        events: Events,
        *,
        near: NearEvents,
        once: OnceRecords,
        changes: Changes,
        workshop: Workshop,
        clock: Callable[[], datetime],
    ) -> None:
        self._events, self._near, self._once = events, near, once
        self._changes, self._workshop, self._clock = changes, workshop, clock

    async def draft(self, owner: str, fields: Mapping[str, Any]) -> Event:
        """Return a new event that is not kept yet."""
        now = self.now()
        return await self._workshop.work_out(
            lambda work: new_event(owner, fields, now=now, work=work), code=_SELDOM
        )

    async def create(self, event: Event) -> Event:
        """Keep a new event."""
        end = await self._workshop.work_out(lambda work: series_end_of(event, work), code=_SELDOM)
        await self._events.insert(event, series_end=end)
        return event

    async def create_once(self, claim: Claim, event: Event, extra: Mapping[str, Any]) -> Record:
        """Keep a new event unless this claim has made one; return what it made in any case."""
        record = await self._once.claim(claim, event, extra, now=self.now())
        if not record.done:
            await self.create(record.event)
            await self._once.finish(claim, record.event)
        return record

    async def made_by(self, claim: Claim) -> Record | None:
        """Return what a claim has made before, the event kept for sure; None for a new claim."""
        record = await self._once.find(claim, now=self.now())
        if record is not None and not record.done:
            await self.create(record.event)
            await self._once.finish(claim, record.event)
        return record

    async def read(self, owner: str, event_id: str) -> Event:
        """Return an event of this owner."""
        event = await self._events.find(owner, event_id)
        if event is None:
            raise ProblemError("not_found", "no event with this id")
        return event

    def near(self, owner: str, event_id: str) -> Kept | None:
        """Return an event as bytes if it is in the cache of this process."""
        return self._near.get(owner, event_id)

    async def kept(self, owner: str, event_id: str) -> Kept:
        """Return an event as bytes, and keep those in the cache of this process."""
        token, kept = self._near.begin(owner, event_id), None
        try:
            event = await self.read(owner, event_id)
            kept = Kept(event_bytes(event), etag_of(event))
        finally:
            self._near.finish(owner, event_id, token, kept)
        return kept

    async def change(self, owner: str, event_id: str, edit: Edit, *, version: int | None) -> Event:
        """Apply `edit` to the event and keep the result.

        With a `version` the event must still have it. Without one the edit is applied to the
        newest version, again when another change got in between, so that none is lost.
        """
        for _ in range(_ATTEMPTS):
            before = await self.read(owner, event_id)
            if version is not None and before.version != version:
                raise stale(before)
            after, end = await self._workshop.work_out(partial(_edited, before, edit), code=_SELDOM)
            after = self._next_version(after, before)
            async with self._changes.of(owner, event_id):
                is_done = await self._events.replace(after, version=before.version, series_end=end)
            if is_done:
                return after
        raise ProblemError("conflict", headers={"Retry-After": "1"})

    async def split(
        self,
        owner: str,
        event_id: str,
        cut: Cut,
        *,
        version: int | None,
    ) -> Event:
        """Replace a series by its beginning and keep the rest as a new series, both or none."""
        for _ in range(_ATTEMPTS):
            before = await self.read(owner, event_id)
            if version is not None and before.version != version:
                raise stale(before)
            beginning, rest, ends = await self._workshop.work_out(
                partial(_parted, before, cut), code=_SELDOM
            )
            beginning = self._next_version(beginning, before)
            async with self._changes.of(owner, event_id):
                is_done = await self._events.split(
                    beginning, rest, version=before.version, ends=ends
                )
            if is_done:
                return rest
        raise ProblemError("conflict", headers={"Retry-After": "1"})

    async def delete(self, owner: str, event_id: str, *, version: int | None) -> None:
        """Remove an event."""
        async with self._changes.of(owner, event_id):
            is_done = await self._events.delete(owner, event_id, version=version)
        if not is_done:
            raise stale(await self.read(owner, event_id))

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
    return None if event.recurrence is None else last_end(event, work) or ENDLESS


def _edited(before: Event, edit: Edit, work: Work) -> tuple[Event, datetime | None]:
    """Return the event as edited, and when its series ends."""
    after = settled(edit(before, work), work)
    return after, series_end_of(after, work)


def _parted(
    before: Event, cut: Cut, work: Work
) -> tuple[Event, Event, tuple[datetime | None, datetime | None]]:
    """Return the two parts of a series, and when each ends."""
    beginning, rest = cut(before, work)
    rest = settled(rest, work)
    return beginning, rest, (series_end_of(beginning, work), series_end_of(rest, work))


def utc_now() -> datetime:
    """Return the present."""
    return datetime.now(UTC)
