"""Run promtool many times at once, and end every run when the work is given up."""

import contextlib
import subprocess
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Final, Protocol

from kit.edge.tools import tool_command
from kit.pure.errors import UnreachableError

_LONGEST_S: Final = 900


class LateError(UnreachableError):
    """A run took longer than it may."""


class Promtool(Protocol):
    """Gives promtool arguments and returns all that it said, in that order."""

    def __call__(self, arguments: Sequence[str], longest_s: float = ..., /) -> str:
        """Raise LateError after `longest_s`, and CancelledError once the work is given up."""


@contextlib.contextmanager
def promtool_runs(
    shown: Iterable[Path], longest_s: float = _LONGEST_S, *, hint: str = "replay less at once"
) -> Iterator[Promtool]:
    """Yield a function that runs promtool, for at most `longest_s` unless a call says otherwise.

    `hint` is what helps where one takes longer.

    Any thread may call it. What is below the paths `shown` can be read.

    When the block is left by an error or by a signal, the runs under way are ended and no further
    one begins, so that whoever waits for their threads waits no longer than their clean-up takes.
    Raises UnreachableError where there is no promtool.
    """
    words = tool_command("promtool", shown, joined=True)
    running, lock, over = set[subprocess.Popen[str]](), threading.Lock(), threading.Event()

    def run(arguments: Sequence[str], longest_s: float = longest_s, /) -> str:
        with lock:
            if over.is_set():
                raise CancelledError
            process = subprocess.Popen(
                [*words, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                text=True,
            )
            running.add(process)
        with process:
            try:
                return process.communicate(timeout=longest_s)[0]
            except subprocess.TimeoutExpired as err:
                process.kill()
                message = f"promtool did not end within {longest_s:g} s"
                raise LateError(message, hint=hint) from err
            finally:
                with lock:
                    running.discard(process)

    try:
        yield run
    except BaseException:
        with lock:
            over.set()
            for process in running:
                process.terminate()
        raise
