"""Ask a MongoDB how it is; every question is bounded, and what it does not answer is a reason."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

import pymongo
from pymongo.database import Database
from pymongo.errors import (
    ConfigurationError,
    InvalidURI,
    OperationFailure,
    PyMongoError,
    ServerSelectionTimeoutError,
)

from kit.pure.errors import BadInputError
from ops.store_indexes import declared
from service.store.mongo import DEFAULT_DATABASE

Answer = Mapping[str, object] | str
"""What a command gave, or why it gave nothing."""
Indexes = Mapping[str, frozenset[str]]
_AUTHENTICATION: Final = frozenset({13, 18, 8000})
_NOISE: Final = re.compile(r" \(configured timeouts:.*?\)|, Timeout: .*|, Topology Description.*")
_SLOW_OPERATIONS: Final = 20
_MOST_KEYS: Final = 10_000


@dataclass(frozen=True, slots=True)
class ObservedMongo:
    """What a MongoDB said. With a `problem` it said nothing; `is_refused` when it knows us not."""

    server: str
    problem: str = ""
    is_refused: bool = False
    ping_s: float | None = None
    answers: Mapping[str, Answer] = field(default_factory=dict)
    indexes: Indexes | str = "it was not asked"
    named: tuple[str, ...] = ()
    """Members that the set names and that cannot be reached, where one answered and named them."""

    def answer(self, name: str) -> Answer:
        """Return what a question gave, or why it gave nothing."""
        return self.answers.get(name, "it was not asked")


def look(url: str, *, database: str = "", timeout_s: float) -> ObservedMongo:
    """Return what the MongoDB at `url` says; raises BadInputError when `url` is none."""
    client = connect(url, timeout_s)
    with client:
        began = time.monotonic()
        server = _seeds(url)
        try:
            client.admin.command("ping")
            ping_s = time.monotonic() - began
            asked = {
                "serverStatus": lambda: client.admin.command("serverStatus"),
                "replSetGetStatus": lambda: client.admin.command("replSetGetStatus"),
                "currentOp": lambda: {"inprog": _operations(client)},
            }
            return ObservedMongo(
                server,
                ping_s=ping_s,
                answers={name: _answer(ask) for name, ask in asked.items()},
                indexes=_indexes(_database(client, database)),
            )
        except PyMongoError as err:
            named = () if _is_refusal(err) else _named(client, server)
            return ObservedMongo(
                server, reason(err, timeout_s), is_refused=_is_refusal(err), named=named
            )


def _named(client: pymongo.MongoClient[dict[str, object]], seeds: str) -> tuple[str, ...]:
    """Return the members that only the answer of another one has named."""
    known = {seed if ":" in seed else f"{seed}:27017" for seed in seeds.lower().split(",")}
    found = {f"{host}:{port}" for host, port in client.topology_description.server_descriptions()}
    return tuple(sorted(found - known))


def ping(url: str, *, timeout_s: float) -> tuple[str, float | None]:
    """Return ("", seconds) when MongoDB answers, else the reason and None."""
    began = time.monotonic()
    try:
        with connect(url, timeout_s) as client:
            client.admin.command("ping")  # the credentials were shown when it connected
    except PyMongoError as err:
        return reason(err, timeout_s), None
    return "", time.monotonic() - began


def key_hashes(
    url: str, *, database: str = "", timeout_s: float
) -> tuple[int | None, tuple[str, ...] | str]:
    """Return how many API keys are kept, and of each how its secret is hashed, or why not known.

    Only the name of the way leaves this function, nothing of a hash.
    """
    try:
        with connect(url, timeout_s) as client:
            chosen = _database(client, database)
            there = chosen["api_keys"].count_documents({})
            found = chosen["api_keys"].find({}, {"hash": 1}).limit(_MOST_KEYS)
            return there, tuple(_kind(str(each.get("hash", ""))) for each in found)
    except PyMongoError as err:
        return None, reason(err, timeout_s)


def connect(url: str, timeout_s: float) -> pymongo.MongoClient[dict[str, object]]:
    """Return a client of which no operation takes longer than `timeout_s`.

    Raises BadInputError for what is no MongoDB URL.
    """
    milliseconds = int(timeout_s * 1000)
    try:
        return pymongo.MongoClient[dict[str, object]](
            url,
            timeoutMS=milliseconds,
            serverSelectionTimeoutMS=milliseconds,
            connectTimeoutMS=milliseconds,
            appname="sre-check",
            tz_aware=True,
        )
    except (InvalidURI, ConfigurationError, ValueError) as err:
        raise BadInputError(
            "the address of MongoDB cannot be read",
            hint="it looks like mongodb://HOST:27017/calendar; @ in a password is %40",
        ) from err


def reason(err: PyMongoError, timeout_s: float) -> str:
    """Return in few words why MongoDB gave no answer."""
    text = _NOISE.sub("", str(err)).strip()
    if isinstance(err, OperationFailure) and err.code in _AUTHENTICATION:
        return f"refuses the credentials: {text.split(', full error')[0]}"
    if "refused" in text:
        return "connection refused"
    if err.timeout or (isinstance(err, ServerSelectionTimeoutError) and "timed out" in text):
        return f"no answer within {timeout_s:g} s"
    return text[:200] or type(err).__name__


def needed_indexes() -> Indexes:
    """Return the names of the indexes that the service makes, by collection."""
    noted: dict[str, set[str]] = {}
    for index in declared(ttl_s=1):
        noted.setdefault(index.collection, set()).add(index.name)
    return {collection: frozenset(names) for collection, names in noted.items()}


def _answer(ask: Callable[[], Answer]) -> Answer:
    try:
        return ask()
    except PyMongoError as err:
        return _NOISE.sub("", str(err)).split(", full error")[0][:200]


def _operations(client: pymongo.MongoClient[dict[str, object]]) -> list[Mapping[str, object]]:
    stages: list[Mapping[str, object]] = [{"$currentOp": {"allUsers": True}}, {"$match": _AT_WORK}]
    return list(client.admin.aggregate([*stages, {"$limit": _SLOW_OPERATIONS}]))


_AT_WORK: Final = {"active": True, "secs_running": {"$gte": 1}, "op": {"$nin": ["none", "hello"]}}


def _database(
    client: pymongo.MongoClient[dict[str, object]], name: str
) -> Database[dict[str, object]]:
    return client[name] if name else client.get_default_database(DEFAULT_DATABASE)


def _indexes(database: Database[dict[str, object]]) -> Indexes | str:
    try:
        names = database.list_collection_names()
        return {
            name: frozenset(database[name].index_information())
            for name in names
            if not name.startswith("system.")
        }
    except PyMongoError as err:
        return _NOISE.sub("", str(err))[:200]


def _kind(text: str) -> str:
    parts = text.split("$")
    return parts[1] if text.startswith("$") and len(parts) > 2 else "unknown"  # noqa: PLR2004 -- $kind$rest


def _seeds(url: str) -> str:
    """Return the hosts of a URL, without user and password."""
    return url.partition("://")[2].rpartition("@")[2].partition("/")[0].partition("?")[0]


def _is_refusal(err: PyMongoError) -> bool:
    return isinstance(err, OperationFailure) and err.code in _AUTHENTICATION
