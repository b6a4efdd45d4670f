"""The command as a process, to be killed at a moment."""

import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.support.waiting import HANGS_S
from tests.support.warm import sre_begun

SRE = str(Path(sys.executable).parent / "sre")
MOMENTS = int(os.environ.get("SRE_TEST_KILLS", "50"))
"""At so many moments each command is killed."""


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


def killed_at_moments(*words: str) -> Iterator[int]:
    """Run the command again and again, killed at moments spread over the time that it takes.

    Yields the number of each run when it has ended. Each takes the words anew, so that they may
    name what the caller made since. At least half must have been killed, else nothing is proved.
    """
    usual_s, killed, chance = 0.0, 0, random.Random(22)
    for number in range(MOMENTS + 1):
        began_s = time.monotonic()
        process = sre_begun(words, folder=Path.cwd(), environment=dict(os.environ))
        if number == 0:  # to its end, to know how long that is
            process.join(HANGS_S)
            assert process.exitcode == 0, words
        else:
            process.join(usual_s * (number - chance.random()) / MOMENTS)
            process.kill()
            process.join(HANGS_S)
        if process.exitcode == -signal.SIGKILL:
            killed += 1
        elif process.exitcode == 0:  # as busy as the machine is now
            usual_s = time.monotonic() - began_s
        yield number
    assert killed >= MOMENTS / 2, f"{killed} of {MOMENTS} were still at work"
