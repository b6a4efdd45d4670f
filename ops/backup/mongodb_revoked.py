"""API keys that were revoked since a backup stay revoked after its restore."""

from typing import Final

from pymongo import UpdateOne

from ops.backup.servers import Database

KEYS: Final = "api_keys"
_AT_ONCE: Final = 1000


def carry_revoked(database: Database, *, replaced: str, restored: str) -> int:
    """Mark the restored keys as revoked that are so in what they replace; return how many were not.

    Does nothing where one of the collections is not there; safe to repeat.
    """
    if not {replaced, restored} <= set(database.list_collection_names()):
        return 0
    revoked = database[replaced].find({"revoked_at": {"$ne": None}}, {"revoked_at": 1})
    changes = [
        UpdateOne(
            {"_id": key["_id"], "revoked_at": None}, {"$set": {"revoked_at": key["revoked_at"]}}
        )
        for key in revoked
    ]
    carried = 0
    for first in range(0, len(changes), _AT_ONCE):
        result = database[restored].bulk_write(changes[first : first + _AT_ONCE], ordered=False)
        carried += result.modified_count
    return carried
