"""How each server shows that it answers; an accepted connection may only be Docker's proxy's."""

import socket
from types import MappingProxyType
from typing import Final
from urllib.request import urlopen

import pymongo
from pymongo.errors import PyMongoError

_PATIENCE_S: Final = 1.0
_PATHS: Final = MappingProxyType(
    {
        "prometheus": "/-/ready",
        "alertmanager": "/-/ready",
        "node-exporter": "/metrics",
        "service": "/healthz",
        "prober": "/metrics",
        "orders": "/health",
        "stock": "/livez",
        "gate": "/tickets",
    }
)


def answers(role: str, host: str, port: int) -> bool:
    """Tell whether a server speaks its protocol; may raise OSError while it does not."""
    if role == "redis":
        return _redis_answers(host, port)
    if role == "mongodb":
        return _mongodb_answers(host, port)
    with urlopen(f"http://{host}:{port}{_PATHS[role]}", timeout=_PATIENCE_S) as response:
        return bool(response.status == 200)


def _redis_answers(host: str, port: int) -> bool:
    with socket.create_connection((host, port), timeout=_PATIENCE_S) as connection:
        connection.sendall(b"PING\r\n")
        return connection.recv(16).startswith(b"+PONG")


def _mongodb_answers(host: str, port: int) -> bool:
    with pymongo.MongoClient[dict[str, object]](
        host, port, directConnection=True, serverSelectionTimeoutMS=int(_PATIENCE_S * 1000)
    ) as client:
        try:
            return bool(client.admin.command("ping")["ok"])
        except PyMongoError:
            return False
