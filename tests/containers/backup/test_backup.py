"""Backups of a real MongoDB: every byte comes back, and never under a service that writes."""

import datetime as dt
import os
import uuid
from pathlib import Path
from typing import Any

import bson
import pytest
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

from sre.running import run
from tests.support.databases_seen import everything_in
from tests.support.json_schemas import keeps_schema
from tests.support.service_process import running_service

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
    before = everything_in(database)
    assert run(["backup", "create", "--backup-dir", backups, "--json"]) == 0
    made = keeps_schema(capsys.readouterr().out, "backup-created")
    assert made["mongodb"]["collections"]["events"] == 2500
    assert made["mongodb"]["point_in_time"] is ("SecantusDB" not in made["mongodb"]["version"])
    assert run(["backup", "verify", "--deep", "--backup-dir", backups]) == 0
    _ruin(database)
    assert run(["backup", "restore", "--backup-dir", backups]) == 4  # documents are in the way
    assert "--replace" in capsys.readouterr().err
    assert run(["backup", "restore", "--backup-dir", backups, "--replace", "--dry-run"]) == 0
    assert "untouched later" in capsys.readouterr().out
    assert database["events"].count_documents({}) == 1
    assert run(["backup", "restore", "--backup-dir", backups, "--replace", "--json"]) == 0
    done = keeps_schema(capsys.readouterr().out, "backup-restored")
    assert (done["dry_run"], done["lost"]) == (False, 0)
    assert run(["backup", "restore", "--recover", "--json"]) == 0
    assert keeps_schema(capsys.readouterr().out, "backup-recovered")["done"] == ""
    after = everything_in(database)
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
    before = everything_in(database)
    assert run(["backup", "create", "--backup-dir", backups]) == 0
    assert run(["backup", "restore", "--replace", "--backup-dir", backups]) == 0
    assert everything_in(database) == before


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


@pytest.mark.thorough
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


def test_keys_revoked_since_the_backup_stay_revoked(
    database: Any, backups: str, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = database["api_keys"]
    earlier, later = (dt.datetime(2026, 1, day, tzinfo=dt.UTC) for day in (1, 9))
    keys.insert_many(
        [
            {"_id": "live", "revoked_at": None},
            {"_id": "long revoked", "revoked_at": earlier},
            {"_id": "revoked since", "revoked_at": None},
            {"_id": "unlisted since", "revoked_at": None},
        ]
    )
    assert run(["backup", "create", "--backup-dir", backups]) == 0
    keys.update_one({"_id": "revoked since"}, {"$set": {"revoked_at": later}})
    keys.update_one({"_id": "long revoked"}, {"$set": {"revoked_at": later}})
    keys.delete_one({"_id": "unlisted since"})
    keys.insert_one({"_id": "made and revoked since", "revoked_at": later})
    capsys.readouterr()
    assert run(["backup", "restore", "--backup-dir", backups, "--replace"]) == 0
    told = capsys.readouterr()
    found = {key["_id"]: key["revoked_at"] is not None for key in keys.find()}
    assert found == {
        "live": False,
        "long revoked": True,
        "revoked since": True,
        "unlisted since": False,
    }
    assert keys.find_one({"_id": "long revoked"})["revoked_at"].day == earlier.day
    assert "API keys revoked since the backup, and still so: 1" in told.out + told.err
