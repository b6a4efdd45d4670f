"""Cleans up behind a drill, also when the drill itself is killed outright.

It is a process of its own that waits for the end of a pipe. However the drill ends, the kernel
closes its side of that pipe, and then every container with the drill's label and the drill's
folder are removed, once no command is at work any more that still starts one. After a drill that
did not end in order it looks again: an engine goes on with what it was asked for. `python -m
ops.drills.reaper LABEL FOLDER` is started by `reaping` only.
"""

import contextlib
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import psutil

from kit.edge.children import signals_held
from kit.edge.containers.docker import remove_labelled
from kit.pure.errors import UnreachableError
from ops.drills.containers import DRILL_LABEL
from ops.drills.polling import wait_until

_CLEANED_WITHIN_S: Final = 90.0
_STARTED_WITHIN_S: Final = 150.0
_LATE_S: Final = 2.0
_OVER: Final = b"over"
"""What a drill says that ended in order."""


@contextlib.contextmanager
def reaping(label: str, folder: Path) -> Iterator[None]:
    """Remove what carries the label, and the folder, when the block or this process ends."""
    with contextlib.ExitStack() as stack:
        with signals_held():
            reaper = subprocess.Popen(
                [sys.executable, "-m", f"{__package__}.reaper", label, str(folder)],
                stdin=subprocess.PIPE,
                start_new_session=True,  # Ctrl-C is for us; it goes last
            )
            stack.callback(_let_clean, reaper)
        yield
        if reaper.stdin is not None:
            reaper.stdin.write(_OVER)


def _let_clean(reaper: "subprocess.Popen[bytes]") -> None:
    with contextlib.suppress(BrokenPipeError):  # somebody killed it
        if reaper.stdin is not None:
            reaper.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        reaper.wait(_CLEANED_WITHIN_S)


def main(label: str, folder: Path) -> int:
    """Wait for the end of standard input, then clean up; return 1 when the engine is away."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    is_over = sys.stdin.buffer.read() == _OVER
    labelled = f"{DRILL_LABEL}={label}"
    try:
        wait_until(lambda: not _starts_one(labelled), within_s=_STARTED_WITHIN_S)
        remove_labelled(labelled)
        if not is_over:
            time.sleep(_LATE_S)
            remove_labelled(labelled)
    except UnreachableError as err:
        sys.stderr.write(f"error: {err}\n")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


def _starts_one(labelled: str) -> bool:
    """Say whether a command that outlived the drill starts a container with its label."""
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if labelled in process.cmdline():
                return True
    return False


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
