"""The service and the prober of a drill: child processes that are killed, frozen and started."""

import contextlib
import os
import signal
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from kit.edge.children import Child, child
from ops.drills.containers import LOOPBACK
from ops.drills.golden_sample import sampled_project
from ops.embedded import beside_python

_STARTS_S: Final = 120.0


@dataclass(slots=True)
class Process:
    """One command of ours that can be started again on the same port.

    `says` is the pattern of the line with which it tells that it answers.
    """

    name: str
    command: tuple[str, ...]
    environment: Mapping[str, str]
    log: Path
    says: str
    held: contextlib.ExitStack
    running: Child | None = field(default=None)

    def start(self, **more: str) -> None:
        """Start it, with further environment variables, and return once it answers."""
        environment = {**os.environ, **self.environment, **more}
        self.running = self.held.enter_context(
            child(self.command, name=self.name, log=self.log, environment=environment)
        )
        self.running.wait_for_line(self.says, timeout_s=_STARTS_S)

    def send(self, number: signal.Signals) -> None:
        """Send it a signal: SIGKILL as a crash would, SIGSTOP to freeze it, SIGCONT to go on."""
        if self.running is not None and self.running.process.poll() is None:
            os.killpg(self.running.process.pid, number)
        if number == signal.SIGKILL and self.running is not None:
            self.running.process.wait(10)

    def stop(self) -> None:
        """End it in order; the port is free afterwards."""
        if self.running is not None:
            self.running.stop()


def service(
    port: int, settings: Mapping[str, str], folder: Path, held: contextlib.ExitStack
) -> Process:
    """Return the calendar service on a loopback port, not yet started.

    No CALENDAR_ variable of this shell reaches it.
    """
    clean = {name: "" for name in os.environ if name.startswith("CALENDAR_")}
    command = (beside_python("sre"), "serve", "--host", LOOPBACK, "--port", str(port))
    logs = ("--logs", str(folder / "logs"), "--wait", "10")
    return Process(
        "the drill's calendar service", (*command, *logs), {**clean, **settings},
        folder / "service.log", r"listening on http://\S+", held,
    )  # fmt: skip


def prober(
    port: int, target: str, key: str, *, golden_every_s: float, folder: Path,
    held: contextlib.ExitStack,
) -> Process:  # fmt: skip
    """Return the prober of the service at `target`, walking every two seconds, not yet started.

    Of the golden set it asks a sample.
    """
    walk = ("--target", target, "--every", "2", "--timeout", "4", "--port", str(port))
    golden = ["--golden-every", f"{golden_every_s:g}"]
    if golden_every_s:
        golden += ["--project", str(sampled_project(folder))]
    command = (beside_python("sre"), "probe", "run", *walk, *golden)
    return Process(
        "the drill's prober", command, {"SRE_API_KEYS": key, "SRE_HEADERS": ""},
        folder / "prober.log", r"metrics on http://\S+", held,
    )  # fmt: skip
