"""What a deploy notes about who does it, from where."""

from pathlib import Path

import pytest

from alerts.edge.deploy_request import request
from tests.support.calendar_alerts import CALENDAR


def test_without_git_the_commit_is_unknown(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert request(CALENDAR, {}).commit == "unknown"
