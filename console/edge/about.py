"""What the console is about: a project, where its servers are, and where its files lie."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx2 as httpx

from kit.edge.prometheus import Prometheus, connect
from kit.edge.tls import authorities
from kit.pure.errors import BadInputError, UnreachableError, reason_of
from kit.pure.urls import address_of
from slo.objective import Objective
from slo.project.project import Project

_TIMEOUT_S = 8.0
_MOST_BYTES = 32 * 2**20


@dataclass(frozen=True, slots=True)
class About:
    """A project and its places; None is a place that nobody named."""

    project: Project
    objectives: tuple[Objective, ...]
    prometheus: str | None
    alertmanager: str | None
    runs: Path
    backups: Path | None
    logs: Path | None
    notices: Path
    now: Callable[[], datetime] = lambda: datetime.now(UTC).replace(microsecond=0)

    def server(self) -> Prometheus:
        """Return the Prometheus; BadInputError where none is named."""
        if self.prometheus is None:
            raise BadInputError(
                "no data: no Prometheus is named", hint="start with --prometheus URL"
            )
        return connect(self.prometheus, timeout_s=_TIMEOUT_S)

    def of_alertmanager(self, path: str) -> object:
        """Return what Alertmanager answers; UnreachableError where it does not."""
        place = address_of(self.alertmanager or "", example="http://127.0.0.1:9093")
        try:
            with httpx.stream(
                "GET",
                place.url + path,
                headers=dict(place.headers),
                timeout=_TIMEOUT_S,
                verify=authorities(),
            ) as told:
                told.raise_for_status()
                body = bytearray()
                for part in told.iter_bytes():
                    body += part
                    if len(body) > _MOST_BYTES:
                        raise UnreachableError(f"Alertmanager's {path} is larger than 32 MiB")
            return httpx.Response(200, content=bytes(body)).json()
        except (httpx.HTTPError, ValueError) as err:
            raise UnreachableError(
                f"Alertmanager at {place.url} does not answer: {reason_of(err)}",
                hint="check --alertmanager",
            ) from err

    def objective(self, name: str) -> Objective | None:
        """Return the objective of a name."""
        return next((each for each in self.objectives if each.name == name), None)


def since(now: datetime, length: timedelta) -> tuple[float, float]:
    """Return the two ends of the time before now, in seconds since the epoch."""
    return (now - length).timestamp(), now.timestamp()
