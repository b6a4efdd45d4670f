"""Whether the databases of a drill speak; an accepted connection may only be Docker's proxy's."""

import socket
from typing import Final

import pymongo
from pymongo.errors import PyMongoError

from ops.drills.containers import LOOPBACK

_PATIENCE_S: Final = 1.0


def redis_answers(port: int) -> bool:
    """Return whether a Redis answers PING; raises OSError while there is none."""
    with socket.create_connection((LOOPBACK, port), timeout=_PATIENCE_S) as connection:
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")


def mongodb_answers(port: int) -> bool:
    """Return whether a MongoDB answers ping."""
    with pymongo.MongoClient[dict[str, object]](
        LOOPBACK, port, directConnection=True, serverSelectionTimeoutMS=int(_PATIENCE_S * 1000)
    ) as client:
        try:
            return bool(client.admin.command("ping")["ok"])
        except PyMongoError:
            return False
