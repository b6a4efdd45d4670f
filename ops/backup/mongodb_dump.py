"""Copy a MongoDB database into files: every document as the bytes the server keeps."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from bson import Timestamp
from pymongo.client_session import ClientSession
from pymongo.errors import OperationFailure

from kit.pure.errors import RefusedError
from kit.pure.json_values import JsonMapping
from ops.backup.blocks import split
from ops.backup.folder import Unfinished
from ops.backup.manifest import Collection, DataFile, MongodbPart, extended
from ops.backup.mongodb_swap import check_no_restore_pending, is_ours
from ops.backup.progress import Progress
from ops.backup.servers import Database, Document, Server, check_names, mongodb_at, version_of

Info = JsonMapping
"""A collection as listCollections tells it."""
_TOO_OLD: Final = 239  # SnapshotTooOld
_NO_SUCH_MOMENT: Final = frozenset({_TOO_OLD, 246})  # or SnapshotUnavailable
_EPOCH: Final = Timestamp(1, 1)
_BATCH: Final = 4_000  # documents in one answer, which a server ends at 16 MB anyway
_TELL_EVERY: Final = 5_000


@dataclass(frozen=True, slots=True)
class MongodbWish:
    """What to copy: everything, or some collections; from one moment where that can be had."""

    server: Server
    only: tuple[str, ...] = ()
    is_snapshot_wanted: bool = True


def dump_mongodb(wish: MongodbWish, into: Unfinished, progress: Progress) -> MongodbPart:
    """Write each collection into a file of its own and return what was written.

    Raises RefusedError for what cannot be copied faithfully, and UnreachableError when the server
    goes away in the middle.
    """
    with mongodb_at(wish.server) as database:
        check_no_restore_pending(database)
        found = list(database.list_collections())
        chosen, left_out = _choose(found, wish.only)
        snapshot, why = _snapshot(database, chosen, is_wanted=wish.is_snapshot_wanted)
        with _session(database, is_snapshot=snapshot) as session:
            copied = tuple(
                _copy(database, info, f"mongodb-{number:03d}", into, session, progress)
                for number, info in enumerate(chosen, 1)
            )
        return MongodbPart(
            server=wish.server.shown,
            version=version_of(database),
            database=database.name,
            point_in_time=snapshot,
            consistency=why,
            is_complete=not wish.only,
            left_out=tuple(left_out),
            collections=copied,
        )


def _choose(found: Sequence[Info], only: Sequence[str]) -> tuple[list[Info], list[str]]:
    kept, left_out = [], []
    for info in sorted(found, key=lambda each: (each["type"] == "view", each["name"])):
        name = info["name"]
        if name.startswith("system.") or is_ours(name) or (only and name not in only):
            left_out.append(name)
        elif info["type"] == "timeseries":
            raise RefusedError(
                f"{name!r} is a time series, which cannot be copied faithfully",
                hint="leave it out: name the others, each with --only-collection",
            )
        else:
            kept.append(info)
    check_names(only, [info["name"] for info in kept], "the database")
    return kept, left_out


def _snapshot(database: Database, chosen: Sequence[Info], *, is_wanted: bool) -> tuple[bool, str]:
    """Say whether the server reads as of one moment, and why or why not.

    A server may take the wish and ignore it. So it is asked for a moment that is long gone: one
    that keeps its word says that this is too old, and one that does not answers.
    """
    if not is_wanted:
        return False, "not asked for: collections were read one after another"
    if capped := [info["name"] for info in chosen if info["options"].get("capped")]:
        return False, f"{capped[0]} is a capped collection, which has no snapshot reads"
    name = next((info["name"] for info in chosen if info["type"] == "collection"), "none")
    concern = {"level": "snapshot", "atClusterTime": _EPOCH}
    try:
        database.command({"find": name, "limit": 1, "readConcern": concern})
    except OperationFailure as err:
        if err.code in _NO_SUCH_MOMENT:
            return True, "snapshot reads: all documents are of one moment"
        reason = str(err).partition(", full error")[0]
        return False, f"the server has no snapshot reads ({reason})"
    return False, "the server accepts snapshot reads but does not honour them"


@contextlib.contextmanager
def _session(database: Database, *, is_snapshot: bool) -> Iterator[ClientSession | None]:
    if not is_snapshot:
        yield None
        return
    try:
        with database.client.start_session(snapshot=True) as session:
            yield session
    except OperationFailure as err:
        if err.code != _TOO_OLD:
            raise
        raise RefusedError(
            "copying took longer than the server keeps a snapshot",
            hint="raise minSnapshotHistoryWindowInSeconds there, or add --no-snapshot",
        ) from err


def _copy(
    database: Database,
    info: Info,
    stem: str,
    into: Unfinished,
    session: ClientSession | None,
    progress: Progress,
) -> Collection:
    name, options = info["name"], {k: v for k, v in info["options"].items() if k != "uuid"}
    if info["type"] == "view":
        return Collection(name=name, kind="view", options=extended(options), indexes=(), file=None)
    indexes = tuple(extended(index) for index in database[name].list_indexes())
    file = f"{stem}-{_plain(name)}.bson.gz"
    return Collection(
        name=name,
        kind="collection",
        options=extended(options),
        indexes=indexes,
        file=_copy_documents(database, name, options, file, into, session, progress),
    )


def _copy_documents(
    database: Database,
    name: str,
    options: Document,
    file: str,
    into: Unfinished,
    session: ClientSession | None,
    progress: Progress,
) -> DataFile:
    total = database[name].estimated_document_count()
    with into.writer(file) as (writer, done):
        for batch in _batches(database, name, options, session):
            before = writer.documents
            for document in split(batch):
                writer.add(document)
            if writer.documents // _TELL_EVERY != before // _TELL_EVERY:
                progress(name, writer.documents, total)
        progress(name, writer.documents, writer.documents)
    return done[0]


def _batches(
    database: Database, name: str, options: Document, session: ClientSession | None
) -> Iterator[bytes]:
    """Yield runs of documents as the server sends them.

    Without a snapshot in the order of `_id`, so that none that is removed and put back meanwhile
    comes twice; capped collections in theirs, which is what they are for.
    """
    how: dict[str, Any] = {"session": session, "batch_size": _BATCH}
    if session is None and not options.get("capped") and "clusteredIndex" not in options:
        how["hint"] = [("_id", 1)]
    yield from database[name].find_raw_batches({}, **how)


def _plain(name: str) -> str:
    return "".join(c if c.isascii() and (c.isalnum() or c in "_-") else "_" for c in name)[:80]
