"""What a deploy notes about who does it, from where."""

from dataclasses import replace
from pathlib import Path

import pytest

from alerts.edge.deploy_request import request
from tests.support.calendar_alerts import CALENDAR


def test_without_git_the_commit_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert request(CALENDAR, {}).commit == "unknown"


def test_the_commit_is_of_the_project_and_not_of_the_program(tmp_path: Path) -> None:
    elsewhere = replace(CALENDAR, source=str(tmp_path / "sre.toml"))
    assert request(elsewhere, {}).commit == "unknown"
