"""What was answered to a creation with an Idempotency-Key.

The record is written before the event and holds the whole event, its id included. Whoever comes
with the same key, also at the same time or after a crash in the middle, does exactly the same
insertion again, which can only succeed once, and gives the same answer.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from pymongo.errors import DuplicateKeyError

from service.errors import ProblemError
from service.guard.dependency import Dependency
from service.planning.event import Event
from service.store.documents import document_of, event_of
from service.store.mongo import Database, Document, Index, MongoCollection

_ATTEMPTS: Final = 10  # to make or find a record, while others make it and the server removes it


@dataclass(frozen=True, slots=True)
class Claim:
    """A request that must have one effect and one answer."""

    owner: str
    key: str
    fingerprint: str  # of what was asked; another one for the same key is refused


@dataclass(frozen=True, slots=True)
class Record:
    """The event that the first request with a key made, and what else was answered."""

    event: Event
    extra: Mapping[str, object]
    done: bool


class IdempotencyRecords(MongoCollection):
    """The collection `idempotency`."""

    name = "idempotency"
    owner_field = "event.owner"

    def __init__(self, database: Database, mongodb: Dependency, *, ttl_s: int) -> None:
        super().__init__(database, mongodb)
        self._ttl_s = ttl_s
        self.indexes = (
            Index("expiry", ("created_at",), {"expireAfterSeconds": ttl_s}),
            Index("by_owner", (self.owner_field,)),
        )

    async def claim(
        self, claim: Claim, event: Event, extra: Mapping[str, object], *, now: datetime
    ) -> Record:
        """Return the record of this key: the one that exists, else a new one for `event`.

        A record that has expired counts as none, whether the server has removed it or not. Of
        several who find none, one makes it. Raises `idempotency_mismatch` when the key was used
        for something else.
        """
        document: Document = {
            "_id": _id_of(claim),
            "fingerprint": claim.fingerprint,
            "event": document_of(event),
            "extra": dict(extra),
            "done": False,
            "created_at": now,
        }
        for _ in range(_ATTEMPTS):
            if await self._insert(document):
                return Record(event, extra, done=False)
            found = await self._find(document["_id"])
            if found is None:
                continue  # removed in this moment
            if not self._has_expired(found, now):
                return _record_of(found, claim)
            if await self._take_over(found, document):
                return Record(event, extra, done=False)
        raise ProblemError("conflict", headers={"Retry-After": "1"})

    async def find(self, claim: Claim, *, now: datetime) -> Record | None:
        """Return the record of this key if there is one."""
        found = await self._find(_id_of(claim))
        if found is None or self._has_expired(found, now):
            return None
        return _record_of(found, claim)

    async def finish(self, claim: Claim, event: Event) -> None:
        """Note that the event is kept, so that it is not brought back after it was deleted.

        A record that has meanwhile expired, and is another event's now, stays as it is.
        """
        wanted, change = {"_id": _id_of(claim), "event._id": event.id}, {"$set": {"done": True}}
        await self._mongodb.call(
            lambda: self._collection.update_one(wanted, change), repeatable=True
        )

    async def _find(self, record_id: str) -> Document | None:
        return await self._mongodb.call(
            lambda: self._collection.find_one({"_id": record_id}), repeatable=True
        )

    async def _insert(self, document: Document) -> bool:
        """Keep a new record; return whether there was none."""
        try:
            await self._mongodb.call(lambda: self._collection.insert_one(document), repeatable=True)
        except DuplicateKeyError:
            return False
        return True

    async def _take_over(self, expired: Document, document: Document) -> bool:
        """Replace an expired record unless somebody else has; return whether that was done."""
        wanted = {"_id": expired["_id"], "event._id": expired["event"]["_id"]}
        result = await self._mongodb.call(lambda: self._collection.replace_one(wanted, document))
        return result.matched_count == 1

    def _has_expired(self, found: Document, now: datetime) -> bool:
        return bool(found["created_at"] < now - timedelta(seconds=self._ttl_s))


def _record_of(found: Document, claim: Claim) -> Record:
    if found["fingerprint"] != claim.fingerprint:
        raise ProblemError("idempotency_mismatch")
    return Record(event_of(found["event"]), found["extra"], done=found["done"])


def _id_of(claim: Claim) -> str:
    return hashlib.sha256(f"{claim.owner}\x1f{claim.key}".encode()).hexdigest()
