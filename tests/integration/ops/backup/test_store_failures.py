"""What a store does while it goes away, is full or was spoilt: nothing that was kept is lost."""

import os
import random
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ops.backup.folder import State, choose, entries
from ops.backup.progress import nobody
from ops.backup.store import store_at, upload
from sre.running import run
from tests.support.backups import make_backup
from tests.support.killing import SRE
from tests.support.waiting import HANGS_S
from tests.support.wanted import command_from_debian
from tests.support.warm import sre_begun

pytestmark = [pytest.mark.thorough, pytest.mark.timeout(3600)]  # against hanging only
NOW = datetime(2026, 3, 2, tzinfo=UTC)
TIMES = 10
SPOILT = int(os.environ.get("SRE_TEST_SPOILT", "40"))


@pytest.fixture(params=["folder", "restic"])
def place(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param == "restic":
        command_from_debian("restic")
    (tmp_path / "key").write_text("a key\n")
    monkeypatch.setenv("RESTIC_PASSWORD_FILE", str(tmp_path / "key"))
    return f"{'folder:' if request.param == 'folder' else ''}{tmp_path}/store"


def kept(place: str, root: Path, *, at: datetime = NOW) -> Path:
    documents = [{"_id": n, "x": random.Random(n).randbytes(300)} for n in range(3000)]
    made = make_backup(root, documents, at=at, block_bytes=100_000)
    upload(store_at(place, os.environ), choose(root, made.name, "all"), (), None, nobody)
    return made


def at_work(store: Path) -> bool:
    """Say whether somebody has begun to write there."""
    return any(store.glob("*.partial")) or any((store / "locks").glob("*"))


def test_a_store_that_is_unmounted_in_the_middle_loses_nothing_and_is_told(
    place: str, tmp_path: Path
) -> None:
    root, store, away = tmp_path / "backups", tmp_path / "store", tmp_path / "unmounted"
    first, told = kept(place, root), 0
    words = ("backup", "upload", "--backup-dir", str(root), "--store", place)
    for number in range(TIMES):
        documents = [{"_id": n, "x": os.urandom(9000)} for n in range(1000)]
        make_backup(root, documents, at=NOW + timedelta(hours=number + 1))
        process = sre_begun(words, folder=Path.cwd(), environment=dict(os.environ))
        while process.exitcode is None and not at_work(store):
            process.join(0.001)
        process.join(0.005 * number)
        store.rename(away)
        process.join(HANGS_S)
        assert process.exitcode in {0, 3}
        told += process.exitcode == 3
        shutil.rmtree(store, ignore_errors=True)  # what was begun on the disk below the mount
        away.rename(store)
        assert first.name in store_at(place, os.environ).names()
    assert told
    assert run([*words]) == 0
    assert run(["backup", "audit", "--store", place]) == 0


def test_a_store_that_is_full_is_told_and_keeps_what_it_has(place: str, tmp_path: Path) -> None:
    root = tmp_path / "backups"
    first = kept(place, root)
    documents = [{"_id": n, "x": os.urandom(900)} for n in range(3000)]
    made = make_backup(root, documents, at=NOW + timedelta(hours=1), block_bytes=1_000_000)
    limited = f"ulimit -f 500; exec {SRE} backup upload --backup-dir {root} --store {place}"
    done = subprocess.run(["bash", "-c", limited], capture_output=True, text=True, check=False)
    assert done.returncode == 3, done.stderr
    assert store_at(place, os.environ).names() == [first.name]
    assert run(["backup", "audit", "--store", place]) == 0
    words = ["backup", "upload", "--backup-dir", str(root), "--store", place]
    assert run(words) == 0  # somebody made room
    assert store_at(place, os.environ).names() == [made.name, first.name]


def test_a_disk_here_that_is_full_is_told_by_its_file_and_nothing_gets_a_name(
    place: str, tmp_path: Path
) -> None:
    made, here = kept(place, tmp_path / "backups"), tmp_path / "here"
    words = f"backup fetch --backup-dir {here} --store {place}"
    done = subprocess.run(
        ["bash", "-c", f"ulimit -f 100; exec {SRE} {words}"],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "too large" in done.stderr
    assert done.stderr.count(f"{here}/") == 1
    assert "make room" in done.stderr or "no file may be so large" in done.stderr
    assert list(here.iterdir()) == []
    assert run(words.split()) == 0
    assert [each.name for each in here.iterdir()] == [made.name]


def test_a_store_that_is_not_there_is_no_store_without_damage(place: str, tmp_path: Path) -> None:
    kept(place, tmp_path / "backups")
    shutil.rmtree(tmp_path / "store")
    assert run(["backup", "audit", "--store", place]) == 3


def test_no_random_damage_of_a_store_gives_a_backup_that_is_not_the_one_that_was_kept(
    place: str, tmp_path: Path
) -> None:
    root, store, here = tmp_path / "backups", tmp_path / "store", tmp_path / "here"
    made = kept(place, root)
    content = {path.name: path.read_bytes() for path in made.iterdir()}
    shutil.copytree(store, tmp_path / "whole")
    chance, found = random.Random(22), 0
    for _ in range(SPOILT):
        shutil.rmtree(store)
        shutil.copytree(tmp_path / "whole", store)
        files = sorted(path for path in store.rglob("*") if path.is_file())
        path = chance.choice(files)
        raw = bytearray(path.read_bytes())
        raw[chance.randrange(len(raw))] ^= 1 << chance.randrange(8)
        path.chmod(0o600)
        path.write_bytes(raw if chance.random() < 0.7 else raw[: chance.randrange(len(raw))])
        found += run(["backup", "audit", "--store", place]) != 0
        shutil.rmtree(here, ignore_errors=True)
        code = run(["backup", "fetch", "--backup-dir", str(here), "--store", place])
        good = [e for e in entries(here) if e.state is State.OK] if here.is_dir() else []
        assert (code == 0) == bool(good)
        for entry in good:
            assert {one.name: one.read_bytes() for one in entry.path.iterdir()} == content
    assert found == SPOILT
