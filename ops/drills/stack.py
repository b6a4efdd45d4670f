"""A running private stack, as a drill speaks to it."""

import os
import threading
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.error import HTTPError
from urllib.parse import quote
from urllib.request import urlopen

import orjson

from kit.pure.errors import BadInputError
from ops.drills.containers import LOOPBACK, Running
from ops.drills.pager import Pager
from ops.drills.processes import Process
from ops.faultproxy.client import FaultProxy

_PATIENCE_S: Final = 10.0


@dataclass(frozen=True, slots=True)
class Stack:
    """A running stack.

    `proxy` stands before MongoDB and Redis where the drill needs it, `node` is a machine with a
    small disk of its own. `away` keeps the users away, `crowds` ends whoever came in addition.
    """

    label: str
    folder: Path
    key: str
    service: Process
    prober: Process
    redis: Running
    mongodb: Running
    prometheus: Running
    alertmanager: Running
    pager: Pager
    service_port: int
    prober_command: tuple[str, ...]
    proxy: FaultProxy | None = None
    node: Running | None = None
    away: threading.Event = field(default_factory=threading.Event)
    crowds: list[threading.Event] = field(default_factory=list)

    @property
    def url(self) -> str:
        """Where the service listens."""
        return f"http://{LOOPBACK}:{self.service_port}"

    @property
    def prometheus_url(self) -> str:
        """Where Prometheus listens."""
        return f"http://{LOOPBACK}:{self.prometheus.port}"

    def container(self, role: str) -> Running:
        """Return one of the stack's own containers; BadInputError for a role that is none."""
        found = {
            "redis": self.redis, "mongodb": self.mongodb, "prometheus": self.prometheus,
            "alertmanager": self.alertmanager, "node": self.node,
        }  # fmt: skip
        running = found.get(role)
        if running is None:
            raise BadInputError(f"the drill has no container {role!r}", hint="see its `needs`")
        return running

    @property
    def rules(self) -> Path:
        """The folder that Prometheus reads its rules from."""
        return self.folder / "rules"

    def value(self, expression: str) -> list[float]:
        """Return what an instant query gives, without labels; OSError when it cannot be asked."""
        answer = ask(f"{self.prometheus_url}/api/v1/query?query={quote(expression)}")
        return [float(sample["value"][1]) for sample in answer["data"]["result"]]

    def rule_names(self) -> list[str]:
        """Return the name of every rule that Prometheus has loaded."""
        groups = ask(f"{self.prometheus_url}/api/v1/rules")["data"]["groups"]
        return sorted(rule["name"] for group in groups for rule in group["rules"])

    def healthy(self) -> bool:
        """Return whether all is well: the service, what it needs, and what watches it."""
        reply = ask(f"{self.url}/health")
        targets = 3.0 if self.node else 2.0
        up = self.value("sum(up)") == [targets] and self.value("min(probe_success)") == [1.0]
        return reply["status"] == "healthy" and up

    def environment(self) -> dict[str, str]:
        """Return what a command of ours needs to speak to this stack and no other."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("SRE_", "CALENDAR_"))}
        return kept | {
            "SRE_TARGET_URL": self.url,
            "SRE_PROMETHEUS_URL": self.prometheus_url,
            "SRE_ALERTMANAGER_URL": f"http://{LOOPBACK}:{self.alertmanager.port}",
            "SRE_API_KEYS": self.key,
            "SRE_RUNS_DIR": str(self.folder / "runs"),
            **{name: str(value) for name, value in self.service.environment.items() if value},
        }


def answers(url: str) -> bool:
    """Return whether a server of the stack answers without an error."""
    try:
        with urlopen(url, timeout=_PATIENCE_S):  # noqa: S310 -- loopback, http
            return True
    except OSError:
        return False


def ask(url: str) -> Any:  # Any: whatever JSON may be
    """Return the JSON that a server of the stack answers to GET, whatever its status.

    Raises OSError when it does not answer, or no JSON.
    """
    try:
        with urlopen(url, timeout=_PATIENCE_S) as answer:  # noqa: S310 -- loopback, http
            body = answer.read()
    except HTTPError as err:
        with err:
            body = err.read()
    try:
        return orjson.loads(body)
    except ValueError as err:
        raise OSError(f"{url} answers no JSON: {body[:80]!r}") from err
