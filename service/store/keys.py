"""API keys in MongoDB."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from pymongo import ASCENDING

from service.guard.dependency import Dependency
from service.guard.keys import KeyRecord
from service.store.mongo import Database


class Keys:
    """The collection `api_keys`."""

    def __init__(self, database: Database, mongodb: Dependency) -> None:
        self._collection, self._mongodb = database["api_keys"], mongodb

    async def create_indexes(self) -> None:
        """Create the index that lists the keys of an owner."""
        await self._collection.create_index([("owner", ASCENDING)], name="by_owner")

    async def insert(self, record: KeyRecord) -> None:
        """Keep a new key."""
        document = {
            "_id": record.id,
            "owner": record.owner,
            "scopes": sorted(record.scopes),
            "hash": record.hash,
            "label": record.label,
            "created_at": record.created_at,
            "expires_at": record.expires_at,
            "revoked_at": record.revoked_at,
        }
        await self._mongodb.call(lambda: self._collection.insert_one(document))

    async def find(self, key_id: str) -> KeyRecord | None:
        """Return a key by its id."""
        found = await self._mongodb.call(
            lambda: self._collection.find_one({"_id": key_id}), repeatable=True
        )
        return None if found is None else _record_of(found)

    async def named(self, key_ids: Collection[str]) -> dict[str, KeyRecord]:
        """Return those of some keys that exist, by their ids."""
        wanted = {"_id": {"$in": [*key_ids]}}
        found = await self._mongodb.call(
            lambda: self._collection.find(wanted).to_list(), repeatable=True
        )
        return {document["_id"]: _record_of(document) for document in found}

    async def every(self, limit: int) -> list[KeyRecord]:
        """Return the keys, those of one owner together."""
        found = await self._mongodb.call(
            lambda: self._collection.find({}).sort("owner", ASCENDING).limit(limit).to_list(),
            repeatable=True,
        )
        return [_record_of(document) for document in found]

    async def revoke(self, key_id: str, now: datetime) -> bool:
        """Make a key useless; return whether there is such a key."""
        change = {"$set": {"revoked_at": now}}
        result = await self._mongodb.call(
            lambda: self._collection.update_one({"_id": key_id}, change), repeatable=True
        )
        return result.matched_count == 1


def _record_of(document: dict[str, Any]) -> KeyRecord:
    return KeyRecord(
        id=document["_id"],
        owner=document["owner"],
        scopes=frozenset(document["scopes"]),
        hash=document["hash"],
        label=document["label"],
        created_at=document["created_at"],
        expires_at=document["expires_at"],
        revoked_at=document["revoked_at"],
    )
