"""API keys in MongoDB."""

from collections.abc import Collection
from datetime import datetime

from service.guard.keys import KeyRecord
from service.store.mongo import Document, Index, MongoCollection


class Keys(MongoCollection):
    """The collection `api_keys`."""

    name = "api_keys"
    indexes = (Index("by_owner", ("owner",)),)

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
        found = await self._find_all({"_id": {"$in": [*key_ids]}})
        return {document["_id"]: _record_of(document) for document in found}

    async def every(self, limit: int) -> list[KeyRecord]:
        """Return the keys, those of one owner together."""
        return [_record_of(one) for one in await self._find_all({}, by="owner", limit=limit)]

    async def of_owner(self, owner: str, after: str, limit: int) -> list[Document]:
        """Return the keys of an owner without the hashes of their secrets."""
        found = await super().of_owner(owner, after, limit)
        return [{k: v for k, v in document.items() if k != "hash"} for document in found]

    async def erase_some(self, owner: str, limit: int) -> int:
        """Revoke some keys of an owner, and let nothing say whose they were.

        One that was removed instead would open again after a restore of an older backup.
        """
        found = [document["_id"] for document in await self.of_owner(owner, "", limit)]
        if found:
            nobodys = {"owner": "", "label": "", "scopes": [], "hash": ""}
            change = [{"$set": {**nobodys, "revoked_at": {"$ifNull": ["$revoked_at", "$$NOW"]}}}]
            wanted = {"_id": {"$in": found}, "owner": owner}
            await self._mongodb.call(
                lambda: self._collection.update_many(wanted, change), repeatable=True
            )
        return len(found)

    async def revoke(self, key_id: str, now: datetime) -> bool:
        """Make a key useless; return whether there is such a key."""
        change = {"$set": {"revoked_at": now}}
        result = await self._mongodb.call(
            lambda: self._collection.update_one({"_id": key_id}, change), repeatable=True
        )
        return result.matched_count == 1


def _record_of(document: Document) -> KeyRecord:
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
