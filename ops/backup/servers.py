"""Connections to the two databases: bounded in time, and errors that say what to do next."""

import contextlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote_plus

import pymongo
import redis
from pymongo.database import Database as MongoDatabase
from pymongo.errors import ConfigurationError, InvalidURI, OperationFailure, PyMongoError

from kit.pure.addresses import masked
from kit.pure.errors import BadInputError, HarnessError, UnreachableError
from service.store.mongo import DEFAULT_DATABASE

Document = dict[str, Any]  # Any: as pymongo types what a collection holds
Client = pymongo.MongoClient[Document]
Database = MongoDatabase[Document]
_REFUSED_LOGIN: Final = frozenset({13, 18, 8000})
_DISK_FULL: Final = frozenset({14031})
_NOISE: Final = re.compile(r"(, full error:| \(configured timeouts:|, Timeout: ).*", re.DOTALL)
_SELECTION_S: Final = 5.0


@dataclass(frozen=True, slots=True)
class Server:
    """Where a database is; the URL may hold a password and is only ever shown masked."""

    url: str = field(repr=False)
    database: str = ""
    timeout_s: float = 60.0

    @property
    def shown(self) -> str:
        """Return the address without its password and its options."""
        return masked(self.url).partition("?")[0]

    @property
    def database_name(self) -> str:
        """Return which database of MongoDB is meant: the given, the URL's, or the usual."""
        path = self.url.partition("://")[2].partition("?")[0].rpartition("@")[2].partition("/")[2]
        return self.database or unquote_plus(path).partition(".")[0] or DEFAULT_DATABASE


@contextlib.contextmanager
def mongodb_at(server: Server) -> Iterator[Database]:
    """Yield the database of the URL; each answer of the server may take `timeout_s`.

    Whatever the driver raises inside the block leaves it as an error of ours.
    """
    milliseconds = int(server.timeout_s * 1000)
    with _explained(server, "CALENDAR_MONGODB_URL"):
        client = Client(
            server.url,
            serverSelectionTimeoutMS=int(min(server.timeout_s, _SELECTION_S) * 1000),
            connectTimeoutMS=int(min(server.timeout_s, _SELECTION_S) * 1000),
            socketTimeoutMS=milliseconds,
            appname="sre-backup",
            w="majority",
            journal=True,
            maxPoolSize=2,
        )
        with client:
            yield client[server.database_name]


@contextlib.contextmanager
def redis_at(server: Server) -> Iterator["redis.Redis"]:
    """Yield a client of the Redis at a URL, as `mongodb_at` does for MongoDB."""
    with _explained(server, "CALENDAR_REDIS_URL"):
        client = redis.Redis.from_url(
            server.url,
            socket_timeout=server.timeout_s,
            socket_connect_timeout=min(server.timeout_s, _SELECTION_S),
            client_name="sre-backup",
        )
        with client:
            yield client


def version_of(database: Database) -> str:
    """Return the server's version, and its name where it is not MongoDB itself."""
    answer = database.client.admin.command("buildInfo")
    other = answer.get("secantusVersion")
    return f"{answer['version']} (SecantusDB {other})" if other else str(answer["version"])


def check_names(names: Sequence[str], known: Sequence[str], what: str) -> None:
    """Raise BadInputError for the first of `names` that is not among `known`."""
    for name in names:
        if name not in known:
            have = ", ".join(sorted(known)) or "nothing"
            raise BadInputError(f"no collection {name!r} in {what}", hint=f"there is {have}")


@contextlib.contextmanager
def _explained(server: Server, variable: str) -> Iterator[None]:
    try:
        yield
    except (InvalidURI, ConfigurationError, ValueError) as err:
        if isinstance(err, HarnessError):
            raise
        # Of a URL with a login the driver may tell a part of the password as host or database.
        reason = type(err).__name__ if "@" in server.url else str(err)
        raise BadInputError(
            f"{variable} cannot be used: {reason}",
            hint="special characters in user or password are written as %40",
        ) from err
    except (PyMongoError, redis.RedisError) as err:
        raise _error(server, variable, err) from err


def _error(server: Server, variable: str, err: Exception) -> HarnessError:
    reason = masked(_NOISE.sub("", str(err)).strip(), *_secrets(server.url))[:300]
    where = server.shown
    code = err.code if isinstance(err, OperationFailure) else None
    if code in _REFUSED_LOGIN or isinstance(err, redis.AuthenticationError):
        return BadInputError(
            f"{where} refuses the credentials: {reason}",
            hint=f"correct user and password in {variable}",
        )
    if code in _DISK_FULL or "OOM command not allowed" in reason:
        return UnreachableError(f"{where} is full: {reason}", hint="make room there first")
    if isinstance(err, OperationFailure | redis.ResponseError):
        return UnreachableError(f"{where} refuses: {reason}", hint="sre --debug shows the command")
    return UnreachableError(
        f"{where} does not answer: {reason}",
        hint=f"is it running, and is {variable} right? sre check dependencies looks at both",
    )


def _secrets(url: str) -> tuple[str, ...]:
    """Return what must not be shown: everything between the user's name and the host."""
    login, separator, _ = url.partition("://")[2].rpartition("@")
    return (login.partition(":")[2],) if separator and ":" in login else ()
