"""Whatever is killed in the middle leaves the store, and the folder of backups, whole."""

import itertools
import os
import random
import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ops.backup.checking import check
from ops.backup.folder import State, choose, entries
from ops.backup.progress import nobody
from ops.backup.store import store_at, upload
from sre.running import run
from tests.support.backups import make_backup
from tests.support.killing import killed_when
from tests.support.wanted import command_from_debian

pytestmark = pytest.mark.thorough
MOMENTS = int(os.environ.get("SRE_TEST_KILLS", "50"))
NOW = datetime(2026, 3, 2, tzinfo=UTC)
DOCUMENTS = [{"_id": n, "text": "x" * (n % 977)} for n in range(3000)]


@pytest.fixture(params=["folder", "restic"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "restic":
        command_from_debian("restic")
    (tmp_path / "key").write_text("a key\n")
    monkeypatch.setenv("RESTIC_PASSWORD_FILE", str(tmp_path / "key"))
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))
    return f"{'folder:' if request.param == 'folder' else ''}{tmp_path}/store"


def moments() -> Callable[[], float]:
    """Return what gives moments at which to kill: spread over a command's usual time."""
    clock, rng = itertools.count(), random.Random(22)
    return lambda: (next(clock) % 10) * 0.12 + rng.random() * 0.12


def test_a_killed_upload_leaves_what_was_there_and_the_next_one_works(
    place: str, tmp_path: Path
) -> None:
    root = tmp_path / "backups"
    first = make_backup(root, DOCUMENTS, at=NOW)
    upload(store_at(place, os.environ), choose(root, first.name, "all"), (), None, nobody)
    after = moments()
    for number in range(MOMENTS):
        made = make_backup(root, DOCUMENTS[number:], at=NOW + timedelta(hours=number + 1))
        words = ("backup", "upload", "--backup-dir", str(root), "--store", place)
        killed_when(lambda: True, after(), *words)
        names = store_at(place, os.environ).names()
        assert first.name in names
        if made.name in names:  # it had just ended: then it is whole
            assert run(["backup", "audit", "--store", place]) == 0
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
    after = moments()
    for _ in range(MOMENTS):
        killed_when(lambda: True, after(), *words)
        for entry in entries(here):
            if entry.state is State.OK:
                assert check(entry, nobody).is_whole
                shutil.rmtree(entry.path)
    assert run([*words]) == 0
    (entry,) = [each for each in entries(here) if each.state is State.OK]
    assert check(entry, nobody).is_whole


def test_a_killed_removal_never_takes_the_newest_and_is_finished_by_the_next(
    place: str, tmp_path: Path
) -> None:
    root = tmp_path / "backups"
    store = store_at(place, os.environ)
    for number in range(3):
        made = make_backup(root, DOCUMENTS, at=NOW + timedelta(hours=number))
        upload(store, choose(root, made.name, "all"), (), None, nobody)
    after = moments()
    for number in range(MOMENTS):
        made = make_backup(root, DOCUMENTS, at=NOW + timedelta(hours=number + 3))
        words = ("backup", "upload", "--backup-dir", str(root), "--store", place, "--keep", "2")
        killed_when(lambda: True, after(), *words)
        assert store.names(), number
    assert run([*words]) == 0
    assert store.names()[0] == made.name
    assert len(store.names()) == 2
    assert run(["backup", "audit", "--store", place]) == 0
