"""Steps that others do for us: run to their end, or ended with all that they started."""

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Final

from kit.edge.children import signals_held

_CLEANS_UP_WITHIN_S: Final = 20.0


@contextmanager
def step(
    command: Sequence[str], *, environment: Mapping[str, str] | None = None
) -> Iterator[subprocess.Popen[str]]:
    """Run a command in a session of its own for the length of the block, its output in pipes.

    When the block ends first, everything in that session is asked to end, has time to clean up
    after itself, and is then made to.
    """
    with signals_held():
        child = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
            preexec_fn=_hold_nothing_back,  # noqa: PLW1509 called before any thread exists
        )
    with child:
        try:
            yield child
        finally:
            if child.poll() is None:
                _end_session(child)


def run_step(
    command: Sequence[str], *, limit_s: float, environment: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run a command to its end and return what it printed; never raises for its exit code.

    Raises subprocess.TimeoutExpired after `limit_s` seconds.
    """
    with step(command, environment=environment) as child:
        out, complaint = child.communicate(timeout=limit_s)
    return subprocess.CompletedProcess(command, child.returncode, out, complaint)


def _hold_nothing_back() -> None:
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


def _end_session(leader: subprocess.Popen[str]) -> None:
    for number in (signal.SIGTERM, signal.SIGKILL):
        with suppress(ProcessLookupError):
            os.killpg(leader.pid, number)
        with suppress(subprocess.TimeoutExpired):
            leader.wait(_CLEANS_UP_WITHIN_S)
