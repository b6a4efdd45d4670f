"""A small backup on disk, with everything that a real one has but a server."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import bson

from ops.backup.blocks import BlockWriter
from ops.backup.folder import name_at, new_backup
from ops.backup.manifest import Collection, DataFile, Manifest, MongodbPart, RedisPart

BEGUN = datetime(2026, 1, 31, 23, 59, tzinfo=UTC)


def make_backup(
    root: Path,
    documents: list[dict[str, Any]],
    *,
    at: datetime = BEGUN,
    block_bytes: int = 200,
    only: str = "",
    redis: bool = False,
    mongodb: bool = True,
) -> Path:
    """Write a backup of one collection, many blocks long, and return its folder."""
    with new_backup(root, name_at(at, "0000")) as unfinished:
        file = _write(unfinished, "mongodb-001-events.bson.gz", documents, block_bytes)
        keys = _write(unfinished, "redis-keys.bson.gz", [], block_bytes) if redis else None
        collection = Collection(
            name=only or "events",
            kind="collection",
            options={},
            indexes=({"v": 2, "key": {"_id": 1}, "name": "_id_"},),
            file=file,
        )
        part = MongodbPart(
            server="mongodb://db/calendar",
            version="7.0.1",
            database="calendar",
            point_in_time=True,
            consistency="snapshot reads",
            is_complete=not only,
            left_out=(),
            collections=(collection,),
        )
        manifest = Manifest(
            name=unfinished.name,
            begun_at=at,
            finished_at=at + timedelta(seconds=1),
            tool_version="1.0.0",
            tool_commit="abc",
            mongodb=part if mongodb else None,
            redis=RedisPart(
                server="redis://r", version="7", database=0, prefix="", types={}, file=keys
            )
            if keys
            else None,
        )
        return unfinished.finish(manifest)


def _write(
    unfinished: Any, name: str, documents: list[dict[str, Any]], block_bytes: int
) -> DataFile:
    with unfinished.writer(name) as (writer, done):
        small: BlockWriter = writer
        small._block_bytes = block_bytes
        for document in documents:
            small.add(bson.encode(document))
    file: DataFile = done[0]
    return file
