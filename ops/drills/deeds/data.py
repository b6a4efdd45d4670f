"""Spoil what the stores hold."""

from collections.abc import Iterator
from typing import Final

import redis
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from kit.pure.errors import UnreachableError
from ops.drills.acting import timed
from ops.drills.containers import LOOPBACK
from ops.drills.drill import Action
from ops.drills.stack import Stack

_ANSWERS: Final = "calendar:answer:*"


def corrupt_answers(stack: Stack) -> Iterator[Action]:
    """Move every cached answer to another century.

    They stay valid JSON of the right form, so that nothing but a look at what they say finds it.
    """
    try:
        yield timed("overwrite every answer in Redis", lambda: _corrupt(stack))
    except redis.RedisError as err:
        raise UnreachableError(f"the drill's Redis cannot be written: {err}") from err


def _corrupt(stack: Stack) -> None:
    with redis.Redis(host=LOOPBACK, port=stack.redis.port, socket_timeout=5) as client:
        for key in client.scan_iter(match=_ANSWERS, count=500):
            value = client.get(key)
            if isinstance(value, bytes):
                client.set(key, value.replace(b'"start":"20', b'"start":"19'), keepttl=True)


def spoil_events(stack: Stack) -> Iterator[Action]:
    """Take away the time of every event, as a wrong migration would."""
    try:
        yield timed("take the start out of every event", lambda: _spoil(stack))
    except PyMongoError as err:
        raise UnreachableError(f"the drill's MongoDB cannot be written: {err}") from err


def _spoil(stack: Stack) -> None:
    url = stack.service.environment["CALENDAR_MONGODB_URL"]
    with MongoClient[dict[str, object]](url, serverSelectionTimeoutMS=5_000) as client:
        client["calendar"]["events"].update_many({}, {"$unset": {"start": ""}})
