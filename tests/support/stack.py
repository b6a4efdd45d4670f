"""A whole stack of its own for a test, under a name and on ports of its own."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx2

from ops.stack import lifecycle
from ops.stack.containers import Container, containers_of
from ops.stack.home import Home
from ops.stack.lifecycle import Wanted
from ops.stack.report import Report
from ops.stack.settings import Database, Settings
from ops.stack.settings import Wanted as Whether
from slo.edge.project_file import shipped
from tests.support.starting import _free_port

_PATIENT = (
    ("CALENDAR_MONGODB_TIMEOUT_S", "20"),
    ("CALENDAR_REDIS_TIMEOUT_S", "5"),
    ("CALENDAR_REQUEST_DEADLINE_S", "100"),
    ("CALENDAR_DEPENDENCY_CHECK_INTERVAL_S", "5"),
)
"""Of a slow machine nothing is judged: what a replica answers late it does answer."""


@dataclass(frozen=True, slots=True)
class RunningStack:
    """A stack that was brought up."""

    wanted: Wanted
    said: list[str]

    @property
    def home(self) -> Home:
        """Return its folder."""
        return self.wanted.home

    @property
    def name(self) -> str:
        """Return what its containers are called after."""
        return self.wanted.settings.name

    @property
    def url(self) -> str:
        """Return where its proxy listens."""
        return f"http://127.0.0.1:{self.wanted.settings.http_port}"

    @property
    def key(self) -> str:
        """Return a key that may do everything."""
        return self.home.read_secret("operator_key")

    def up(self) -> Report:
        """Bring it up, or to its settings."""
        return lifecycle.up(self.wanted, shipped(), self.said.append)

    def replicas(self) -> list[Container]:
        """Return the replicas of the service."""
        return containers_of(self.name, "calendar-api")

    def ask(self, path: str) -> httpx2.Response:
        """Ask the service through the proxy."""
        return httpx2.get(
            f"{self.url}{path}", headers={"X-API-Key": self.key}, timeout=60, trust_env=False
        )

    def serves(self) -> bool:
        """Say whether the service takes requests, through the proxy."""
        try:
            return self.ask("/readyz").status_code == 200
        except httpx2.HTTPError:
            return False

    def read(self, sentence: str) -> httpx2.Response:
        """Let the service read a sentence, through the proxy."""
        return httpx2.post(
            f"{self.url}/parse", json={"text": sentence},
            headers={"X-API-Key": self.key}, timeout=120, trust_env=False,
        )  # fmt: skip


@contextmanager
def running_stack(
    folder: Path, *, replicas: int, webhook: str = "", mongodb: Database = Database.STAND_IN
) -> Iterator[RunningStack]:
    """Bring a stack up, and remove all of it at the end."""
    ports = [_free_port() for _ in range(5)]
    settings = Settings(
        name=f"test-{os.getpid()}-{os.urandom(3).hex()}",
        mongodb=mongodb,
        replicas=replicas,
        http_port=ports[0],
        https_port=ports[1],
        prometheus_port=ports[2],
        alertmanager_port=ports[3],
        grafana_port=ports[4],
        grafana=Whether.OFF,
        rate_limit=1_000_000,
        requests_per_10s=1_000_000,
        webhook=webhook,
        scrape_every_s=2,
        ready_within_s=1200,
        probe_every_s=30,
        service=_PATIENT,
    )
    stack = RunningStack(Wanted(Home(folder / "stack"), settings), [])
    try:
        stack.up()
        yield stack
    finally:
        lifecycle.down(stack.home.folder, volumes=True, say=stack.said.append)


def image_from(parent: str, name: str, *lines: str) -> str:
    """Return an image made on another one by lines of a Dockerfile."""
    recipe = "\n".join((f"FROM {parent}", *lines, ""))
    subprocess.run(
        ("docker", "build", "--quiet", "--tag", name, "-"),
        input=recipe, text=True, check=True, capture_output=True,
    )  # fmt: skip
    return name
