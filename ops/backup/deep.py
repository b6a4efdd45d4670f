"""Restore a backup for trial: into a database of its own, compared, and dropped again."""

import os
from datetime import UTC, datetime
from typing import Final

from ops.backup.folder import Entry
from ops.backup.mongodb_fill import add_indexes, check_filled, create, fill
from ops.backup.progress import Progress
from ops.backup.servers import Database, Server, mongodb_at

_PREFIX: Final = "sre-verify-"
_STAMP: Final = "%Y%m%d%H%M"
_FORGOTTEN_AFTER_S: Final = 86_400


def verify_deep(entry: Entry, server: Server, progress: Progress) -> int:
    """Return how many documents a server gave back exactly as they were saved.

    Raises HarnessError (exit code 1) when it does not, and what the server raises.
    """
    part = entry.manifest.mongodb if entry.manifest else None
    if part is None:
        return 0
    documents = 0
    with mongodb_at(server) as database:
        _drop_forgotten(database)
        name = f"{_PREFIX}{datetime.now(UTC):{_STAMP}}-{os.urandom(3).hex()}"
        scratch: Database = database.client[name]
        try:
            for collection in part.collections:
                if collection.kind == "view":
                    continue
                create(scratch, collection.name, collection)
                filled = fill(scratch, collection.name, collection, entry.path, progress)
                check_filled(scratch, collection.name, collection, filled)
                add_indexes(scratch, collection.name, collection, expiring=True)
                documents += filled.documents
        finally:
            database.client.drop_database(name)
    return documents


def _drop_forgotten(database: Database) -> None:
    """Drop what a trial left behind that was killed more than a day ago."""
    now = datetime.now(UTC)
    for name in database.client.list_database_names():
        if not name.startswith(_PREFIX):
            continue
        try:
            stamp = name.removeprefix(_PREFIX).partition("-")[0]
            made = datetime.strptime(stamp, _STAMP).replace(tzinfo=UTC)
        except ValueError:
            continue
        if (now - made).total_seconds() > _FORGOTTEN_AFTER_S:
            database.client.drop_database(name)
