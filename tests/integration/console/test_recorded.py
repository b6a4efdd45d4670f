"""What the console reads of runs: each record once, whatever the others are."""

import json
import os
import shutil
import socket
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from console.edge import recorded
from console.edge.pages_alerts import scores_of
from console.edge.remembered import Remembered
from console.edge.running import Place, serving
from kit.pure.errors import BadInputError
from tests.compat.frozen import RELEASES
from tests.support.console_app import about_of


@pytest.fixture
def runs(tmp_path: Path) -> Path:
    shutil.copytree(RELEASES[0] / "runs", tmp_path, dirs_exist_ok=True)
    return tmp_path


def test_a_record_is_read_once_for_as_long_as_it_is_the_same(runs: Path) -> None:
    read: list[Path] = []

    def make(path: Path) -> recorded.Run | str:
        read.append(path)
        return recorded.run_of(path)

    about, known = about_of(runs), Remembered(make)
    before = recorded.listed(about, "load", 1, known)
    assert recorded.listed(about, "load", 1, known) == before
    assert len(read) == len(set(read)) == before.total
    path = read[-1]
    record = json.loads(path.read_text())
    record["verdict"] = "FAIL" if record["verdict"] == "PASS" else "PASS"
    path.write_text(json.dumps(record))
    os.utime(path, ns=(1, 1))
    after = recorded.listed(about, "load", 1, known)
    assert read.count(path) == 2
    assert sum(one != other for one, other in zip(before.rows, after.rows, strict=True)) == 1


def test_a_record_put_back_with_its_old_time_and_size_is_read_again(tmp_path: Path) -> None:
    known = Remembered(Path.read_text)
    path, other = tmp_path / "run.json", tmp_path / "other.json"
    path.write_text("PASS")
    assert known.of(path) == "PASS"
    other.write_text("FAIL")
    shutil.copystat(path, other)
    other.replace(path)
    assert known.of(path) == "FAIL"


@pytest.mark.parametrize("text", [b"[" * 200_000, b"{", b'"x"', b"{}", b"\xed\xa0\x80"])
def test_a_record_that_cannot_be_read_hides_no_other(runs: Path, text: bytes) -> None:
    about, known = about_of(runs), Remembered(recorded.run_of)
    before = recorded.listed(about, "load", 1, known)
    path = runs / "load" / "99999999T000000-odd.json"
    path.write_bytes(text)
    (runs / "load" / "99999999T000000-none.json").symlink_to(runs / "gone")
    (runs / "load" / "99999999T000000-loop.json").symlink_to("99999999T000000-loop.json")
    (runs / "load" / "99999999T000000-folder.json").mkdir()
    after = recorded.listed(about, "load", 1, known)
    assert after.rows == before.rows
    names = ("odd", "loop", "folder")
    assert all(name in told for name, told in zip(names, after.wrong, strict=True))


def test_each_kind_says_what_it_was_about_and_its_command(runs: Path) -> None:
    about, known = about_of(runs), Remembered(recorded.run_of)
    newest = [recorded.listed(about, kind, 1, known).rows[0] for kind in ("golden", "drill")]
    assert [one.command for one in newest] == ["sre golden run", "sre drill run redis-lost"]
    assert newest[0].what.endswith("right")


def test_who_is_told_the_address_can_connect_at_once(tmp_path: Path) -> None:
    with serving(about_of(tmp_path), Place("127.0.0.1", 0)) as opened:
        place = urlsplit(opened.url)
        socket.create_connection((place.hostname or "", place.port or 0)).close()


@pytest.mark.parametrize(
    "text",
    [
        "{", "3", "{}", "[" * 200_000, '{"schema": "calendar-sre/backtest/v1"}',
        '{"schema": "calendar-sre/backtest/v1", "total": {"precision": "<b>"}}',
        '{"schema": "calendar-sre/backtest/v1", "total": {"precision": 1, "recall": 1}}',
    ],
)  # fmt: skip
def test_what_is_no_backtest_is_said_to_be_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "backtest").mkdir()
    (tmp_path / "backtest" / "odd.json").write_text(text)
    with pytest.raises(BadInputError, match=r"backtest/odd\.json"):
        scores_of(about_of(tmp_path))
