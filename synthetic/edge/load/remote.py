"""Generators on other hosts, directed by Locust's own master; this side of them.

The schedule is split exactly as between local workers, and their samples come back raw, so that
nothing is lost in the merging.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Final

from kit.pure.errors import BadInputError, UnreachableError
from synthetic.edge.load.children import ROOT, Crew
from synthetic.edge.load.gathering import Generators
from synthetic.load.job import Job

EXAMPLE: Final = "e.g. 127.0.0.1:5557"
EVERYWHERE: Final = "*"


class RemoteCrew(Crew):
    """One process here: the master, which directs as many workers elsewhere as there are jobs."""

    module = f"{__package__}.master"

    def __init__(self, jobs: Sequence[Job], host: str, port: int) -> None:
        self._host, self._port = host, port
        super().__init__(jobs)

    def orders(self, jobs: Sequence[Job]) -> list[bytes]:
        """Return the one order of the master: how many jobs, then the jobs."""
        return [f"{len(jobs)}\n".encode() + b"".join(job.to_line() for job in jobs)]

    def arguments(self) -> list[str]:
        """Return where the master listens."""
        return [self._host, str(self._port)]


def crew_at(address: str) -> Callable[[Sequence[Job]], AbstractContextManager[Generators]]:
    """Return what starts the crew of a run whose master listens on `address` (HOST:PORT).

    Raises UnreachableError when nothing can listen there.
    """
    host, port = address_of(address)
    _check_can_listen(host, port)

    def start(jobs: Sequence[Job]) -> AbstractContextManager[Generators]:
        return RemoteCrew(jobs, host, port)

    return start


def address_of(text: str) -> tuple[str, int]:
    """Return host and port of `HOST:PORT` or `:PORT` (every address here)."""
    host, _, port = text.rpartition(":")
    if not (port.isascii() and port.isdigit()) or not 0 < int(port) < 2**16:
        raise BadInputError(f"{text!r} is no HOST:PORT", hint=EXAMPLE)
    return host or EVERYWHERE, int(port)


def _check_can_listen(host: str, port: int) -> None:
    try:
        found = socket.getaddrinfo("0.0.0.0" if host == EVERYWHERE else host, port)  # noqa: S104 -- asked for
        with socket.socket(found[0][0], socket.SOCK_STREAM) as trial:
            trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            trial.bind(found[0][4])
    except (OSError, UnicodeError) as err:
        raise UnreachableError(
            f"nothing here can listen on {host}:{port}: {getattr(err, 'strerror', None) or err}",
            hint=f"--remote takes an address of this machine, {EXAMPLE}",
        ) from err


def work_for(host: str, port: int, *, wait_s: float) -> int:
    """Be a worker of the master at `host`:`port` until the run ends; return the exit code."""
    command = [
        sys.executable,
        "-m",
        f"{__package__}.remote_worker",
        host,
        str(port),
        str(wait_s),
    ]
    child = subprocess.Popen(
        command, cwd=ROOT, stdin=subprocess.DEVNULL, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    try:
        return child.wait()
    finally:
        if child.poll() is None:
            child.terminate()
            child.wait()
