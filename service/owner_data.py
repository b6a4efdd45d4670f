"""All that the service keeps of one person: given out whole, and erased everywhere."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from typing import Final

import orjson

from service.guard.key_cache import LEASE_S
from service.json_values import JsonObject
from service.observe.current import go_on
from service.store.answer_cache import AnswerCache
from service.store.event_cache import EventCache
from service.store.events import Events
from service.store.keys import Keys
from service.store.mongo import MongoCollection
from service.store.pubsub import MessageBus

_BATCH: Final = 500
_LINE: Final = orjson.OPT_APPEND_NEWLINE | orjson.OPT_UTC_Z


@dataclass(frozen=True, slots=True)
class Erased:
    """How many documents of each collection are gone, and how many answers of each cache.

    None stands for a cache that could not be told; `is_complete` says that there is none.
    """

    documents: dict[str, int]
    caches: dict[str, int | None]
    is_complete: bool


class OwnerData:
    """The use cases on everything that is one owner's. `step_s` is the time for each batch."""

    def __init__(
        self,
        collections: Sequence[MongoCollection],
        keys: Keys,
        *,
        event_cache: EventCache,
        answer_cache: AnswerCache,
        bus: MessageBus,
        step_s: float,
    ) -> None:
        # Keys first: whoever holds one then adds nothing more.
        self._collections = (keys, *(one for one in collections if one is not keys))
        self._event_cache, self._answer_cache = event_cache, answer_cache
        self._bus, self._step_s = bus, step_s

    async def lines(self, owner: str, given: Callable[[int], None]) -> AsyncIterator[bytes]:
        """Yield every document as a line of JSON; the last line says how many there were.

        A file without that line is not whole. `given` is told how many events come next.
        """
        counts: dict[str, int] = {}
        for collection in self._collections:
            after, counts[collection.name] = "", 0
            while found := await collection.of_owner(owner, after, _BATCH):
                if collection.name == Events.name:
                    given(len(found))
                yield b"".join(_line(collection.name, document) for document in found)
                after, counts[collection.name] = (
                    found[-1]["_id"],
                    counts[collection.name] + len(found),
                )
                go_on(self._step_s)
        yield orjson.dumps({"kind": "end", "owner": owner, "documents": counts}, option=_LINE)

    async def erase(self, owner: str) -> Erased:
        """Remove everything of an owner; each batch that is gone gives time for another.

        Raises UnavailableError in the middle when MongoDB is lost: it can be asked again.
        """
        gone: dict[str, int] = {}
        for collection in self._collections:
            gone[collection.name] = 0
            while number := await collection.erase_some(owner, _BATCH):
                gone[collection.name] += number
                go_on(self._step_s)
            if collection.name == Keys.name and gone[collection.name]:
                await asyncio.sleep(LEASE_S)  # after which they open nothing in any worker
        caches: dict[str, int | None] = dict(await self._answer_cache.forget_owner(owner))
        caches["memory"] = (caches["memory"] or 0) + self._event_cache.forget_owner(owner)
        is_told = await self._bus.publish(kind="erased", owner=owner)
        reaches_all = self._bus.reaches_all and is_told
        return Erased(gone, caches, reaches_all and None not in caches.values())


def _line(kind: str, document: JsonObject) -> bytes:
    return orjson.dumps({"kind": kind, "document": document}, option=_LINE, default=str)
