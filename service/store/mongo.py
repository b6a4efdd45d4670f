"""The connection to MongoDB, and what its driver reports about itself."""

import asyncio
from collections import Counter
from collections.abc import Iterable, Mapping
from time import monotonic
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import bson
from bson.raw_bson import RawBSONDocument
from pymongo import ASCENDING, AsyncMongoClient
from pymongo.asynchronous.collection import AsyncCollection
from pymongo.asynchronous.database import AsyncDatabase
from pymongo.errors import (
    AutoReconnect,
    ConfigurationError,
    ConnectionFailure,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
    WTimeoutError,
)
from pymongo.monitoring import (
    CommandFailedEvent,
    CommandListener,
    CommandStartedEvent,
    CommandSucceededEvent,
    ConnectionCheckedInEvent,
    ConnectionCheckedOutEvent,
    ConnectionClosedEvent,
    ConnectionCreatedEvent,
    ConnectionPoolListener,
)

from service.guard.dependency import Dependency, FailedError
from service.json_values import JsonMapping
from service.observe.current import CURRENT, Piece, Trace
from service.observe.declared import closed
from service.observe.parts import INSIDE
from service.settings import Settings
from service.telemetry import Telemetry

Document = dict[str, Any]  # Any: as pymongo types what a collection holds
Database = AsyncDatabase[Document]
Collection = AsyncCollection[Document]
DEFAULT_DATABASE: Final = "calendar"
_OTHER_INDEX: Final = frozenset({85, 86})  # IndexOptionsConflict, IndexKeySpecsConflict
_EXPIRY: Final = "expireAfterSeconds"
_MOST_RUNNING: Final = 10_000
_BYTES_AT_ONCE: Final = 65_536  # of documents to decode
_SPARE_CONNECTIONS: Final = 10
"""For what does not wait at the semaphore: health checks, the replication lag, the start."""


class Index(NamedTuple):
    """An index by its name and fields; `options` are those of MongoDB's createIndexes."""

    name: str
    fields: tuple[str, ...]
    options: JsonMapping = MappingProxyType({})


class MongoCollection:
    """One collection, and the indexes that its queries need.

    `owner_field` says whose a document is; it is empty where none is anybody's.
    """

    name: str
    indexes: tuple[Index, ...] = ()
    owner_field: str = "owner"

    def __init__(self, database: Database, mongodb: Dependency) -> None:
        self._collection, self._mongodb = database[self.name], mongodb
        self._options = self._collection.codec_options
        raw = self._options.with_options(document_class=RawBSONDocument)
        self._raw: AsyncCollection[Any] = self._collection.with_options(codec_options=raw)

    async def create_indexes(self) -> None:
        """Create the indexes that do not exist yet, and change one that expires at another time."""
        for index in self.indexes:
            order = [(field, ASCENDING) for field in index.fields]
            try:
                await self._collection.create_index(order, name=index.name, **index.options)
            except OperationFailure as err:
                if err.code not in _OTHER_INDEX or _EXPIRY not in index.options:
                    raise
                await self._change_expiry(index)

    async def _change_expiry(self, index: Index) -> None:
        """Let an index that exists expire as is wanted; raises where more than that differs."""
        change = {"name": index.name, _EXPIRY: index.options[_EXPIRY]}
        await self._collection.database.command({"collMod": self.name, "index": change})
        order = [(field, ASCENDING) for field in index.fields]
        await self._collection.create_index(order, name=index.name, **index.options)

    async def of_owner(self, owner: str, after: str, limit: int) -> list[Document]:
        """Return documents of an owner as they are kept, in the order of their ids."""
        if not self.owner_field:
            return []
        wanted = {self.owner_field: owner, "_id": {"$gt": after}}
        return await self._find_all(wanted, by="_id", limit=limit)

    async def erase_some(self, owner: str, limit: int) -> int:
        """Remove some documents of an owner; return how many: 0 when none is left."""
        found = await self.of_owner(owner, "", limit)
        if not found:
            return 0
        wanted = {"_id": {"$in": [document["_id"] for document in found]}, self.owner_field: owner}
        await self._mongodb.call(lambda: self._collection.delete_many(wanted), repeatable=True)
        return len(found)

    async def _find_all(
        self, wanted: Mapping[str, object], *, by: str = "", limit: int = 0
    ) -> list[Document]:
        """Return the documents that match, in ascending order of a field; 0 is no limit."""
        order = [(by, ASCENDING)] if by else None
        found = await self._mongodb.call(
            lambda: self._raw.find(wanted, sort=order, limit=limit).to_list(),
            repeatable=True,
        )
        return await self._decoded(found)

    async def _decoded(self, found: Iterable[RawBSONDocument]) -> list[Document]:
        """Return documents that were read raw; others have their turn every millisecond.

        The driver decodes all of an answer, which may have 16 MB, in one step.
        """
        documents: list[Document] = []
        size = 0
        for one in found:
            size += len(one.raw)
            if size > _BYTES_AT_ONCE:
                await asyncio.sleep(0)
                size = 0
            documents.append(bson.decode(one.raw, self._options))
        return documents


def connect(settings: Settings, telemetry: Telemetry) -> AsyncMongoClient[Document]:
    """Return a client; it connects in the background and when it is first used.

    `timeoutMS` bounds every operation as a whole, so that neither a server that is away nor one
    that hangs keeps a request longer. Nobody may have to wait inside the pool: there a wait that
    times out and is cancelled at the same moment leaves the pool locked for ever (seen with
    pymongo 4.20: asyncio.wait_for around Condition.wait). So requests wait at a semaphore
    (`service.guard.semaphore`), and the pool has room for all of them and the background checks.
    """
    milliseconds = int(settings.mongodb_timeout_s * 1000)
    return AsyncMongoClient(
        settings.mongodb_url.get_secret_value(),
        timeoutMS=milliseconds,
        serverSelectionTimeoutMS=milliseconds,
        connectTimeoutMS=milliseconds,
        heartbeatFrequencyMS=1000,
        serverMonitoringMode="poll",  # a hanging stream of heartbeats is noticed late
        maxPoolSize=settings.mongodb_pool_size + _SPARE_CONNECTIONS,
        maxConnecting=settings.mongodb_pool_size + _SPARE_CONNECTIONS,
        appname="calendar-api",
        tz_aware=True,
        event_listeners=[_Commands(telemetry), _Pool(telemetry)],
    )


def database_of(client: AsyncMongoClient[Document], settings: Settings) -> Database:
    """Return the database that the settings name."""
    if settings.mongodb_database:
        return client[settings.mongodb_database]
    try:
        return client.get_default_database(DEFAULT_DATABASE)
    except ConfigurationError:
        return client[DEFAULT_DATABASE]


def diagnose(error: Exception) -> FailedError | None:
    """Say whether an error means that the server is away; None for the answer of a healthy one."""
    if not isinstance(error, PyMongoError):
        return None
    if isinstance(error, ServerSelectionTimeoutError) and "Connection refused" in str(error):
        return FailedError("connection", worth_retrying=False)  # tried until the time was up
    if error.timeout or isinstance(error, WTimeoutError):
        return FailedError("timeout", worth_retrying=False)
    is_lost = isinstance(error, AutoReconnect | ConnectionFailure)
    if is_lost or error.has_error_label("RetryableWriteError"):
        return FailedError("connection", worth_retrying=True)
    return None


class _Running(NamedTuple):
    """A command that a request waits for: its number there, the part around it, when it began."""

    trace: Trace
    number: int
    parent: int
    collection: str
    began: float


class _Commands(CommandListener):
    """Times every command by its name."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._durations = telemetry.commands
        self._known = frozenset(closed("mongodb_command_duration_seconds", "command"))
        self._running: dict[int, _Running] = {}

    def started(self, event: CommandStartedEvent) -> None:
        """Note a command of a request, for its trace."""
        trace = CURRENT.get()
        if trace is None or not (number := trace.next_number()):
            return
        named = event.command.get(event.command_name)
        if not isinstance(named, str):  # getMore names its collection apart
            named = event.command.get("collection", "")
        if len(self._running) >= _MOST_RUNNING:
            self._running.clear()
        self._running[event.request_id] = _Running(
            trace, number, INSIDE.get(), str(named), monotonic()
        )

    def succeeded(self, event: CommandSucceededEvent | CommandFailedEvent) -> None:
        """Count a command that has ended."""
        name = event.command_name if event.command_name in self._known else "other"
        self._durations.observe(event.duration_micros / 1e6, name)
        begun = self._running.pop(event.request_id, None)
        if begun is None:
            return
        host, port = event.connection_id
        error = ""
        if isinstance(event, CommandFailedEvent):
            error = str(event.failure.get("codeName") or "failed")
        begun.trace.note(
            Piece(
                begun.number,
                begun.parent,
                "mongodb",
                event.command_name,
                begun.began,
                monotonic(),
                error,
                (begun.collection, str(host), str(port or "")),
            )
        )

    failed = succeeded


class _Pool(ConnectionPoolListener):
    """Keeps the numbers of connections by what they do."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._gauge, self._now = telemetry.pool, Counter[str]()

    def _change(self, state: str, by: int) -> None:
        self._now[state] += by
        opened, used = self._now["open"], self._now["in_use"]
        for name, value in (("open", opened), ("in_use", used), ("idle", opened - used)):
            self._gauge.set(max(float(value), 0.0), name)

    def connection_created(self, event: ConnectionCreatedEvent) -> None:  # noqa: ARG002 - the count is enough
        """Count one more."""
        self._change("open", 1)

    def connection_closed(self, event: ConnectionClosedEvent) -> None:  # noqa: ARG002 - the count is enough
        """Count one less."""
        self._change("open", -1)

    def connection_checked_out(self, event: ConnectionCheckedOutEvent) -> None:  # noqa: ARG002 - the count is enough
        """Count one that is used."""
        self._change("in_use", 1)

    def connection_checked_in(self, event: ConnectionCheckedInEvent) -> None:  # noqa: ARG002 - the count is enough
        """Count one that is free again."""
        self._change("in_use", -1)

    def _ignore(self, event: object) -> None:
        """Do nothing: connections are counted one by one, and who waits at the semaphore."""

    connection_check_out_started = connection_check_out_failed = connection_ready = _ignore
    pool_created = pool_ready = pool_cleared = pool_closed = _ignore
