"""The command as a process, to be killed at a moment."""

import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from tests.support.waiting import HANGS_S

SRE = str(Path(sys.executable).parent / "sre")


def sre_process(*words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [SRE, *words], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=dict(os.environ)
    )


def killed_when(when: Callable[[], object], after_s: float, *words: str) -> int:
    """Run the command, kill it so long after it got somewhere, and return its exit code."""
    process = sre_process(*words)
    deadline = time.monotonic() + HANGS_S
    while process.poll() is None and not when() and time.monotonic() < deadline:
        time.sleep(0.002)
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(after_s)
    process.kill()
    process.communicate(timeout=HANGS_S)
    return process.returncode
