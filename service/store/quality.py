"""What people say about decisions, and the decisions that wait for a person."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, ReturnDocument
from pymongo.errors import DuplicateKeyError

from service.guard.dependency import Dependency
from service.store.mongo import Collection, Database, Document


class Feedback:
    """The collection `feedback`."""

    def __init__(self, database: Database, mongodb: Dependency) -> None:
        self._collection, self._mongodb = database["feedback"], mongodb

    async def create_indexes(self) -> None:
        """Create the index that finds what was said about a decision."""
        await self._collection.create_index(
            [("owner", ASCENDING), ("decision_id", ASCENDING)], name="by_decision", unique=True
        )
        await self._collection.create_index([("updated_at", ASCENDING)], name="newest")

    async def keep(self, owner: str, said: Mapping[str, Any], now: datetime) -> None:
        """Keep what an owner says about a decision; the last word counts."""
        wanted = {"owner": owner, "decision_id": said["decision_id"]}
        change = {
            "$set": {**said, "updated_at": now},
            "$setOnInsert": {"_id": uuid.uuid4().hex, "created_at": now},
        }
        await self._mongodb.call(
            lambda: self._collection.update_one(wanted, change, upsert=True), repeatable=True
        )

    async def said(self, since: datetime, limit: int) -> list[Document]:
        """Return what was said or changed after a moment, the oldest first."""
        return await _oldest(
            self._mongodb, self._collection, {"updated_at": {"$gt": since}}, "updated_at", limit
        )


class Reviews:
    """The collection `reviews`."""

    def __init__(self, database: Database, mongodb: Dependency) -> None:
        self._collection, self._mongodb = database["reviews"], mongodb

    async def create_indexes(self) -> None:
        """Create the index that lists what waits, the oldest first."""
        await self._collection.create_index(
            [("status", ASCENDING), ("created_at", ASCENDING)], name="waiting"
        )
        await self._collection.create_index(
            [("status", ASCENDING), ("resolved_at", ASCENDING)], name="done"
        )

    async def ask(self, decision: Mapping[str, Any], now: datetime) -> None:
        """Let a decision wait for a person; it waits once, however often it is made."""
        document = {**decision, "status": "waiting", "created_at": now}
        try:
            await self._mongodb.call(lambda: self._collection.insert_one(document))
        except DuplicateKeyError:
            return

    async def waiting(self, since: datetime, limit: int) -> list[Document]:
        """Return the decisions that wait and were made after a moment, the oldest first."""
        wanted = {"status": "waiting", "created_at": {"$gt": since}}
        return await _oldest(self._mongodb, self._collection, wanted, "created_at", limit)

    async def done(self, since: datetime, limit: int) -> list[Document]:
        """Return the decisions that a person decided after a moment, the oldest first."""
        wanted = {"status": "done", "resolved_at": {"$gt": since}}
        return await _oldest(self._mongodb, self._collection, wanted, "resolved_at", limit)

    async def named(self, decision_ids: Sequence[str]) -> dict[str, Document]:
        """Return those of some decisions that wait or waited, by their ids."""
        wanted = {"_id": {"$in": list(decision_ids)}}
        found = await self._mongodb.call(
            lambda: self._collection.find(wanted).to_list(), repeatable=True
        )
        return {document["_id"]: document for document in found}

    async def resolve(
        self, decision_id: str, verdict: Mapping[str, Any], now: datetime
    ) -> Document | None:
        """Note what a person decided; None when no such decision waits."""
        change = {"$set": {**verdict, "status": "done", "resolved_at": now}}
        found: Document | None = await self._mongodb.call(
            lambda: self._collection.find_one_and_update(
                {"_id": decision_id, "status": "waiting"},
                change,
                return_document=ReturnDocument.AFTER,
            )
        )
        return found

    async def count(self) -> int:
        """Return how many wait."""
        return int(await self._collection.count_documents({"status": "waiting"}))


async def _oldest(
    mongodb: Dependency, collection: Collection, wanted: Mapping[str, Any], by: str, limit: int
) -> list[Document]:
    return await mongodb.call(
        lambda: collection.find(wanted).sort(by, ASCENDING).limit(limit).to_list(),
        repeatable=True,
    )
