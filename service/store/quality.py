"""What people say about decisions, and the decisions that wait for a person."""

import uuid
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from pymongo import ASCENDING, ReturnDocument
from pymongo.errors import DuplicateKeyError

from service.guard.dependency import Dependency
from service.store.mongo import Database, Document


class Feedback:
    """The collection `feedback`."""

    def __init__(self, database: Database, mongodb: Dependency) -> None:
        self._collection, self._mongodb = database["feedback"], mongodb

    async def create_indexes(self) -> None:
        """Create the index that finds what was said about a decision."""
        await self._collection.create_index(
            [("owner", ASCENDING), ("decision_id", ASCENDING)], name="by_decision", unique=True
        )

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


class Reviews:
    """The collection `reviews`."""

    def __init__(self, database: Database, mongodb: Dependency) -> None:
        self._collection, self._mongodb = database["reviews"], mongodb

    async def create_indexes(self) -> None:
        """Create the index that lists what waits, the oldest first."""
        await self._collection.create_index(
            [("status", ASCENDING), ("created_at", ASCENDING)], name="waiting"
        )

    async def ask(self, decision: Mapping[str, Any], now: datetime) -> None:
        """Let a decision wait for a person; it waits once, however often it is made."""
        document = {**decision, "status": "waiting", "created_at": now}
        try:
            await self._mongodb.call(lambda: self._collection.insert_one(document))
        except DuplicateKeyError:
            return

    async def waiting(self, limit: int) -> list[Document]:
        """Return the decisions that wait, the oldest first."""
        return await self._mongodb.call(
            lambda: (
                self._collection.find({"status": "waiting"})
                .sort("created_at", ASCENDING)
                .limit(limit)
                .to_list()
            ),
            repeatable=True,
        )

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
