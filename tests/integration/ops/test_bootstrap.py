"""Set-up can be ended at any moment and says what is missing."""

import os
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.waiting import HANGS_S

BOOTSTRAP = Path(__file__).resolve().parents[3] / "kit" / "bootstrap.py"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "kit").mkdir()
    shutil.copy(BOOTSTRAP, tmp_path / "kit")
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\nversion = '1'\n")
    (tmp_path / "requirements.lock").write_text("no-such-package-at-all==1.0\n")
    return tmp_path


def test_setup_ends_at_once_when_stopped_and_takes_its_child_along(project: Path) -> None:
    command = [sys.executable, str(project / "kit" / "bootstrap.py")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as setup:
        assert setup.stdout is not None
        assert "creating .venv" in setup.stdout.readline()
        setup.send_signal(signal.SIGTERM)
        assert setup.wait(HANGS_S) == 143
    assert not (project / ".venv" / "tmp").exists()
    assert not (project / ".venv" / ".complete").exists()


@pytest.mark.thorough
def test_setup_that_cannot_install_says_so_and_is_not_taken_for_complete(project: Path) -> None:
    command = [sys.executable, str(project / "kit" / "bootstrap.py")]
    quick = {**os.environ, "PIP_NO_INDEX": "1", "PIP_FIND_LINKS": ""}
    setup = subprocess.run(command, capture_output=True, text=True, env=quick, check=False)
    assert setup.returncode == 3
    assert "installing the pinned dependencies" in setup.stderr
    assert not (project / ".venv" / ".complete").exists()
