"""Whoever gives up the tests of rules waits for no promtool, and leaves none at work."""

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.waiting import HANGS_S, wait_for

ENDLESS = '#!/bin/sh\necho $$ > "$0.pid"\nexec sleep 100000\n'


@pytest.mark.parametrize("how", [[], ["--mutate"], ["--bless"]])
def test_a_signal_ends_the_tests_and_each_promtool_at_once(tmp_path: Path, how: list[str]) -> None:
    tool, noted = tmp_path / "promtool", tmp_path / "promtool.pid"
    tool.write_text(ENDLESS)
    tool.chmod(0o755)
    testing = subprocess.Popen(
        [sys.executable, "-m", "sre", "alerts", "test", "--only", "ServiceDown", *how],
        env={**os.environ, "PATH": f"{tmp_path}:{os.environ['PATH']}", "TMPDIR": str(tmp_path)},
    )
    wait_for(
        lambda: noted.is_file() and noted.read_text().strip(), what="promtool works", within_s=30
    )
    testing.send_signal(signal.SIGTERM)
    assert testing.wait(HANGS_S) == 128 + signal.SIGTERM
    assert not Path(f"/proc/{noted.read_text().strip()}").exists()
    assert list(tmp_path.glob("sre-*")) == []
