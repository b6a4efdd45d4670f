"""What `sre backup list` and `verify` say of backups on a disk, and with which exit code."""

import json
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from ops.backup.servers import Server
from sre.running import run
from tests.support.backups import make_backup


def test_backups_are_listed_newest_first_with_their_states(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    ages = [timedelta(hours=hours) for hours in (1, 3, 5)]
    new, lost, old = (make_backup(tmp_path, [{"_id": 1}], at=now - age) for age in ages)
    (lost / "mongodb-001-events.bson.gz").unlink()
    (tmp_path / "20200101T000000Z-0000.partial").mkdir()
    (tmp_path / "another folder").mkdir()
    assert run(["backup", "list", "--json", "--backup-dir", str(tmp_path)]) == 0
    shown = json.loads(capsys.readouterr().out)
    states = [(each["name"], each["state"]) for each in shown["backups"]]
    assert states == [
        (new.name, "ok"),
        (lost.name, "damaged"),
        (old.name, "ok"),
        ("20200101T000000Z-0000.partial", "unfinished"),
    ]
    assert shown["is_stale"] is False
    assert 3500 < shown["backups"][0]["age_s"] < 3700


def test_a_backup_that_is_too_old_is_warned_of_and_fails_only_when_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_backup(tmp_path, [], at=datetime.now(UTC) - timedelta(hours=27))
    assert run(["backup", "list", "--backup-dir", str(tmp_path)]) == 0
    assert "27 h old" in capsys.readouterr().err
    assert run(["backup", "list", "--backup-dir", str(tmp_path), "--max-age-hours", "26"]) == 1
    assert run(["backup", "list", "--backup-dir", str(tmp_path), "--max-age-hours", "28"]) == 0


def test_damage_inside_a_file_of_the_right_size_shows_when_backups_are_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    made = make_backup(tmp_path, [{"_id": 1}], at=datetime.now(UTC))
    file = made / "mongodb-001-events.bson.gz"
    content = bytearray(file.read_bytes())
    content[-1] ^= 1
    file.write_bytes(content)
    assert run(["backup", "list", "--backup-dir", str(tmp_path)]) == 0
    assert "damaged" not in capsys.readouterr().out
    assert run(["backup", "list", "--verify", "--backup-dir", str(tmp_path)]) == 5
    assert "damaged" in capsys.readouterr().out
    assert run(["backup", "verify", "--json", "--backup-dir", str(tmp_path)]) == 1
    (shown,) = json.loads(capsys.readouterr().out)["backups"]
    assert shown["damage"] == [
        {
            "file": file.name,
            "at_byte": 0,
            "problem": "its bytes have changed (SHA-256 differs)",
            "documents": 1,
            "intact_documents": 0,
        }
    ]


def test_every_backup_can_be_verified_at_once(tmp_path: Path) -> None:
    first = make_backup(tmp_path, [{"_id": 1}])
    make_backup(tmp_path, [{"_id": 1}], at=datetime.now(UTC))
    words = ["backup", "verify", "--every", "--backup-dir", str(tmp_path)]
    assert run(words) == 0
    (first / "manifest.sha256").write_text("0")
    assert run(words) == 1
    assert run(["backup", "verify", "--backup-dir", str(tmp_path)]) == 0  # the newest
    assert run(["backup", "verify", "--backup-dir", str(first)]) == 1  # a backup itself
    shutil.rmtree(first)
    assert run(words) == 0


def test_what_is_not_there_is_reported(tmp_path: Path) -> None:
    assert run(["backup", "list", "--backup-dir", str(tmp_path / "no")]) == 2
    assert run(["backup", "list", "--backup-dir", str(tmp_path)]) == 5
    assert run(["backup", "verify", "--backup-dir", str(tmp_path)]) == 2
    assert run(["backup", "restore", "--backup-dir", str(tmp_path)]) == 2
    assert run(["backup", "create", "nothing"]) == 2
    make_backup(tmp_path, [])
    assert run(["backup", "verify", "--backup-dir", str(tmp_path), "--backup", "x"]) == 2
    assert run(["backup", "verify", "redis", "--backup-dir", str(tmp_path)]) == 2
    assert run(["backup", "create", "--mongodb-url", "http://host"]) == 2


@pytest.mark.parametrize(
    ("url", "database"),
    [
        ("mongodb://user:p%40ss@a:1,b:2/mine?replicaSet=r", "mine"),
        ("mongodb://a", "calendar"),
        ("mongodb://a/my%2Ddata", "my-data"),
        ("mongodb://a/?directConnection=true", "calendar"),
        ("mongodb+srv://user:pass@cluster.example/db", "db"),
    ],
)
def test_the_database_is_the_one_of_the_url(url: str, database: str) -> None:
    assert Server(url).database_name == database
    assert Server(url, "other").database_name == "other"
