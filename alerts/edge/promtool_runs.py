"""Run promtool many times at once, and end every run when the work is given up."""

import contextlib
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import CancelledError
from pathlib import Path
from typing import Final

from kit.edge.tools import tool_command
from kit.pure.errors import UnreachableError

_LONGEST_S: Final = 900


@contextlib.contextmanager
def promtool_runs(
    shown: Iterable[Path], longest_s: float = _LONGEST_S
) -> Iterator[Callable[[Sequence[str]], str]]:
    """Yield a function that gives promtool arguments and returns all that it said, in that order.

    Any thread may call it. What is below the paths `shown` can be read.

    When the block is left by an error or by a signal, the runs under way are ended and no further
    one begins, so that whoever waits for their threads waits no longer than their clean-up takes.
    Raises UnreachableError where there is no promtool. The function raises it for a run that takes
    longer than `longest_s`, and CancelledError after the end.
    """
    words = tool_command("promtool", shown, joined=True)
    running, lock, over = set[subprocess.Popen[str]](), threading.Lock(), threading.Event()

    def run(arguments: Sequence[str]) -> str:
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
                raise UnreachableError(
                    f"promtool did not end within {longest_s:g} s", hint="replay less at once"
                ) from err
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
