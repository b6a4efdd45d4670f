"""Child processes that never outlive us, and signals that never cut a clean-up short."""

import contextlib
import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from types import FrameType
from typing import Final, NoReturn

from kit.edge.ending import die_with_parent
from kit.pure.errors import UnreachableError

_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_GRACE_S: Final = 5.0


def heeded(numbers: Sequence[signal.Signals]) -> list[signal.Signals]:
    """Return those of some signals that are to end us: not a hang-up that `nohup` ignores."""
    return [
        number
        for number in numbers
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN
    ]


class Ending:
    """Notes the first ending signal and raises KeyboardInterrupt, so that `with` blocks clean up.

    Further signals are ignored from then on: an impatient second Ctrl-C leaves nothing behind.
    """

    def __init__(self) -> None:
        self.signal: int | None = None
        for number in heeded(_ENDING):
            signal.signal(number, self._end)

    @property
    def exit_code(self) -> int | None:
        """Return 128 plus the signal's number, as shells do; None when no signal came."""
        return None if self.signal is None else 128 + self.signal

    def _end(self, number: int, _frame: FrameType | None) -> NoReturn:
        for other in _ENDING:
            signal.signal(other, signal.SIG_IGN)
        self.signal = number
        raise KeyboardInterrupt


@contextlib.contextmanager
def signals_held() -> Iterator[None]:
    """Hold ending signals back while something is acquired and its clean-up registered."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, _ENDING)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


class Child:
    """A running process whose output goes to a file and whose end is ours to bring about."""

    def __init__(self, process: subprocess.Popen[bytes], name: str, log: Path) -> None:
        self.process, self.name, self.log = process, name, log

    def wait_for_line(self, pattern: str, *, timeout_s: float) -> re.Match[str]:
        """Wait until the child has printed a line that `pattern` finds, and return the match.

        Raises UnreachableError with the child's own last words when it ends or takes too long.
        """
        deadline = time.monotonic() + timeout_s
        while time.monotonic() < deadline:
            ended = self.process.poll() is not None
            found = re.search(pattern, self.log.read_text(errors="replace"))
            if found:
                return found
            if ended:
                raise self._silent(f"ended with exit code {self.process.returncode} while starting")
            time.sleep(0.02)
        raise self._silent(f"did not start within {timeout_s:g} s")

    def stop(self) -> None:
        """Ask the child to end, and end it and all it started when it does not."""
        if self.process.poll() is None:
            self.process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(_GRACE_S)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def _silent(self, what: str) -> UnreachableError:
        last_words = self.log.read_text(errors="replace").strip().splitlines()[-1:]
        said = f"; it said: {last_words[0]}" if last_words else ""
        return UnreachableError(
            f"{self.name} {what}{said}", hint="`sre doctor` says what this machine lacks"
        )


@contextlib.contextmanager
def child(
    command: Sequence[str], *, name: str, log: Path, environment: dict[str, str] | None = None
) -> Iterator[Child]:
    """Run a command as a child for the length of the block.

    The child has a session of its own, so that Ctrl-C reaches us first, and the kernel ends it
    when this process is killed outright.
    """
    with contextlib.ExitStack() as stack:
        with signals_held():
            running = Child(_start(command, log, environment), name, log)
            stack.callback(running.stop)
        yield running


def _start(
    command: Sequence[str], log: Path, environment: dict[str, str] | None
) -> subprocess.Popen[bytes]:
    with log.open("wb") as output:
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=environment,
            start_new_session=True,
            preexec_fn=_begin,  # noqa: PLW1509 -- called before any thread exists
        )


def _begin() -> None:
    die_with_parent()
    signal.pthread_sigmask(signal.SIG_SETMASK, [])
