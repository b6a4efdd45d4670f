"""What was answered to a creation with an Idempotency-Key.

The record is written before the event and holds the whole event, its id included. Whoever comes
with the same key, also at the same time or after a crash in the middle, does exactly the same
insertion again, which can only succeed once, and gives the same answer.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from pymongo import ASCENDING
from pymongo.errors import DuplicateKeyError

from service.errors import ProblemError
from service.guard.dependency import Dependency
from service.planning.event import Event
from service.store.documents import document_of, event_of
from service.store.mongo import Database, Document


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
    extra: Mapping[str, Any]
    done: bool


class OnceRecords:
    """The collection `idempotency`."""

    def __init__(self, database: Database, mongodb: Dependency, *, ttl_s: int) -> None:
        self._collection, self._mongodb = database["idempotency"], mongodb
        self._ttl_s = ttl_s

    async def create_indexes(self) -> None:
        """Create the index that removes old records."""
        await self._collection.create_index(
            [("created_at", ASCENDING)], name="expiry", expireAfterSeconds=self._ttl_s
        )

    async def claim(
        self, claim: Claim, event: Event, extra: Mapping[str, Any], *, now: datetime
    ) -> Record:
        """Return the record of this key: the one that exists, else a new one for `event`.

        Raises `idempotency_mismatch` when the key was used for something else.
        """
        document: Document = {
            "_id": _id_of(claim),
            "fingerprint": claim.fingerprint,
            "event": document_of(event),
            "extra": dict(extra),
            "done": False,
            "created_at": now,
        }
        try:
            await self._mongodb.call(lambda: self._collection.insert_one(document), repeatable=True)
        except DuplicateKeyError:
            found = await self._find(document["_id"])
            if found is None or found["created_at"] < now - timedelta(seconds=self._ttl_s):
                return await self._renew(document)
            if found["fingerprint"] != claim.fingerprint:
                raise ProblemError("idempotency_mismatch") from None
            return Record(event_of(found["event"]), found["extra"], done=found["done"])
        return Record(event, extra, done=False)

    async def find(self, claim: Claim, *, now: datetime) -> Record | None:
        """Return the record of this key if there is one."""
        found = await self._find(_id_of(claim))
        if found is None or found["created_at"] < now - timedelta(seconds=self._ttl_s):
            return None
        if found["fingerprint"] != claim.fingerprint:
            raise ProblemError("idempotency_mismatch")
        return Record(event_of(found["event"]), found["extra"], done=found["done"])

    async def finish(self, claim: Claim) -> None:
        """Note that the event is kept, so that it is not brought back after it was deleted."""
        change = {"$set": {"done": True}}
        await self._mongodb.call(
            lambda: self._collection.update_one({"_id": _id_of(claim)}, change), repeatable=True
        )

    async def _find(self, record_id: str) -> Document | None:
        return await self._mongodb.call(
            lambda: self._collection.find_one({"_id": record_id}), repeatable=True
        )

    async def _renew(self, document: Document) -> Record:
        """Replace a record that is older than promised and was not removed yet."""
        await self._mongodb.call(
            lambda: self._collection.replace_one({"_id": document["_id"]}, document, upsert=True)
        )
        return Record(event_of(document["event"]), document["extra"], done=False)


def _id_of(claim: Claim) -> str:
    return hashlib.sha256(f"{claim.owner}\x1f{claim.key}".encode()).hexdigest()
