"""A verb that has looked at nothing does not exit with 0."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from sre.running import run
from tests.support.backups import make_backup

DASHBOARD = {
    "uid": "x", "title": "X", "description": "d", "schemaVersion": 39, "panels": [], "tags": [],
    "editable": False, "refresh": "1m", "time": {"from": "now-6h", "to": "now"},
    "templating": {
        "list": [{"name": "datasource", "type": "datasource", "query": "prometheus",
                  "label": "Data source", "current": {"text": "default", "value": "default"}}]
    },
}  # fmt: skip


def exit_code(*words: str) -> int:
    return run(list(words))


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("alerts", "test", "FOLDER"), 2),
        (("alerts", "backtest", "FOLDER"), 2),
        (("dashboards", "check", "FOLDER"), 2),
        (("slo", "validate", "FOLDER"), 2),
        (("golden", "check", "--cases", "FOLDER"), 2),
        (("golden", "run", "--in-process", "--cases", "FOLDER"), 2),
        (("backup", "verify", "--every", "--backup-dir", "FOLDER"), 5),
        (("backup", "list", "--backup-dir", "FOLDER"), 5),
        (("maintain", "logs", "--logs", "FOLDER"), 5),
        (("check", "logs", "--logs", "FOLDER"), 5),
        (("check", "suspicious-ips", "--logs", "FOLDER"), 5),
        (("report", "run"), 5),
        (("report", "weekly"), 5),
        (("report", "capacity"), 5),
        (("slo", "budget", "availability", "--bad", "0", "--total", "0"), 5),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else None,
)
def test_nothing_to_look_at_is_no_success(
    words: tuple[str, ...], code: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SRE_RUNS_DIR", str(tmp_path / "runs"))
    empty = tmp_path / "empty"
    empty.mkdir()
    assert exit_code(*(str(empty) if word == "FOLDER" else word for word in words)) == code


def test_a_dashboard_without_panels_was_not_checked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "x.json"
    path.write_text(json.dumps(DASHBOARD))
    (tmp_path / ".lint").write_text("")
    code = exit_code("dashboards", "check", str(path), "--json")
    told = capsys.readouterr()
    assert "no panel was checked" in json.loads(told.out)["error"]["message"]
    assert code == 5
    assert "no panel was checked" in told.err


def test_a_file_of_no_rules_is_no_checked_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for number, text in enumerate(("", "{}", "groups: []", "groups: [{name: a, rules: []}]")):
        path = tmp_path / f"{number}.yaml"
        path.write_text(text)
        assert exit_code("alerts", "check", str(path)) == 2
        assert "is no rule file" in capsys.readouterr().out


def test_a_backup_that_holds_no_data_was_not_verified(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    make_backup(tmp_path, [], mongodb=False)
    assert exit_code("backup", "verify", "--backup-dir", str(tmp_path)) == 5
    assert "holds no data" in capsys.readouterr().err
    make_backup(tmp_path, [{"_id": 1}], at=datetime(2026, 2, 1, tzinfo=UTC))
    assert exit_code("backup", "verify", "--backup-dir", str(tmp_path)) == 0
