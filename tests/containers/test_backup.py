"""Backups of real servers: nothing is lost, whatever is stored and whatever goes wrong."""

import contextlib
import datetime as dt
import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import bson
import pytest
import redis
from bson import (
    Binary,
    Code,
    DBRef,
    Decimal128,
    Int64,
    MaxKey,
    MinKey,
    ObjectId,
    Regex,
    Timestamp,
)  # fmt: skip
from bson.raw_bson import RawBSONDocument
from pymongo import MongoClient

from ops.backup.blocks import split
from ops.cli.main import run
from tests.support.container import Server
from tests.support.databases import mongodb_address
from tests.support.service_process import running_service
from tests.support.waiting import wait_for

SRE = str(Path(sys.executable).parent / "sre")
EVERY_BSON_TYPE: dict[str, Any] = {
    "_id": ObjectId(),
    "double": 1.5,
    "nan": float("nan"),
    "infinity": float("-inf"),
    "negative zero": -0.0,
    "string": "ä\0日本",
    "": "an empty name",
    "object": {"b": 1, "a": {"deep": [1, [2, {}], []]}},
    "binary": b"\0\1",
    "old binary": Binary(b"abc", 2),
    "uuid": Binary.from_uuid(uuid.UUID(int=7)),
    "md5": Binary(b"x" * 16, 5),
    "user binary": Binary(b"q", 128),
    "id": ObjectId(),
    "true": True,
    "date": dt.datetime(1, 1, 1, tzinfo=dt.UTC),
    "milliseconds": dt.datetime(2026, 1, 1, 0, 0, 0, 123000, tzinfo=dt.UTC),
    "null": None,
    "pattern": Regex("^a.*b", "imx"),
    "code": Code("x"),
    "code with scope": Code("x", {"a": 1}),
    "int": 5,
    "long": Int64(5),
    "timestamp": Timestamp(5, 6),
    "empty timestamp": Timestamp(0, 0),
    "decimal": Decimal128("1.10"),
    "decimal nan": Decimal128("NaN"),
    "min": MinKey(),
    "max": MaxKey(),
    "reference": DBRef("c", 1),
    "a.dotted.$name": 1,
}
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


def _state(database: Any) -> dict[str, Any]:
    """Return everything in a database: options, indexes, and the bytes of each document."""
    found = {}
    for info in database.list_collections():
        name = info["name"]
        stored = info["type"] == "collection"
        batches = database[name].find_raw_batches({}) if stored else ()
        raw = sorted(document for batch in batches for document in split(batch))
        indexes = sorted((str(i) for i in database[name].list_indexes()) if stored else [])
        found[name] = (info["type"], info["options"], indexes, raw)
    return found


def _fill(database: Any) -> None:
    database["types"].insert_one(EVERY_BSON_TYPE)
    database["events"].create_index([("uid", 1), ("owner", -1)], name="by_uid", unique=True)
    database["events"].create_index("at", expireAfterSeconds=60, name="expiry")
    database["events"].create_index(
        "x", sparse=True, collation={"locale": "de", "strength": 2}, name="x"
    )
    database["events"].create_index("y", partialFilterExpression={"y": {"$gt": 1}}, name="part")
    database["events"].insert_many({"_id": n, "uid": n, "owner": "ä"} for n in range(2500))
    database.create_collection("empty")
    database["odd / name"].insert_one({"_id": {"compound": [1]}})
    database.create_collection("view", viewOn="events", pipeline=[{"$match": {"_id": 1}}])


def test_every_type_index_and_option_comes_back_to_the_byte(
    database: Any, backups: str, capsys: pytest.CaptureFixture[str]
) -> None:
    _fill(database)
    before = _state(database)
    assert run(["backup", "create", "--backup-dir", backups, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)
    assert made["mongodb"]["collections"]["events"] == 2500
    assert made["mongodb"]["point_in_time"] is ("SecantusDB" not in made["mongodb"]["version"])
    assert run(["backup", "verify", "--deep", "--backup-dir", backups]) == 0
    _ruin(database)
    assert run(["backup", "restore", "--backup-dir", backups]) == 4  # documents are in the way
    assert "--replace" in capsys.readouterr().err
    assert run(["backup", "restore", "--backup-dir", backups, "--replace", "--dry-run"]) == 0
    assert "untouched later" in capsys.readouterr().out
    assert database["events"].count_documents({}) == 1
    assert run(["backup", "restore", "--backup-dir", backups, "--replace"]) == 0
    after = _state(database)
    assert after.pop("later")
    assert after == before
    assert not [n for n in database.client.list_database_names() if n.startswith("sre-verify-")]


def _ruin(database: Any) -> None:
    database["events"].drop()
    database["events"].insert_one({"_id": "wrong"})
    database["types"].update_one({}, {"$set": {"double": 2.5}})
    database["later"].insert_one({"_id": "made after the backup"})


@pytest.mark.thorough
def test_the_largest_documents_there_can_be_come_back(database: Any, backups: str) -> None:
    for number in range(3):
        text = "x" * (16 * 1024 * 1024 - 100 - number)
        database["big"].insert_one(RawBSONDocument(bson.encode({"_id": number, "x": text})))
    before = _state(database)
    assert run(["backup", "create", "--backup-dir", backups]) == 0
    assert run(["backup", "restore", "--replace", "--backup-dir", backups]) == 0
    assert _state(database) == before


def test_one_collection_goes_into_another_database(database: Any, backups: str) -> None:
    database["events"].insert_one({"_id": 1})
    database["other"].insert_one({"_id": 2})
    assert run(["backup", "create", "mongodb", "--backup-dir", backups]) == 0
    beside = f"{database.name}-beside"
    try:
        only = ["--only-collection", "events", "--to", beside]
        assert run(["backup", "restore", "--backup-dir", backups, *only]) == 0
        assert database.client[beside].list_collection_names() == ["events"]
        assert run(["backup", "restore", "--backup-dir", backups, "--only-collection", "no"]) == 2
    finally:
        database.client.drop_database(beside)


def test_every_redis_type_comes_back_with_the_time_it_had_left(
    database: Any, keys: redis.Redis, backups: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database["events"].insert_one({"_id": 1})
    _fill_redis(keys)
    before = _contents(keys)
    expires = keys.pexpiretime("calendar:lasting")
    assert run(["backup", "create", "--backup-dir", backups, "--json"]) == 0
    made = json.loads(capsys.readouterr().out)["redis"]
    assert made["types"] == dict.fromkeys(("hash", "list", "set", "stream", "zset"), 1) | {
        "string": 5
    }
    wait_for(lambda: not keys.exists("calendar:short"), what="a key expires", within_s=10)
    keys.set("calendar:later", "x")
    keys.set("calendar:text", "changed")
    assert run(["backup", "restore", "redis", "--backup-dir", backups]) == 4
    assert run(["backup", "restore", "redis", "--replace", "--backup-dir", backups]) == 0
    assert "expired   1 key" in capsys.readouterr().out
    del before[b"calendar:short"]
    assert _contents(keys) == before
    assert keys.pexpiretime("calendar:lasting") == expires
    assert keys.get("another:program's") == b"untouched"
    assert not keys.keys("_sre_restore*")


@pytest.mark.thorough
def test_a_restore_of_redis_that_is_killed_changes_nothing(keys: redis.Redis, backups: str) -> None:
    keys.mset({f"calendar:{n}": "new" for n in range(20_000)})
    assert run(["backup", "create", "redis", "--backup-dir", backups]) == 0
    keys.mset({f"calendar:{n}": "old" for n in range(20_000)})
    words = ("backup", "restore", "redis", "--replace", "--backup-dir", backups)
    killed = 0
    for at in (1, 10_000, 19_900):
        code = _killed(lambda at=at: keys.dbsize() >= 20_000 + at, 0, *words)  # type: ignore[misc]
        killed += code == -signal.SIGKILL
        there: Any = keys.mget([f"calendar:{n}" for n in range(20_000)])
        assert set(there) in ({b"old"}, {b"new"})
    assert killed >= 1
    assert run([*words]) == 0
    assert keys.dbsize() == 20_000
    assert keys.get("calendar:19999") == b"new"


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


def _command(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [SRE, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=dict(os.environ)
    )


def _killed(when: Callable[[], object], after_s: float, *words: str) -> int:
    """Run the command, kill it so long after it got somewhere, and return its exit code."""
    process = _command(*words)
    deadline = time.monotonic() + 60
    while process.poll() is None and not when() and time.monotonic() < deadline:
        time.sleep(0.002)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(after_s)
    process.kill()
    process.communicate(timeout=30)
    return process.returncode


@pytest.mark.long
def test_a_restore_that_is_killed_at_any_moment_leaves_the_old_data_or_the_new(
    database: Any, backups: str
) -> None:
    names = [f"c{n}" for n in range(12)]
    for name in names:
        database[name].create_index("n")
        database[name].insert_many({"_id": n, "n": n} for n in range(100))
    new = _state(database)
    assert run(["backup", "create", "--backup-dir", backups]) == 0
    for name in names:
        database[name].update_many({}, {"$set": {"old": True}})
        database[name].delete_one({"_id": 7})
    old = _state(database)
    words = ("backup", "restore", "--backup-dir", backups, "--replace")
    plan = database["_sre_restore_plan"]
    moments = (
        (lambda: plan.find_one({}), random.Random(5).uniform(0, 0.5)),
        (lambda: plan.find_one({"phase": "swapping"}), 0),
        (lambda: plan.find_one({"phase": "swapping"}), 0.05),
        (lambda: plan.find_one({"phase": "swapped"}), 0),
    )
    killed = 0
    for when, after_s in moments:
        killed += _killed(when, after_s, *words) == -signal.SIGKILL
        assert run(["backup", "restore", "--recover"]) == 0
        found = _state(database)
        assert found in (old, new)
        if found == new:
            for name in names:
                database[name].update_many({}, {"$set": {"old": True}})
                database[name].delete_one({"_id": 7})
    assert killed >= 2
    assert run([*words]) == 0
    assert _state(database) == new


@pytest.mark.long
def test_a_backup_that_is_killed_never_looks_whole(database: Any, backups: str) -> None:
    database["events"].insert_many({"_id": n, "x": "y" * 500} for n in range(8000))
    root, chance, killed = Path(backups), random.Random(7), 0
    for number in range(3):
        code = _killed(
            lambda n=number: len([*root.glob("*")]) > n, chance.uniform(0, 0.5),
            "backup", "create", "--backup-dir", backups,
        )  # fmt: skip
        killed += code == -signal.SIGKILL
    assert killed >= 1
    for folder in Path(backups).iterdir():
        is_whole = run(["backup", "verify", "--backup-dir", backups, "--backup", folder.name]) == 0
        assert is_whole is not folder.name.endswith(".partial")
    assert run(["backup", "create", "--backup-dir", backups, "--keep", "9"]) == 0
    assert not list(Path(backups).glob("*.partial"))


def test_a_full_disk_leaves_no_backup_and_says_so(database: Any, backups: str) -> None:
    database["events"].insert_many({"_id": n, "x": os.urandom(900)} for n in range(2000))
    limited = f"ulimit -f 500; exec {SRE} backup create --backup-dir {backups}"
    done = subprocess.run(["sh", "-c", limited], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "cannot write" in done.stderr
    assert list(Path(backups).iterdir()) == []


@pytest.mark.parametrize("what", ["stop", pytest.param("pause", marks=pytest.mark.thorough)])
def test_a_server_that_goes_away_in_the_middle_costs_nothing(
    what: str, private_mongodb: Server, backups: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = mongodb_address(private_mongodb, "calendar")
    monkeypatch.setenv("CALENDAR_MONGODB_URL", url)
    with Client(url) as client:
        client["calendar"]["events"].insert_many({"_id": n, "x": "y" * 500} for n in range(20_000))
    process = _command("backup", "create", "--backup-dir", backups, "--timeout", "4")
    deadline = time.monotonic() + 20
    while not list(Path(backups).glob("*.partial/*.gz")) and time.monotonic() < deadline:
        time.sleep(0.005)
    getattr(private_mongodb, what)()
    _, said = process.communicate(timeout=60)
    assert process.returncode == 3, said
    assert b"does not answer" in said
    assert list(Path(backups).iterdir()) == []


def test_a_wrong_password_is_told_without_showing_it(
    redis_server: Server, backups: str, capsys: pytest.CaptureFixture[str]
) -> None:
    address = f"{redis_server.host}:{redis_server.port}"
    words = ["backup", "create", "redis", "--backup-dir", backups, "--redis-url"]
    assert run([*words, f"redis://someone:S3cr3t@{address}/0"]) == 2
    said = capsys.readouterr()
    assert "refuses the credentials" in said.err
    assert "S3cr3t" not in said.err + said.out


@pytest.mark.parametrize("login", ["someone:S3/cr@3t", "someone:S3cr:3t", "S3cr3t"])
def test_an_address_that_is_none_is_told_without_its_password(
    login: str, backups: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALENDAR_MONGODB_URL", f"mongodb://{login}@host:x/db?a")
    assert run(["backup", "create", "mongodb", "--backup-dir", backups]) == 2
    said = capsys.readouterr()
    assert "CALENDAR_MONGODB_URL" in said.err
    assert not {"S3", "3t"} & set(re.findall("S3|3t", said.err + said.out))


def test_a_damaged_backup_is_restored_without_what_is_lost_only_when_asked(
    database: Any, backups: str, capsys: pytest.CaptureFixture[str]
) -> None:
    documents = [{"_id": n, "x": os.urandom(4000)} for n in range(2200)]
    database["events"].insert_many(documents)
    assert run(["backup", "create", "--backup-dir", backups]) == 0
    (file,) = Path(backups).glob("*/mongodb-*.gz")
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    capsys.readouterr()
    assert run(["backup", "verify", "--backup-dir", backups]) == 1
    assert f"{file.name} at byte" in capsys.readouterr().out
    database["events"].drop()
    assert run(["backup", "restore", "--backup-dir", backups]) == 1
    assert database.list_collection_names() == []
    assert run(["backup", "restore", "--backup-dir", backups, "--salvage"]) == 1
    assert 1000 < database["events"].count_documents({}) < 2200
    assert all(documents[left["_id"]] == left for left in database["events"].find())


@pytest.mark.usefixtures("database", "keys")
def test_no_backup_is_put_under_a_service_that_writes(
    mongodb_url: str, redis_url: str, backups: str
) -> None:
    """A whole disaster: the service answers after the restore as it did before."""
    with running_service(mongodb_url, redis_url=redis_url) as service:
        service.wait_until_ready()
        body = {"title": "Review", "start": "2026-03-01T10:00:00Z", "end": "2026-03-01T11:00:00Z"}
        made = [service.ask("POST", "/events", json=body).json() for _ in range(20)]
        before = service.ask("GET", "/events?limit=50").json()
        assert run(["backup", "create", "--backup-dir", backups]) == 0
        for event in made[5:]:
            assert service.ask("DELETE", f"/events/{event['id']}").status_code == 204
        restore = ["backup", "restore", "--replace", "--backup-dir", backups]
        assert run([*restore, "--target", service.url]) == 4
        stop = {"mode": "read_only", "reason": "restoring"}
        assert service.ask("PUT", "/admin/mode", json=stop).status_code == 200
        assert run([*restore, "--target", service.url]) == 0
        assert service.ask("GET", "/events?limit=50").json() == before
        for event in made:
            assert service.ask("GET", f"/events/{event['id']}").json() == event
    assert run([*restore, "--target", service.url]) == 0  # nothing answers there any more
