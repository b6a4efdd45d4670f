"""Cleans up behind a drill, also when the drill itself is killed outright.

It is a process of its own that waits for the end of a pipe. However the drill ends, the kernel
closes its side of that pipe, and then every container with the drill's label and the drill's
folder are removed. `python -m ops.drills.reaper LABEL FOLDER` is started by `reaping` only.
"""

import contextlib
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from kit.edge.children import signals_held
from kit.edge.containers.docker import remove_labelled
from kit.pure.errors import UnreachableError
from ops.drills.containers import DRILL_LABEL

_CLEANED_WITHIN_S: Final = 90.0


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


def _let_clean(reaper: "subprocess.Popen[bytes]") -> None:
    if reaper.stdin is not None:
        reaper.stdin.close()
    with contextlib.suppress(subprocess.TimeoutExpired):
        reaper.wait(_CLEANED_WITHIN_S)


def main(label: str, folder: Path) -> int:
    """Wait for the end of standard input, then clean up; return 1 when the engine is away."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    sys.stdin.buffer.read()
    try:
        remove_labelled(f"{DRILL_LABEL}={label}")
    except UnreachableError as err:
        sys.stderr.write(f"error: {err}\n")
        return 1
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2])))
