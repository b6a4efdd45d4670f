"""Tests call promtool as a program, wherever the notes of the run lie and whatever they inherit."""

import os
import subprocess
from pathlib import Path

import pytest

from kit.edge.containers.session import FOLDER
from tests.support.image_tools import put_on_path


@pytest.mark.thorough
@pytest.mark.usefixtures("engine")
def test_a_tool_runs_from_a_folder_with_blanks_and_in_an_environment_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    notes = tmp_path / "notes of the run"
    notes.mkdir()
    monkeypatch.setenv(FOLDER, str(notes))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    put_on_path()
    bare = {"PATH": os.environ["PATH"]}
    done = subprocess.run(
        ["promtool", "--version"], env=bare, check=False, capture_output=True, text=True
    )
    assert "promtool, version" in done.stdout + done.stderr, done.stderr
