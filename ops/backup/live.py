"""Is what a backup holds in the live databases: every document, every key, every index."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import bson
from bson.raw_bson import RawBSONDocument

from kit.pure.json_values import JsonObject
from ops.backup.blocks import read_block, split
from ops.backup.folder import Entry
from ops.backup.manifest import Collection, DataFile, MongodbPart, RedisPart
from ops.backup.mongodb_revoked import KEYS
from ops.backup.progress import Progress
from ops.backup.servers import Database, Server, mongodb_at, redis_at

_MODE: Final = ("settings", "mode")
"""The document that an operator changes after each restore."""
_BATCH: Final = 500


@dataclass(frozen=True, slots=True)
class Part:
    """A collection, or the keys of Redis: how much of the backup the live system has.

    `same` are there as they were saved, `changed` are there and differ, `missing` are not there;
    `added` came since. `expected` are differences that follow from a restore itself: the service's
    mode, and keys that stay revoked. `lacks_indexes` are names.
    """

    component: str
    name: str
    wanted: int
    same: int
    changed: int
    missing: int
    added: int
    expected: int = 0
    lacks_indexes: tuple[str, ...] = ()

    @property
    def is_restored(self) -> bool:
        """Say whether all of it is there as it was saved."""
        return not (self.changed or self.missing or self.lacks_indexes)


@dataclass(frozen=True, slots=True)
class Live:
    """What was compared; nothing compared is nothing restored."""

    parts: tuple[Part, ...]

    @property
    def is_restored(self) -> bool:
        """Say whether the live system holds all of the backup."""
        return bool(self.parts) and all(part.is_restored for part in self.parts)

    def affected(self) -> tuple[str, ...]:
        """Return the components that lack something of the backup."""
        found = (part.component for part in self.parts if not part.is_restored)
        return tuple(dict.fromkeys(found))


def compare(entry: Entry, mongodb: Server | None, redis: Server | None, progress: Progress) -> Live:
    """Hold a backup that was verified against the live databases; None is not looked at.

    Raises what the servers raise, and HarnessError where a block cannot be read.
    """
    manifest, parts = entry.manifest, list[Part]()
    if manifest is not None and manifest.mongodb is not None and mongodb is not None:
        parts += _mongodb(manifest.mongodb, entry.path, mongodb, progress)
    if manifest is not None and manifest.redis is not None and redis is not None:
        parts.append(_redis(manifest.redis, entry.path, redis, progress))
    return Live(tuple(parts))


def _mongodb(part: MongodbPart, folder: Path, server: Server, progress: Progress) -> Iterator[Part]:
    with mongodb_at(server) as database:
        for collection in part.collections:
            if collection.file is not None:
                yield _collection(database, collection, folder)
                progress(collection.name, collection.file.documents, collection.file.documents)


def _collection(database: Database, collection: Collection, folder: Path) -> Part:
    saved = {_id_of(document): document_hash(document) for document in _saved(collection, folder)}
    left, same, changed, expected, added = set(saved), 0, 0, 0, 0
    batches: Any = database[collection.name].find_raw_batches({})
    for batch in batches:
        for document in split(batch):
            key = _id_of(document)
            if key not in saved:
                added += 1
                continue
            left.discard(key)
            if saved[key] == document_hash(document):
                same += 1
            elif _is_expected(collection.name, document):
                expected += 1
            else:
                changed += 1
    there = set(database[collection.name].index_information())
    lacks = tuple(str(i["name"]) for i in collection.indexes if str(i["name"]) not in there)
    return Part("mongodb", collection.name, len(saved), same, changed, len(left), added, expected,
                lacks)  # fmt: skip


def _saved(collection: Collection, folder: Path) -> Iterator[bytes]:
    return _documents(collection.file, folder) if collection.file else iter(())


def _documents(file: DataFile, folder: Path) -> Iterator[bytes]:
    with (folder / file.name).open("rb") as source:
        for block in file.blocks:
            yield from split(read_block(source, block))


def document_hash(document: bytes) -> bytes:
    """Return what tells two documents apart, in sixteen bytes."""
    return hashlib.blake2b(document, digest_size=16).digest()


def _id_of(document: bytes) -> bytes:
    return document_hash(bson.encode({"_id": RawBSONDocument(document).get("_id")}))


def _is_expected(name: str, document: bytes) -> bool:
    """Say whether a difference follows from a restore and what an operator does after it."""
    raw = RawBSONDocument(document)
    if name == KEYS:
        return raw.get("revoked_at") is not None
    return (name, raw.get("_id")) == _MODE


def _redis(part: RedisPart, folder: Path, server: Server, progress: Progress) -> Part:
    """Compare keys by the value that Redis itself writes; those that have expired are not wanted.

    What the service keeps there it counts on and writes anew: another value is expected.
    """
    same = missing = wanted = 0
    now_ms = datetime.now(UTC).timestamp() * 1000
    with redis_at(server) as client:
        for batch in _in_batches(_documents(part.file, folder)):
            lasting = [one for one in batch if not one["expires_ms"] or one["expires_ms"] > now_ms]
            pipe: Any = client.pipeline(transaction=False)
            for one in lasting:
                pipe.dump(bytes(one["key"]))
            for one, value in zip(lasting, pipe.execute(), strict=True):
                wanted += 1
                missing += value is None
                same += value == bytes(one["value"])
    progress("keys", part.file.documents, part.file.documents)
    counted_on = wanted - same - missing
    return Part("redis", f"{part.prefix}*", wanted, same, 0, missing, 0, counted_on)


def _in_batches(documents: Iterator[bytes]) -> Iterator[list[JsonObject]]:
    batch: list[JsonObject] = []
    for document in documents:
        batch.append(bson.decode(document))
        if len(batch) >= _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch
