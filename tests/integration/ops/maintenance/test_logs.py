"""Whatever becomes of the archive, no log is removed that is not whole in it."""

import io
import json
import os
import random
import resource
import signal
import subprocess
import sys
import tarfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from ops.maintenance import logs
from sre.running import run
from tests.support.killing import killed_when

SRE = str(Path(sys.executable).parent / "sre")
LONG_AGO_S = 1_600_000_000


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Give a folder with two old logs and one that is written at present."""
    place = tmp_path / "logs"
    place.mkdir()
    (place / "calendar-api.log").write_text('{"event": "started"}\n')
    for day in (1, 2):
        old = place / f"calendar-api.2020010{day}T000000Z.log.gz"
        old.write_bytes(random.Random(day).randbytes(300_000))
        os.utime(old, (LONG_AGO_S, LONG_AGO_S))
    return place


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def words(folder: Path, archive: Path) -> list[str]:
    return ["maintain", "logs", "--logs", str(folder), "--archive-dir", str(archive), "--apply"]


def test_what_is_whole_in_the_archive_is_removed(folder: Path, tmp_path: Path) -> None:
    before = contents(folder)
    assert run(words(folder, tmp_path / "archive")) == 0
    assert list(contents(folder)) == ["calendar-api.log"]
    (archive,) = (tmp_path / "archive").iterdir()
    with tarfile.open(archive) as tar:
        found = {m.name: tar.extractfile(m).read() for m in tar}  # type: ignore[union-attr]
    assert found == {f"logs/{name}": content for name, content in before.items()}


def test_nothing_is_removed_where_nothing_can_be_archived(
    folder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    before = contents(folder)
    (tmp_path / "file").write_text("")
    assert run([*words(folder, tmp_path / "file" / "archive"), "--json"]) == 1
    shown = json.loads(capsys.readouterr().out)["steps"]
    assert [step["outcome"] for step in shown] == ["FAILED"] * 3
    assert "it stays" in shown[1]["detail"]
    assert contents(folder) == before


@pytest.mark.thorough
def test_nothing_is_removed_when_the_disk_is_full(folder: Path, tmp_path: Path) -> None:
    before, archive = contents(folder), tmp_path / "archive"
    limit = partial(resource.setrlimit, resource.RLIMIT_FSIZE, (400_000, 400_000))
    done = subprocess.run(
        [SRE, *words(folder, archive)], capture_output=True, text=True, check=False,
        preexec_fn=limit,
    )  # fmt: skip
    assert done.returncode == 3, done.stderr
    assert "File too large" in done.stdout
    assert contents(folder) == before
    assert list(archive.iterdir()) == []


@pytest.mark.thorough
def test_nothing_is_removed_when_it_is_killed_while_it_archives(
    folder: Path, tmp_path: Path
) -> None:
    (folder / "calendar-api.log").write_bytes(b'{"event": "request"}\n' * 4_000_000)
    before, archive = contents(folder), tmp_path / "archive"
    started: Callable[[], bool] = lambda: bool([*archive.glob(".*.partial")])  # noqa: E731
    code = killed_when(started, 0, *words(folder, archive), "--over", "1000")
    assert code == -signal.SIGKILL
    assert contents(folder) == before
    assert [*archive.glob("logs-*")] == []


@pytest.mark.parametrize("damage", ["cut", "flipped", "flipped at its end", "other content"])
def test_nothing_is_removed_for_an_archive_that_does_not_read_back(
    damage: str, folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, read_back = contents(folder), logs._read_back

    def damaged(place: Path) -> Any:
        spoil(place, damage)
        return read_back(place)

    monkeypatch.setattr(logs, "_read_back", damaged)
    assert run(words(folder, tmp_path / "archive")) == 1
    assert contents(folder) == before
    assert list((tmp_path / "archive").iterdir()) == []


def spoil(place: Path, damage: str) -> None:
    content = bytearray(place.read_bytes())
    if damage == "cut":
        del content[len(content) // 2 :]
    elif damage == "flipped":
        content[len(content) // 2] ^= 1
    elif damage == "flipped at its end":  # no file's content is hurt: only the checksum of all
        content[-6] ^= 1
    else:
        content = bytearray(with_another_file(place))
    place.write_bytes(content)


def with_another_file(place: Path) -> bytes:
    """Return an archive with the same names and sizes, and other bytes in one of them."""
    with tarfile.open(place) as tar:
        files = [(member, content_of(tar, member)) for member in tar.getmembers()]
    victim = min(member.name for member, _ in files if member.name.endswith(".gz"))
    with tarfile.open(place, "w:gz") as tar:
        for member, content in files:
            spoilt = bytes(len(content)) if member.name == victim else content
            tar.addfile(member, io.BytesIO(spoilt))
    return place.read_bytes()


def content_of(tar: tarfile.TarFile, member: tarfile.TarInfo) -> bytes:
    found = tar.extractfile(member)
    assert found is not None
    return found.read()


def test_an_archive_of_the_same_second_is_never_written_over(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    archive = tmp_path / "archive"
    monkeypatch.setattr(logs, "STAMP", "now")
    assert run(words(folder, archive)) == 0
    first = (archive / "logs-now.tar.gz").read_bytes()
    assert run(words(folder, archive)) == 0
    assert (archive / "logs-now.tar.gz").read_bytes() == first
    assert (archive / "logs-now-1.tar.gz").exists()
