"""Whatever is killed in the middle leaves the store, and the folder of backups, whole."""

import os
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ops.backup.checking import check
from ops.backup.folder import State, choose, entries
from ops.backup.progress import nobody
from ops.backup.store import store_at, upload
from sre.running import run
from tests.support.backups import make_backup
from tests.support.databases_seen import everything_in
from tests.support.killing import killed_at_moments
from tests.support.wanted import command_from_debian

pytestmark = [pytest.mark.thorough, pytest.mark.long, pytest.mark.timeout(7200)]  # hanging only
NOW = datetime(2026, 3, 2, tzinfo=UTC)
DOCUMENTS = [{"_id": n, "text": "x" * (n % 977)} for n in range(3000)]
NAMES = [f"c{n}" for n in range(8)]


@pytest.fixture(params=["folder", "restic"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "restic":
        command_from_debian("restic")
    (tmp_path / "key").write_text("a key\n")
    monkeypatch.setenv("RESTIC_PASSWORD_FILE", str(tmp_path / "key"))
    return f"{'folder:' if request.param == 'folder' else ''}{tmp_path}/store"


@pytest.fixture(autouse=True)
def _own_records(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))


def whole_ones(root: Path) -> list[str]:
    """Return the names of those that are listed as good, each read to its end."""
    good = [entry for entry in entries(root) if entry.state is State.OK]
    assert all(check(entry, nobody).is_whole for entry in good)
    return [entry.name for entry in good]


def test_a_killed_backup_never_looks_whole_and_never_costs_an_older_one(
    database: Any, backups: str
) -> None:
    database["events"].insert_many({"_id": n, "x": "y" * 500} for n in range(4000))
    words = ("backup", "create", "--backup-dir", backups, "--keep", "2")
    for _ in killed_at_moments(*words):
        assert whole_ones(Path(backups))
    assert run([*words]) == 0
    assert len(whole_ones(Path(backups))) == 2
    assert not list(Path(backups).glob("*.partial"))


def test_a_killed_look_at_a_backup_changes_nothing_and_leaves_no_half_record(
    tmp_path: Path,
) -> None:
    made = make_backup(tmp_path / "backups", DOCUMENTS, at=NOW)
    before = {path: path.read_bytes() for path in made.iterdir()}
    words = ("backup", "verify", "--backup-dir", str(tmp_path / "backups"))
    for _ in killed_at_moments(*words):
        assert {path: path.read_bytes() for path in made.iterdir()} == before
        assert [each.name for each in (tmp_path / "backups").iterdir()] == [made.name]
        assert run(["backup", "report", "--backup-dir", str(tmp_path / "backups")]) in {0, 1, 5}
    assert run([*words]) == 0


def test_a_killed_restore_leaves_the_old_data_or_the_new(database: Any, backups: str) -> None:
    for name in NAMES:
        database[name].create_index("n")
        database[name].insert_many({"_id": n, "n": n} for n in range(100))
    new = everything_in(database)
    assert run(["backup", "create", "--backup-dir", backups]) == 0

    def changed() -> None:
        for name in NAMES:
            database[name].update_many({}, {"$set": {"old": True}})
            database[name].delete_one({"_id": 7})

    changed()
    old = everything_in(database)
    words = ("backup", "restore", "--backup-dir", backups, "--replace")
    for _ in killed_at_moments(*words):
        assert run(["backup", "restore", "--recover"]) == 0
        found = everything_in(database)
        assert found in (old, new)
        if found == new:
            changed()
    assert run([*words]) == 0
    assert everything_in(database) == new


def test_a_killed_upload_leaves_what_was_there_and_the_next_one_works(
    place: str, tmp_path: Path
) -> None:
    root = tmp_path / "backups"
    first = make_backup(root, DOCUMENTS, at=NOW)
    upload(store_at(place, os.environ), choose(root, first.name, "all"), (), None, nobody)
    made = make_backup(root, DOCUMENTS[1:], at=NOW + timedelta(hours=1))
    words = ("backup", "upload", "--backup-dir", str(root), "--store", place)
    for number in killed_at_moments(*words):
        names = store_at(place, os.environ).names()
        assert first.name in names
        if made.name in names:  # it had just ended: then it is whole
            assert run(["backup", "audit", "--store", place]) == 0
        made = make_backup(root, DOCUMENTS[number:], at=NOW + timedelta(hours=number + 2))
    assert run([*words]) == 0
    assert run(["backup", "audit", "--store", place]) == 0
    shutil.rmtree(root)
    assert run(["backup", "fetch", "--backup-dir", str(root), "--store", place]) == 0


def test_a_killed_fetch_gives_nothing_its_name_that_is_not_whole(
    place: str, tmp_path: Path
) -> None:
    root, here = tmp_path / "backups", tmp_path / "here"
    made = make_backup(root, DOCUMENTS, at=NOW)
    upload(store_at(place, os.environ), choose(root, made.name, "all"), (), None, nobody)
    here.mkdir()
    words = ("backup", "fetch", "--backup-dir", str(here), "--store", place)
    for _ in killed_at_moments(*words):
        for name in whole_ones(here):
            shutil.rmtree(here / name)
    assert run([*words]) == 0
    assert whole_ones(here) == [made.name]


def test_a_killed_removal_never_takes_the_newest_and_is_finished_by_the_next(
    place: str, tmp_path: Path
) -> None:
    root = tmp_path / "backups"
    store = store_at(place, os.environ)
    for number in range(3):
        made = make_backup(root, DOCUMENTS, at=NOW + timedelta(hours=number))
        upload(store, choose(root, made.name, "all"), (), None, nobody)
    made = make_backup(root, DOCUMENTS, at=NOW + timedelta(hours=3))
    words = ("backup", "upload", "--backup-dir", str(root), "--store", place, "--keep", "2")
    for number in killed_at_moments(*words):
        assert store.names(), number
        made = make_backup(root, DOCUMENTS, at=NOW + timedelta(hours=number + 4))
    assert run([*words]) == 0
    assert store.names()[0] == made.name
    assert len(store.names()) == 2
    assert run(["backup", "audit", "--store", place]) == 0
