"""Where the command is pointed at: a database, a Redis and a folder of this test's own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis
from pymongo import MongoClient

Client = MongoClient[dict[str, Any]]


@pytest.fixture
def backups(tmp_path: Path) -> str:
    return str(tmp_path / "backups")


@pytest.fixture
def database(mongodb_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    """Give a database that the command is pointed at."""
    monkeypatch.setenv("CALENDAR_MONGODB_URL", mongodb_url)
    monkeypatch.delenv("CALENDAR_REDIS_URL", raising=False)
    with Client(mongodb_url, serverSelectionTimeoutMS=5000) as client:
        yield client.get_default_database()


@pytest.fixture
def keys(redis_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[redis.Redis]:
    """Give an empty Redis that the command is pointed at."""
    monkeypatch.setenv("CALENDAR_REDIS_URL", redis_url)
    with redis.Redis.from_url(redis_url) as client:
        yield client
