"""MongoDB and Redis for tests: what to start, and a place of its own in it for each test."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import redis
from pymongo import MongoClient

from tests.support.container import Server
from tests.support.environment import session_name
from tests.support.sharing import next_number
from tests.support.starting import Spec

MONGODB: Final = Spec("mongodb", 27017)
_REDIS_DATABASES: Final = 1024
REDIS: Final = Spec(
    "redis",
    6379,
    # No password and nothing kept on disk, as for a cache; one database a test instead of sixteen.
    (
        *("redis-server", "--protected-mode", "no", "--save", "", "--appendonly", "no"),
        *("--databases", str(_REDIS_DATABASES)),
    ),
)


def mongodb_address(server: Server, database: str) -> str:
    """Return the URL of a database, past the address by which the stand-in knows itself."""
    return f"mongodb://{server.host}:{server.port}/{database}?directConnection=true"


@contextmanager
def fresh_mongodb_database(server: Server) -> Iterator[str]:
    """Give the URL of a database that nobody else uses, and drop it afterwards."""
    number = next_number("mongodb-database")
    name = f"test-{session_name().partition('-')[2]}-{number}"
    address = mongodb_address(server, name)
    yield address
    with MongoClient[dict[str, object]](address, serverSelectionTimeoutMS=5_000) as client:
        client.drop_database(name)


@contextmanager
def fresh_redis_database(server: Server) -> Iterator[str]:
    """Give the URL of an empty database that no test at the same time uses, and empty it again."""
    number = next_number("redis-database") % _REDIS_DATABASES
    address = f"redis://{server.host}:{server.port}/{number}"
    _flush(address)
    yield address
    _flush(address)


def _flush(address: str) -> None:
    with redis.Redis.from_url(address) as client:
        client.flushdb()
