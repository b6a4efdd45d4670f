"""What was done with backups is on record, and gives the two figures of a recovery plan."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ops.backup.recording import recovery
from reports.period.evidence import read_record
from sre.running import run
from tests.support.backups import make_backup

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)


def record(what: str, took_s: float, verdict: str = "PASS") -> dict[str, Any]:
    return {"what": what, "took_s": took_s, "verdict": verdict}


def test_a_verified_backup_is_on_record_for_the_weekly_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))
    made = make_backup(tmp_path / "b", [{"_id": 1}], at=datetime.now(UTC))
    assert run(["backup", "verify", "--backup-dir", str(tmp_path / "b")]) == 0
    (path,) = (tmp_path / "runs/backup").glob("*.json")
    found = read_record("backup", json.loads(path.read_text()))
    assert found is not None
    assert found.verdict == "PASS"
    assert found.data["backup"] == made.name
    next(made.glob("*.bson.gz")).write_bytes(b"")
    assert run(["backup", "verify", "--backup-dir", str(tmp_path / "b")]) == 1
    verdicts = [json.loads(p.read_text())["verdict"] for p in (tmp_path / "runs/backup").iterdir()]
    assert sorted(verdicts) == ["FAIL", "PASS"]


def test_a_folder_with_another_name_is_not_the_backup_that_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))
    made = make_backup(tmp_path / "b", [{"_id": 1}])
    made.rename(made.with_name("20270101T000000Z-0000"))
    assert run(["backup", "verify", "--backup-dir", str(tmp_path / "b")]) == 1
    assert f"this is {made.name}" in " ".join(capsys.readouterr().out.split())


def test_what_could_be_lost_is_the_longest_gap_and_not_only_the_last() -> None:
    begun = [NOW - timedelta(hours=hours) for hours in (2, 26, 90)]
    found = recovery(begun, [record("restored", 9.0), record("restored", 30.0)], NOW)
    assert found.gap_s == 64 * 3600
    assert found.newest_age_s == 2 * 3600
    assert (found.back_s, found.back_by) == (30.0, "restores")


def test_what_failed_is_no_measure_and_a_trial_counts_until_something_was_restored() -> None:
    kept = [record("restored", 1.0, "FAIL"), record("tried", 5.0), record("verified", 2.0)]
    found = recovery([NOW], kept, NOW)
    assert (found.back_s, found.back_by, found.verify_s) == (5.0, "restores for trial", 2.0)
    assert recovery([NOW], [], NOW).back_s is None
    assert recovery([], [], NOW).gap_s is None
