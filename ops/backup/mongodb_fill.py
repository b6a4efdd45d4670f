"""Fill empty collections with what a backup holds, and prove that they hold it."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from bson.raw_bson import RawBSONDocument
from pymongo.errors import CollectionInvalid, OperationFailure

from kit.pure.errors import HarnessError, UnreachableError
from ops.backup.blocks import DamagedBlockError, Digest, read_block, split
from ops.backup.folder import DamagedError
from ops.backup.manifest import Collection, from_extended
from ops.backup.progress import Progress
from ops.backup.servers import Database, Document

_BATCH_BYTES: Final = 8 << 20
_BATCH_DOCUMENTS: Final = 1_000
_UNKNOWN_FIELD: Final = frozenset({40415, 9})  # also for insert's IDLUnknownField


@dataclass(frozen=True, slots=True)
class Filled:
    """What a collection got: how many documents, and their digest."""

    documents: int
    digest: str


def create(database: Database, name: str, collection: Collection) -> None:
    """Make a collection with the options and indexes of the saved one, still without expiry.

    An index that removes old documents would do so while they are being restored.
    """
    options: Document = from_extended(collection.options)
    options.pop("autoIndexId", None)
    try:
        database.command({"create": name, **options})
    except (OperationFailure, CollectionInvalid) as err:
        reason = str(err).partition(", full error")[0]
        raise UnreachableError(
            f"the server cannot make {collection.name!r} with its options: {reason}",
            hint="restore onto a server of the version that the manifest names",
        ) from err
    add_indexes(database, name, collection, expiring=False)


def add_indexes(database: Database, name: str, collection: Collection, *, expiring: bool) -> None:
    """Make those indexes that remove old documents, or those that do not."""
    wanted: list[Document] = [from_extended(index) for index in collection.indexes]
    wanted = [
        {key: value for key, value in index.items() if key not in {"ns", "v"}}
        for index in wanted
        if index["name"] != "_id_"
        and not index.get("clustered")
        and ("expireAfterSeconds" in index) is expiring
    ]
    for index in wanted:
        try:
            database.command("createIndexes", name, indexes=[index])
        except OperationFailure as err:
            reason = str(err).partition(", full error")[0]
            raise UnreachableError(
                f"the server cannot make the index {index['name']!r} of {collection.name!r}: "
                f"{reason}",
                hint="restore onto a server of the version that the manifest names",
            ) from err


def fill(
    database: Database,
    name: str,
    collection: Collection,
    folder: Path,
    progress: Progress,
    *,
    is_salvage: bool = False,
) -> Filled:
    """Insert every document of a saved collection; with `is_salvage` leave out damaged blocks."""
    if collection.file is None:
        return Filled(0, Digest().hexdigest())
    count, digest = 0, Digest()
    with (folder / collection.file.name).open("rb") as source:
        for block in collection.file.blocks:
            try:
                documents = list(split(read_block(source, block)))
            except DamagedBlockError as err:
                if not is_salvage:
                    raise DamagedError(f"{collection.file.name}: {err}") from err
                continue
            for batch in _batches(documents):
                _insert(database, name, batch)
            for document in documents:
                digest.add(document)
            count += len(documents)
            progress(collection.name, count, collection.file.documents)
    return Filled(count, digest.hexdigest())


def check_filled(database: Database, name: str, collection: Collection, wanted: Filled) -> None:
    """Read everything back and compare; raises HarnessError (exit code 1) when it differs."""
    digest, count = Digest(), 0
    batches: Any = database[name].find_raw_batches({})
    for batch in batches:
        for document in split(batch):
            digest.add(document)
            count += 1
    if count != wanted.documents or digest.hexdigest() != wanted.digest:
        what = (
            f"{count:,} documents instead of {wanted.documents:,}"
            if count != wanted.documents
            else "other bytes than were sent"
        )
        raise HarnessError(
            f"the server keeps {what} for {collection.name!r}",
            hint="nothing was replaced; look at the server, or restore onto another one",
        )


def _batches(documents: list[bytes]) -> Iterator[list[RawBSONDocument]]:
    batch: list[RawBSONDocument] = []
    size = 0
    for document in documents:
        if batch and (size + len(document) > _BATCH_BYTES or len(batch) >= _BATCH_DOCUMENTS):
            yield batch
            batch, size = [], 0
        batch.append(RawBSONDocument(document))
        size += len(document)
    if batch:
        yield batch


def _insert(database: Database, name: str, batch: list[RawBSONDocument]) -> None:
    """Insert documents as they are.

    Saved documents may predate their collection's validator, and a server puts the time into an
    empty timestamp unless asked not to, which versions before 8 do not understand.
    """
    command = {
        "insert": name,
        "documents": batch,
        "bypassDocumentValidation": True,
        "writeConcern": {"w": "majority"},
    }
    try:
        answer = database.command({**command, "bypassEmptyTsReplacement": True})
    except OperationFailure as err:
        if err.code not in _UNKNOWN_FIELD:
            raise
        answer = database.command(command)
    for error in (*answer.get("writeErrors", ()), *filter(None, [answer.get("writeConcernError")])):
        raise OperationFailure(str(error.get("errmsg", error)), error.get("code"))
