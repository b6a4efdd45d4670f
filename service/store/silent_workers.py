"""Workers that cannot publish what they change say so in MongoDB.

Redis may be away for one worker only. The others hear nothing from it, and nothing of that: their
own connections are well. So whoever cannot publish writes a document here before it changes
anything, and waits until everybody must have read it. Nobody trusts a cache while there is such a
document, or when the last look is older than a lease. A worker that dies leaves its document
behind, until nothing it has begun can come any more.
"""

import asyncio
import os
from collections.abc import Callable
from typing import Final

from service.guard.dependency import Dependency
from service.store.in_flight import DOUBT_S
from service.store.mongo import Database, Index, MongoCollection

LEASE_S: Final = 1.0
_SAY_AGAIN_S: Final = DOUBT_S / 10


class SilentWorkers(MongoCollection):
    """The collection `silent_workers`. `clock` is monotonic."""

    name = "silent_workers"
    owner_field = ""
    indexes = (Index("expiry", ("seen_at",), {"expireAfterSeconds": int(DOUBT_S)}),)

    def __init__(
        self, database: Database, mongodb: Dependency, *, clock: Callable[[], float]
    ) -> None:
        super().__init__(database, mongodb)
        self._clock = clock
        self._seen_none_at = float("-inf")
        self._others: frozenset[str] = frozenset()
        self._lock = asyncio.Lock()
        self._mine = ""  # the id of our document; no other after it was to be removed
        self._ended: set[str] = set()  # those that are to be removed
        self._began_at = self._said_at = float("-inf")
        self.needed = 0  # how often it had to be silent

    async def refresh(self) -> bool:
        """See which others are silent; return whether news may have been missed since.

        Raises what MongoDB's driver raises.
        """
        asked_at = self._clock()
        ours = {"_id": {"$nin": [self._mine, *self._ended]}}
        found = await self._collection.find(ours, {"_id": 1}).to_list()
        others = frozenset(str(document["_id"]) for document in found)
        has_missed = others != self._others or not (others or self.hears_all())
        self._others = others
        # The lease begins when the question was sent, not when the answer was read.
        self._seen_none_at = float("-inf") if others else asked_at
        return has_missed

    def hears_all(self) -> bool:
        """Return whether nobody else was silent a lease ago."""
        return self._clock() - self._seen_none_at < LEASE_S

    @property
    def is_said(self) -> bool:
        """Return whether this worker has said that it is silent."""
        return bool(self._mine or self._ended)

    async def begin(self) -> None:
        """Return when no other worker trusts its cache, nor will before `end`.

        Raises UnavailableError when that cannot be said.
        """
        self.needed += 1
        await self.say()
        rest = self._began_at + LEASE_S - self._clock()
        if rest > 0:
            await asyncio.sleep(rest)

    async def say(self) -> None:
        """Write the document, or keep it from expiring."""
        async with self._lock:
            age_s = self._clock() - self._said_at
            if age_s > _SAY_AGAIN_S:
                await self._say(is_gone=age_s > DOUBT_S / 2)

    async def end(self, needed: int) -> None:
        """Let the others trust their caches again: every change has been published.

        That is so unless `begin` has been called since it was so `needed` times.
        """
        async with self._lock:
            if self.needed != needed:
                return
            self._ended.add(self._mine)
            self._mine, self._said_at = "", float("-inf")
            theirs = {"_id": {"$in": [*self._ended]}}
            await self._mongodb.call(lambda: self._collection.delete_many(theirs), repeatable=True)
            self._ended.clear()

    async def _say(self, *, is_gone: bool) -> None:
        self._mine = self._mine or os.urandom(8).hex()
        now = {"$currentDate": {"seen_at": True}}
        mine = {"_id": self._mine}
        await self._mongodb.call(
            lambda: self._collection.update_one(mine, now, upsert=True), repeatable=True
        )
        self._said_at = self._clock()
        if is_gone:
            self._began_at = self._said_at
