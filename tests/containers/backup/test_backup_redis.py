"""Backups of a real Redis: every type comes back, with the time it had left."""

import signal
from functools import partial
from typing import Any

import pytest
import redis

from ops.backup.redis_dump import _records
from sre.running import run
from tests.support.container import Server
from tests.support.json_schemas import keeps_schema
from tests.support.killing import killed_when
from tests.support.waiting import wait_for


def test_every_redis_type_comes_back_with_the_time_it_had_left(
    database: Any, keys: redis.Redis, backups: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database["events"].insert_one({"_id": 1})
    _fill_redis(keys)
    before = _contents(keys)
    expires = keys.pexpiretime("calendar:lasting")
    assert run(["backup", "create", "--backup-dir", backups, "--json"]) == 0
    made = keeps_schema(capsys.readouterr().out, "backup-created")["redis"]
    assert made["types"] == dict.fromkeys(("hash", "list", "set", "stream", "zset"), 1) | {
        "string": 5
    }
    wait_for(lambda: not keys.exists("calendar:short"), what="a key expires", within_s=10)
    keys.set("calendar:later", "x")
    keys.set("calendar:text", "changed")
    assert run(["backup", "restore", "redis", "--backup-dir", backups]) == 4
    capsys.readouterr()
    words = ["backup", "restore", "redis", "--replace", "--backup-dir", backups]
    assert run([*words, "--dry-run", "--json"]) == 0
    assert keeps_schema(capsys.readouterr().out, "backup-restored")["redis_plan"]["coming"] > 5
    assert run(words) == 0
    assert "expired   1 key" in capsys.readouterr().out
    del before[b"calendar:short"]
    assert _contents(keys) == before
    assert keys.pexpiretime("calendar:lasting") == expires
    assert keys.get("another:program's") == b"untouched"
    assert not keys.keys("_sre_restore*")


def test_a_redis_that_knows_no_moments_of_expiry_is_asked_for_the_time_left(
    keys: redis.Redis,
) -> None:
    keys.set("a", "x", px=60_000)
    keys.set("b", "y")
    names = [b"a", b"b", b"not there"]
    exact, counted = (list(_records(keys, names, knows_moments=k)) for k in (True, False))
    assert [bytes(record["key"]) for record in counted] == [b"a", b"b"]
    assert abs(exact[0]["expires_ms"] - counted[0]["expires_ms"]) <= 1
    assert exact[1] == counted[1]
    assert exact[1]["expires_ms"] is None


@pytest.mark.thorough
def test_a_restore_of_redis_that_is_killed_changes_nothing(keys: redis.Redis, backups: str) -> None:
    keys.mset({f"calendar:{n}": "new" for n in range(20_000)})
    assert run(["backup", "create", "redis", "--backup-dir", backups]) == 0
    keys.mset({f"calendar:{n}": "old" for n in range(20_000)})
    words = ("backup", "restore", "redis", "--replace", "--backup-dir", backups)
    killed = 0
    for at in (1, 10_000, 19_900):
        code = killed_when(partial(_holds_more_than, 20_000 + at, keys), 0, *words)
        killed += code == -signal.SIGKILL
        there: Any = keys.mget([f"calendar:{n}" for n in range(20_000)])
        assert set(there) in ({b"old"}, {b"new"})
    assert killed >= 1
    assert run([*words]) == 0
    assert keys.dbsize() == 20_000
    assert keys.get("calendar:19999") == b"new"


def _holds_more_than(number: int, keys: redis.Redis) -> bool:
    return int(keys.dbsize()) > number


def _contents(keys: redis.Redis) -> dict[bytes, Any]:
    """Return what each key of the service holds; the order in a set has no meaning."""
    read: dict[bytes, Any] = {
        b"string": keys.get,
        b"list": lambda key: keys.lrange(key, 0, -1),
        b"set": keys.smembers,
        b"zset": lambda key: keys.zrange(key, 0, -1, withscores=True),
        b"hash": keys.hgetall,
        b"stream": lambda key: (keys.xrange(key), keys.xinfo_groups(key)),
    }
    found: Any = keys.keys("calendar:*")
    return {key: read[keys.type(key)](key) for key in found}  # type: ignore[index]


def _fill_redis(keys: redis.Redis) -> None:
    keys.set("calendar:text", "ä" * 100)
    keys.set(b"calendar:\xff\0\n*[]", b"\0\xff")
    keys.set("calendar:number", 5)
    keys.set("calendar:lasting", "x", px=3_600_000)
    keys.set("calendar:short", "x", px=3000)
    keys.rpush("calendar:list", *range(500))
    keys.sadd("calendar:set", "a", "b", 3)
    keys.zadd("calendar:sorted", {"a": 1.5, "b": float("-inf")})
    keys.hset("calendar:hash", mapping={"a": "1", "b": "x" * 1000})
    keys.xadd("calendar:stream", {"a": "1"})
    keys.xgroup_create("calendar:stream", "group", "0")
    keys.set("another:program's", "untouched")


def test_a_wrong_password_is_told_without_showing_it(
    redis_server: Server, backups: str, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"{redis_server.host}:{redis_server.port}"
    words = ["backup", "create", "redis", "--backup-dir", backups, "--redis-url"]
    assert run([*words, f"redis://someone:S3cr3t@{address}/0"]) == 2
    said = capsys.readouterr()
    assert "refuses the credentials" in said.err
    assert "S3cr3t" not in said.err + said.out
