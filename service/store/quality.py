"""What people say about decisions, and the decisions that wait for a person."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from pymongo import ReturnDocument
from pymongo.errors import DuplicateKeyError

from service.store.mongo import Document, Index, MongoCollection

_MAY_BE_LEFT_OUT = ("correction", "sentence")


class Feedback(MongoCollection):
    """The collection `feedback`."""

    name = "feedback"
    indexes = (
        Index("by_decision", ("owner", "decision_id"), {"unique": True}),
        Index("newest", ("updated_at",)),
    )

    async def keep(self, owner: str, said: Mapping[str, object], now: datetime) -> None:
        """Keep what an owner says of a decision; the last word counts, and what it leaves out."""
        wanted = {"owner": owner, "decision_id": said["decision_id"]}
        change: dict[str, object] = {
            "$set": {**said, "updated_at": now},
            "$setOnInsert": {"_id": uuid.uuid4().hex, "created_at": now},
        }
        if withdrawn := {name: "" for name in _MAY_BE_LEFT_OUT if name not in said}:
            change["$unset"] = withdrawn
        await self._mongodb.call(
            lambda: self._collection.update_one(wanted, change, upsert=True), repeatable=True
        )

    async def said(self, since: datetime, limit: int) -> list[Document]:
        """Return what was said or changed after a moment, the oldest first."""
        wanted = {"updated_at": {"$gt": since}}
        return await self._find_all(wanted, by="updated_at", limit=limit)


class Reviews(MongoCollection):
    """The collection `reviews`."""

    name = "reviews"
    indexes = (
        Index("waiting", ("status", "created_at")),
        Index("done", ("status", "resolved_at")),
        Index("by_owner", ("owner",)),
    )

    async def ask(self, decision: Mapping[str, object], now: datetime) -> None:
        """Let a decision wait for a person; it waits once, however often it is made."""
        document = {**decision, "status": "waiting", "created_at": now}
        try:
            await self._mongodb.call(lambda: self._collection.insert_one(document))
        except DuplicateKeyError:
            return

    async def waiting(self, since: datetime, limit: int) -> list[Document]:
        """Return the decisions that wait and were made after a moment, the oldest first."""
        wanted = {"status": "waiting", "created_at": {"$gt": since}}
        return await self._find_all(wanted, by="created_at", limit=limit)

    async def done(self, since: datetime, limit: int) -> list[Document]:
        """Return the decisions that a person decided after a moment, the oldest first."""
        wanted = {"status": "done", "resolved_at": {"$gt": since}}
        return await self._find_all(wanted, by="resolved_at", limit=limit)

    async def named(self, decision_ids: Sequence[str]) -> dict[str, Document]:
        """Return those of some decisions that wait or waited, by their ids."""
        found = await self._find_all({"_id": {"$in": list(decision_ids)}})
        return {document["_id"]: document for document in found}

    async def resolve(
        self, decision_id: str, verdict: Mapping[str, object], now: datetime
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
