"""Whatever ends a backup or a restore in the middle, the data are whole."""

import datetime as dt
import os
import re
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from pymongo import MongoClient
from pymongo.errors import PyMongoError

from ops.backup.mongodb_swap import SWAPPING, Place, begin, recover, swap
from sre.running import run
from tests.support.container import Server
from tests.support.databases import mongodb_address
from tests.support.killing import sre_process
from tests.support.waiting import HANGS_S

SRE = str(Path(sys.executable).parent / "sre")


Client = MongoClient[dict[str, Any]]


def test_a_restore_at_work_elsewhere_is_not_disturbed(database: Any, backups: str) -> None:
    database["events"].insert_one({"_id": 1})
    assert run(["backup", "create", "--backup-dir", backups]) == 0
    begin(database, [Place("events", 0, had_old=True)])
    database["_sre_restore_plan"].update_one({}, {"$set": {"host": "another"}})
    for words in (["create"], ["restore", "--replace"], ["restore", "--replace", "--dry-run"]):
        assert run(["backup", *words, "--backup-dir", backups]) == 4
    assert run(["backup", "restore", "--recover"]) == 4
    assert run(["backup", "restore", "--recover", "--take-over"]) == 0
    assert database.list_collection_names() == ["events"]
    assert run(["backup", "restore", "--replace", "--backup-dir", backups]) == 0


def test_what_is_written_between_the_two_renames_is_kept_aside(database: Any) -> None:
    place = Place("events", 0, had_old=True)
    database["events"].insert_one({"_id": "old"})
    begin(database, [place])
    database["_sre_restore_plan"].update_one({}, {"$set": {"phase": SWAPPING}})
    database[place.new].insert_one({"_id": "new"})
    database["events"].rename(place.old)
    database["events"].insert_one({"_id": "written in between"})
    assert "as they were before" in recover(database)
    assert list(database["events"].find()) == [{"_id": "old"}]
    (aside,) = set(database.list_collection_names()) - {"events"}
    assert aside.startswith("events.written-during-restore-")
    assert list(database[aside].find()) == [{"_id": "written in between"}]


@pytest.mark.thorough
def test_a_full_disk_leaves_no_backup_and_says_so(database: Any, backups: str) -> None:
    database["events"].insert_many({"_id": n, "x": os.urandom(900)} for n in range(2000))
    limited = f"ulimit -f 500; exec {SRE} backup create --backup-dir {backups}"
    done = subprocess.run(["sh", "-c", limited], capture_output=True, text=True, check=False)
    assert done.returncode == 3
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
    process = sre_process("backup", "create", "--backup-dir", backups, "--timeout", "4")
    deadline = time.monotonic() + HANGS_S
    while not list(Path(backups).glob("*.partial/*.gz")) and time.monotonic() < deadline:
        time.sleep(0.005)
    getattr(private_mongodb, what)()
    _, said = process.communicate(timeout=HANGS_S)
    assert process.returncode == 3, said
    assert b"does not answer" in said
    assert list(Path(backups).iterdir()) == []


@pytest.mark.parametrize("login", ["someone:S3/cr@3t", "someone:S3cr:3t", "S3cr3t"])
def test_an_address_that_is_none_is_told_without_its_password(
    login: str, backups: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALENDAR_MONGODB_URL", f"mongodb://{login}@host:x/db?a")
    assert run(["backup", "create", "mongodb", "--backup-dir", backups]) == 2
    said = capsys.readouterr()
    assert "CALENDAR_MONGODB_URL" in said.err
    assert not {"S3", "3t"} & set(re.findall("S3|3t", said.err + said.out))


def test_a_key_that_is_revoked_while_a_restore_is_half_done_stays_revoked_when_it_is_undone(
    database: Any,
) -> None:
    keys, events = Place("api_keys", 0, had_old=True), Place("events", 1, had_old=False)
    database["api_keys"].insert_many({"_id": name, "revoked_at": None} for name in ("a", "b"))
    begin(database, [keys, events])
    database[keys.new].insert_many({"_id": name, "revoked_at": None} for name in ("a", "b"))
    with pytest.raises(PyMongoError):  # nothing was restored as the second
        swap(database, [keys, events])
    now = dt.datetime(2026, 3, 2, tzinfo=dt.UTC)
    database["api_keys"].update_one({"_id": "a"}, {"$set": {"revoked_at": now}})
    assert "as they were before" in recover(database)
    found = {key["_id"]: key["revoked_at"] is not None for key in database["api_keys"].find()}
    assert found == {"a": True, "b": False}
    assert database.list_collection_names() == ["api_keys"]
