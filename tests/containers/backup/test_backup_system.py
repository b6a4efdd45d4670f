"""The live system held against a backup, and restored as a whole or by what it lacks."""

import json
from pathlib import Path
from typing import Any

import pytest
import redis

from sre.running import run
from tests.support.json_schemas import keeps_schema

pytestmark = pytest.mark.containers


@pytest.fixture(autouse=True)
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))
    return tmp_path / "runs"


def kept(runs: Path) -> dict[str, str]:
    """Return the verdict of the last record of each kind of work."""
    found = [json.loads(path.read_text()) for path in (runs / "backup").glob("*.json")]
    return {one["what"]: one["verdict"] for one in sorted(found, key=lambda one: one["started_at"])}


def test_what_the_live_system_lacks_of_a_backup_is_named_and_only_that_is_restored(
    database: Any, keys: redis.Redis, backups: str, runs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    database["events"].insert_many({"_id": n, "uid": n} for n in range(700))
    database["events"].create_index("uid", name="by_uid")
    database["settings"].insert_one({"_id": "mode", "mode": "normal"})
    keys.set("calendar:a", "1")
    where = ("--backup-dir", backups)
    assert run(["backup", "create", *where]) == 0
    assert run(["backup", "verify", "--live", *where]) == 0
    database["settings"].update_one({"_id": "mode"}, {"$set": {"mode": "read_only"}})
    database["events"].insert_one({"_id": 9000})
    keys.set("calendar:a", "2")  # the service counts on
    assert run(["backup", "verify", "--live", *where]) == 0
    database["events"].delete_one({"_id": 5})
    database["events"].update_one({"_id": 6}, {"$set": {"uid": "spoilt"}})
    database["events"].drop_index("by_uid")
    capsys.readouterr()
    assert run(["backup", "verify", "--live", "--json", *where]) == 1
    live = keeps_schema(capsys.readouterr().out, "backup-verified")["live"]
    (events,) = [part for part in live["parts"] if part["name"] == "events"]
    assert (events["missing"], events["changed"], events["added"]) == (1, 1, 1)
    assert events["lacks_indexes"] == ["by_uid"]
    assert live["affected"] == ["mongodb"]
    assert kept(runs) == {"verified": "PASS", "compared": "FAIL"}

    assert run(["backup", "restore", "components", *where]) == 4  # documents are in the way
    keys.set("calendar:a", "3")
    capsys.readouterr()
    assert run(["backup", "restore", "components", "--replace", "--json", *where]) == 0
    done = keeps_schema(capsys.readouterr().out, "backup-restored")
    assert (done["redis"], done["live"]["restored"]) == (None, True)
    assert keys.get("calendar:a") == b"3"
    assert database["events"].count_documents({}) == 700
    assert kept(runs)["restored"] == "PASS"
    assert run(["backup", "restore", "components", "--replace", *where]) == 0
    assert "all of the backup is in the live system" in capsys.readouterr().out


def test_a_restored_system_is_held_against_the_backup_before_it_counts_as_restored(
    database: Any, keys: redis.Redis, backups: str, capsys: pytest.CaptureFixture[str]
) -> None:
    database["events"].insert_many({"_id": n} for n in range(50))
    keys.set("calendar:a", "1")
    where = ("--backup-dir", backups)
    assert run(["backup", "report", *where]) == 2
    assert run(["backup", "create", *where]) == 0
    assert run(["backup", "report", *where]) == 5  # nothing was restored yet
    database["events"].drop()
    keys.delete("calendar:a")
    assert run(["backup", "verify", "--live", *where]) == 1
    assert run(["backup", "restore", "system", "--replace", *where]) == 0
    assert database["events"].count_documents({}) == 50
    assert keys.get("calendar:a") == b"1"
    capsys.readouterr()
    assert run(["backup", "report", "--json", *where]) == 0
    told = keeps_schema(capsys.readouterr().out, "backup-report")
    assert told["back_by"] == "restores"
    assert 0 < told["rto_s"] < told["rto_limit_s"]
    assert run(["backup", "restore", "system", "--to", "other", *where]) == 2
