"""Load generators that begin with Locust imported: a start costs a fork instead of a second.

A process of the test run, started by the first who needs it, has imported what a generator is made
of, and forks for each that asks. What `make thorough` runs starts its own, as the product does, and
so does a test of how generators start and end: it takes `cold_generators`.
"""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import IO, Any, Final

from kit.edge.containers.session import FOLDER
from tests.support import generator_forks
from tests.support.sharing import locked
from tests.support.waiting import HANGS_S, wait_for

CHILDREN: Final = "synthetic.edge.load.children"


def use_warm_generators(*, warm: bool = True) -> None:
    """Let load runs of this process begin warm, or as the product begins them."""
    children = sys.modules.get(CHILDREN)
    if children is not None:
        children.subprocess = _WARM if warm and FOLDER in os.environ else subprocess  # type: ignore[attr-defined]


def started(command: Sequence[str], **options: Any) -> Any:
    """Start what `subprocess.Popen` would: warm for a generator, else as it says."""
    if command[1] == "-m" and command[2] in generator_forks.GENERATORS:
        return WarmGenerator(command[2:], options["cwd"], options["env"], options["stderr"])
    return subprocess.Popen(command, **options)


class WarmGenerator:
    """A forked generator, with as much of `subprocess.Popen` as a crew of them uses."""

    def __init__(
        self, words: Sequence[str], folder: Path, environment: Mapping[str, str], errors: IO[bytes]
    ) -> None:
        self._line = socket.socket(socket.AF_UNIX)
        self._line.connect(str(_address()))
        theirs_in, ours_in = os.pipe()
        ours_out, theirs_out = os.pipe()
        order = {"words": list(words), "folder": str(folder), "environment": dict(environment)}
        data = json.dumps(order).encode() + b"\n"
        socket.send_fds(self._line, [data[:1]], [theirs_in, theirs_out, errors.fileno()])
        self._line.sendall(data[1:])
        os.close(theirs_in)
        os.close(theirs_out)
        self.stdin, self.stdout = os.fdopen(ours_in, "wb"), os.fdopen(ours_out, "rb")
        self._told = self._line.makefile("r")
        self.pid = int(self._told.readline())
        self._code: int | None = None

    def terminate(self) -> None:
        """Ask it to end."""
        os.kill(self.pid, signal.SIGTERM)

    def wait(self, timeout: float | None = None) -> int:
        """Return its exit code, once it has ended."""
        if self._code is None:
            self._line.settimeout(timeout)
            try:
                self._code = int(self._told.readline())
            except TimeoutError:
                raise subprocess.TimeoutExpired("a generator", timeout or 0.0) from None
            self._told.close()
            self._line.close()
        return self._code


def _address() -> Path:
    """Return where the process that forks listens; the first who asks starts it."""
    place = Path(os.environ[FOLDER]) / "generators"
    with locked("generators"):
        if not place.exists():
            forking = subprocess.Popen(
                [sys.executable, "-m", generator_forks.__name__, str(place)],
                cwd=Path(__file__).resolve().parents[2],
                stdin=subprocess.DEVNULL,
                start_new_session=True,
            )
            wait_for(
                lambda: place.exists() or forking.poll() is not None,
                what="generators can begin warm",
                within_s=HANGS_S,
            )
            assert forking.returncode is None, "what forks generators has ended"
            forking.returncode = 0  # it ends with the test run, and nobody waits for it
    return place


_WARM: Final = SimpleNamespace(
    Popen=started, PIPE=subprocess.PIPE, TimeoutExpired=subprocess.TimeoutExpired
)
"""What `subprocess` is to the module that starts generators."""
