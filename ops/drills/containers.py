"""The containers of one drill: started with its label, broken and mended by their id."""

import contextlib
import random
import socket
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kit.edge.containers.catalog import REPOSITORY
from kit.edge.containers.docker import docker, last_line
from kit.pure.errors import UnreachableError
from ops.drills.polling import wait_until

DRILL_LABEL: Final = f"{REPOSITORY}.drill"
LOOPBACK: Final = "127.0.0.1"
_START_S: Final = 120.0
_READY_S: Final = 120.0
_FREEZE_TRIES: Final = 20
"""An engine may fail to freeze who is forking, or busy, at that moment."""
_BELOW_EPHEMERAL: Final = range(20_000, 32_000)
"""No outgoing connection takes a port from here while what listened on it is down."""


@dataclass(frozen=True, slots=True)
class Running:
    """A container that was started: what it is, its id, and the loopback port it answers on."""

    role: str
    identity: str
    port: int

    def act(self, verb: str) -> None:
        """Do `docker VERB` to it: pause, unpause, stop, start, kill, restart.

        Raises UnreachableError with the engine's reason when it does not.
        """
        quickly = ("--time", "2") if verb in {"stop", "restart"} else ()
        for _ in range(_FREEZE_TRIES if verb == "pause" else 1):
            done = docker(verb, *quickly, self.identity, timeout_s=_START_S)
            if done.returncode == 0:
                return
        raise UnreachableError(
            f"docker {verb} of the drill's {self.role} failed: {last_line(done.stderr)}",
            hint="does the container engine still answer? docker version",
        )

    @property
    def is_running(self) -> bool:
        """Whether it runs, frozen or not; an engine that does not answer counts as no."""
        done = docker("inspect", "--format", "{{.State.Running}}", self.identity)
        return done.stdout.strip() == "true"

    def log(self, lines: int = 5) -> str:
        """Return the last lines that it wrote."""
        done = docker("logs", "--tail", str(lines), self.identity)
        return " / ".join((done.stdout + done.stderr).split("\n")).strip(" /")


@dataclass(frozen=True, slots=True)
class Wanted:
    """A container to start.

    `inside` is the port that is published on loopback; 0 shares this machine's network, and the
    command then says itself where it listens. `mounts` are folders to read only, `options` further
    words of `docker run`.
    """

    role: str
    image: str
    port: int
    inside: int = 0
    command: Sequence[str] = ()
    mounts: Mapping[Path, str] | None = None
    options: Sequence[str] = ()


def start(wanted: Wanted, label: str, ready: Callable[[], bool]) -> Running:
    """Start a container of the drill `label` and return once `ready()` holds.

    Raises UnreachableError with its last words when it does not get there.
    """
    network = ("--network", "host")
    if wanted.inside:
        network = ("--publish", f"{LOOPBACK}:{wanted.port}:{wanted.inside}")
    mounts = [f"--volume={here}:{there}:ro" for here, there in (wanted.mounts or {}).items()]
    options = ("--detach", "--label", f"{DRILL_LABEL}={label}", *network, *mounts, *wanted.options)
    done = docker("run", *options, wanted.image, *wanted.command, timeout_s=_START_S)
    if done.returncode != 0:
        raise UnreachableError(
            f"the drill's {wanted.role} did not start: {last_line(done.stderr)}",
            hint="sre doctor says what this machine lacks",
        )
    running = Running(wanted.role, done.stdout.strip(), wanted.port)
    if not wait_until(ready, within_s=_READY_S):
        raise UnreachableError(
            f"the drill's {wanted.role} does not answer within {_READY_S:g} s: {running.log()}",
            hint="sre doctor says what this machine lacks",
        )
    return running


def free_port() -> int:
    """Return a loopback port that nothing listens on now."""
    while True:
        port = random.SystemRandom().choice(_BELOW_EPHEMERAL)
        with contextlib.suppress(OSError), socket.socket() as candidate:
            candidate.bind((LOOPBACK, port))
            return port
