"""Events in MongoDB. Every question names the owner, so that nobody finds another's event."""

import asyncio
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from heapq import merge
from itertools import islice
from typing import Final

from bson.raw_bson import RawBSONDocument
from pymongo import ASCENDING
from pymongo.asynchronous.client_session import AsyncClientSession
from pymongo.errors import BulkWriteError, DuplicateKeyError, OperationFailure

from service.errors import ProblemError
from service.planning.event import Event
from service.store.documents import SERIES, SPANS, begins_at, document_of, event_of, update_of
from service.store.mongo import Document, Index, MongoCollection

_NO_TRANSACTIONS: Final = 20  # IllegalOperation
_DUPLICATE: Final = 11000
_WORTH_AT_ONCE: Final = 5000  # texts to write; each takes half a microsecond or two
_MOMENTS_AT_ONCE: Final = 1000  # dates and times to read; each takes a microsecond or two
Position = tuple[datetime, str]  # start and id: the order of every list


@dataclass(frozen=True, slots=True)
class Window:
    """Which events are wanted: those that touch [start, end), with the text, after a position."""

    start: datetime | None = None
    end: datetime | None = None
    text: str = ""
    calendars: tuple[str, ...] = ()
    after: Position | None = None


def position_of(event: Event) -> Position:
    """Return where an event stands in the order of every list."""
    return begins_at(event), event.id


class Events(MongoCollection):
    """The collection `events`."""

    name = "events"
    indexes = (
        Index("by_time", ("owner", "span", "from", "_id")),
        # The owner last, so that a planner never takes this index for a question about time.
        Index("by_uid", ("uid", "owner"), {"unique": True}),
    )

    async def insert(self, event: Event, *, series_end: datetime | None) -> None:
        """Keep a new event; raises `conflict` when its uid is taken.

        An id is random, so one that exists already is our own earlier attempt.
        """
        document = document_of(event, series_end=series_end)
        try:
            await self._mongodb.call(lambda: self._collection.insert_one(document), repeatable=True)
        except DuplicateKeyError as err:
            if await self.find(event.owner, event.id) is None:
                raise ProblemError("conflict", "an event with this uid exists already") from err

    async def insert_all(self, events: Sequence[tuple[Event, datetime | None]]) -> list[Event]:
        """Keep new events; return those of whose uid there is another already.

        One that is there with its own id was kept by an earlier attempt.
        """
        some: list[Document] = []
        left = _WORTH_AT_ONCE
        for event, end in events:
            some.append(document_of(event, series_end=end))
            left -= _worth(event)
            if left < 0:
                await self._insert_some(some)
                some, left = [], _WORTH_AT_ONCE
        await self._insert_some(some)
        wanted = {"_id": {"$in": [event.id for event, _ in events]}}
        kept = await self._mongodb.call(
            lambda: self._collection.find(wanted, {"_id": 1}).to_list(), repeatable=True
        )
        ids = {document["_id"] for document in kept}
        return [event for event, _ in events if event.id not in ids]

    async def _insert_some(self, documents: list[Document]) -> None:
        """Insert what is not there yet."""
        if not documents:
            return
        try:
            await self._mongodb.call(
                lambda: self._collection.insert_many(documents, ordered=False), repeatable=True
            )
        except BulkWriteError as err:
            if any(one["code"] != _DUPLICATE for one in err.details["writeErrors"]):
                raise

    async def find(self, owner: str, event_id: str) -> Event | None:
        """Return one event of this owner."""
        wanted = {"_id": event_id, "owner": owner}
        found = await self._mongodb.call(lambda: self._collection.find_one(wanted), repeatable=True)
        return None if found is None else event_of(found)

    async def find_uids(self, owner: str, uids: Sequence[str]) -> dict[str, Event]:
        """Return the events of this owner that have one of the iCalendar ids."""
        wanted = {"owner": owner, "uid": {"$in": list(uids)}}
        found = await self._find_all(wanted)
        return {event.uid: event for event in await _events_of(found)}

    async def replace(self, event: Event, *, version: int, series_end: datetime | None) -> bool:
        """Write an event if the kept one still has `version`; return whether it had.

        The driver repeats a write whose answer was lost, and not every server remembers that it
        made it: what is kept to the last field is our own.
        """
        wanted = {"_id": event.id, "owner": event.owner, "version": version}
        update = update_of(document_of(event, series_end=series_end))
        result = await self._mongodb.call(lambda: self._collection.update_one(wanted, update))
        return result.matched_count == 1 or await self.find(event.owner, event.id) == event

    async def split(
        self,
        beginning: Event,
        rest: Event,
        *,
        version: int,
        ends: tuple[datetime | None, datetime | None],
    ) -> bool:
        """Write `beginning` if the kept event still has `version`, and `rest` with it.

        Both in one transaction; on a single server, which has none, the rest first, so that a
        crash in between leaves something twice rather than nothing at all.
        """
        wanted = {"_id": beginning.id, "owner": beginning.owner, "version": version}
        first = update_of(document_of(beginning, series_end=ends[0]))
        second = document_of(rest, series_end=ends[1])
        client = self._collection.database.client

        async def both(session: AsyncClientSession) -> bool:
            result = await self._collection.update_one(wanted, first, session=session)
            if result.matched_count == 1:
                await self._collection.insert_one(second, session=session)
            return result.matched_count == 1

        async def transaction() -> bool:
            async with client.start_session() as session:
                return await session.with_transaction(both)

        try:
            return await self._mongodb.call(transaction)
        except OperationFailure as err:
            if err.code != _NO_TRANSACTIONS:
                raise
        await self.insert(rest, series_end=ends[1])
        if await self.replace(beginning, version=version, series_end=ends[0]):
            return True
        await self.delete(rest.owner, rest.id, versions=None)
        return False

    async def delete(self, owner: str, event_id: str, *, versions: frozenset[int] | None) -> bool:
        """Remove an event, if it has one of `versions` where they are given; return whether so."""
        wanted: Document = {"_id": event_id, "owner": owner}
        if versions is not None:
            wanted["version"] = {"$in": sorted(versions)}
        result = await self._mongodb.call(lambda: self._collection.delete_one(wanted))
        return result.deleted_count == 1

    async def page(self, owner: str, window: Window, limit: int) -> list[Event]:
        """Return the first `limit` events in the order of start and id.

        A series counts from its first to its last occurrence.
        """
        spans = range(SERIES + 1)
        pages = await asyncio.gather(
            *(self._one_page(_stages(owner, span, window, limit)) for span in spans)
        )
        ordered = merge(*pages, key=lambda document: (document["from"], document["_id"]))
        return await _events_of(islice(ordered, limit))

    async def _one_page(self, stages: list[Document]) -> list[Document]:
        async def ask() -> list[RawBSONDocument]:
            cursor = await self._raw.aggregate(stages)
            return await cursor.to_list()

        return await self._decoded(await self._mongodb.call(ask, repeatable=True))


def _worth(event: Event) -> int:
    """Return about how many texts an event is made of in the database."""
    lines = len(event.written.lines) if event.written else 0
    lines += sum(len(change.lines) for change in event.changes)
    return 20 + len(event.exdates) + len(event.rdates) + 5 * len(event.changes) + lines


async def _events_of(documents: Iterable[Document]) -> list[Event]:
    """Return the events of many documents; others have their turn every few milliseconds."""
    events: list[Event] = []
    moments = 0
    for document in documents:
        moments += 5 + len(document["exdates"]) + 3 * len(document["changes"])
        moments += len(document.get("rdates", ()))
        if moments > _MOMENTS_AT_ONCE:
            await asyncio.sleep(0)
            moments = 0
        events.append(event_of(document))
    return events


def _stages(owner: str, span: int, window: Window, limit: int) -> list[Document]:
    """Return the stages that find one class of events.

    What the index answers comes first, in a stage of its own: not every planner finds the index
    when other conditions stand beside.
    """
    begins: Document = {}
    rest: list[Document] = []
    if window.end is not None:
        begins["$lt"] = window.end
    if window.start is not None:
        rest.append({"to": {"$gt": window.start}})
        if span < SERIES:
            begins["$gte"] = window.start - SPANS[span] - timedelta(seconds=1)
    if window.after is not None:
        moment, last_id = window.after
        begins["$gte"] = max(begins.get("$gte", moment), moment)
        rest.append({"$or": [{"from": {"$gt": moment}}, {"_id": {"$gt": last_id}}]})
    if window.calendars:
        rest.append({"calendar": {"$in": list(window.calendars)}})
    if window.text:
        pattern = {"$regex": re.escape(window.text), "$options": "i"}
        rest.append({"$or": [{name: pattern} for name in ("title", "location", "description")]})
    found: Document = {"owner": owner, "span": span} | ({"from": begins} if begins else {})
    return [
        {"$match": found},
        *({"$match": condition} for condition in rest),
        {"$sort": {"from": ASCENDING, "_id": ASCENDING}},
        {"$limit": limit},
    ]
