"""The service as a child process, spoken to over HTTP as any client would."""

import os
import signal
import socket
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any

import httpx2

from tests.support.waiting import HANGS_S, wait_for
from tests.support.warm import start_service

STARTS_WITHIN_S = 120.0
NOWHERE = "mongodb://127.0.0.1:9/calendar?directConnection=true"  # the discard port: refused


def plain_client() -> httpx2.Client:
    """Return a client for loopback, without the costly reading of certificates."""
    return httpx2.Client(verify=False, timeout=60, trust_env=False)


@dataclass
class RunningService:
    """A service that runs, or did: `kill` and `start` it as a test needs."""

    port: int
    environment: dict[str, str]
    workers: int
    log: Path
    target: str = "service.app:create"
    alive: str = "/healthz"  # a path that answers 200 as soon as it serves
    process: BaseProcess | None = None
    client: httpx2.Client = field(default_factory=plain_client)

    @property
    def url(self) -> str:
        """Return where it listens."""
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and return once it says that it lives."""
        words = ["--factory", self.target, "--port", str(self.port)]
        words += ["--no-access-log", "--log-level", "warning"]
        words += ["--workers", str(self.workers)] if self.workers > 1 else []
        self.process = start_service(words, self.environment, self.log)
        wait_for(self._lives, what="the service lives", within_s=STARTS_WITHIN_S, told=self.said)

    def kill(self) -> None:
        """End it at once, with its workers, as a power cut would."""
        if self.process is not None and self.process.is_alive():
            os.killpg(self.process.pid or 0, signal.SIGKILL)
            self.process.join(HANGS_S)

    def stop(self) -> None:
        """End it in order."""
        if self.process is not None and self.process.is_alive():
            self.process.terminate()
            self.process.join(HANGS_S)
            self.kill()

    def said(self) -> str:
        """Return the end of what it wrote."""
        return self.log.read_text(errors="replace")[-3000:]

    def ask(self, method: str, path: str, **options: Any) -> httpx2.Response:
        """Send one request."""
        return self.client.request(method, self.url + path, **options)

    def wait_until_ready(self) -> None:
        """Return once it says that requests are welcome."""
        wait_for(
            lambda: self.ask("GET", "/readyz").status_code == 200,
            what="the service is ready",
            within_s=STARTS_WITHIN_S,
            told=self.said,
        )

    def _lives(self) -> bool:
        try:
            return self.ask("GET", self.alive).status_code == 200
        except httpx2.TransportError as err:
            raise OSError(str(err)) from err


@contextmanager
def running_service(
    mongodb_url: str = NOWHERE,
    *,
    workers: int = 1,
    target: str = "service.app:create",
    alive: str = "/healthz",
    **settings: object,
) -> Iterator[RunningService]:
    """Run the service with these settings, authentication off unless they say otherwise."""
    with tempfile.TemporaryDirectory(prefix="calendar-test-") as folder:
        named = {"auth": "off", "mongodb_url": mongodb_url, **settings}
        if workers > 1:
            named |= {"metrics_dir": f"{folder}/metrics", "workers": workers}
        environment = {k: v for k, v in os.environ.items() if not k.startswith("CALENDAR_")}
        environment |= {f"CALENDAR_{name.upper()}": str(value) for name, value in named.items()}
        log = Path(folder) / "service.log"
        service = RunningService(_free_port(), environment, workers, log, target, alive)
        try:
            service.start()
            yield service
        finally:
            service.stop()
            service.client.close()


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
