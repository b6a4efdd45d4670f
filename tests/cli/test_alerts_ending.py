"""A backtest that is ended leaves nothing behind."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.support.waiting import HANGS_S


@pytest.mark.thorough
def test_a_backtest_that_is_ended_leaves_no_folder_and_ends_at_once(tmp_path: Path) -> None:
    code = "import sys; from sre.main import main; sys.argv[1:] = ['alerts', 'backtest']; main()"
    process = subprocess.Popen(
        [sys.executable, "-c", code],
        env={**os.environ, "TMPDIR": str(tmp_path)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    deadline = time.monotonic() + HANGS_S
    while not list(tmp_path.glob("sre-backtest-*/*.yml")):
        assert process.poll() is None
        assert time.monotonic() < deadline
        time.sleep(0.02)
    process.send_signal(signal.SIGTERM)
    _, said = process.communicate(timeout=HANGS_S)
    assert process.returncode == 128 + signal.SIGTERM
    assert "Traceback" not in said
    assert list(tmp_path.iterdir()) == []
