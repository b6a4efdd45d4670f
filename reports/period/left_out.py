"""What a report leaves out, as no metric plays its role."""

from collections.abc import Mapping
from typing import Final

from reports.period.questions import MEMORY, memory_of
from slo.project.project import Project

_SHOWN: Final[Mapping[str, str]] = {
    "requests": "traffic",
    "latency": "latency",
    "version": "deploys",
    "started": "restarts",
    "cache": "cache",
    "accuracy": "accuracy",
    "dependency": "dependencies",
}
"""What a report shows of each role, by the role's name."""


def left_out(project: Project) -> tuple[str, ...]:
    """Return what is left out, each with what is lacking in the project file."""
    unbound = project.roles.unbound()
    found = [
        f"{shown} (no {_place(role)} in sre.toml)"
        for role, shown in _SHOWN.items()
        if role in unbound
    ]
    requests = project.roles.requests
    if requests and requests.status is None:
        found.append("failed requests (no metrics.requests.status in sre.toml)")
    if requests and requests.route is None:
        found.append("routes (no metrics.requests.route in sre.toml)")
    if memory_of(project.roles) is None:
        found.append(f'memory (no [[metrics.saturation]] with name = "{MEMORY}" in sre.toml)')
    return tuple(found)


def _place(role: str) -> str:
    if role == "dependency":
        return "[[metrics.dependency]]"
    return "metrics.started" if role == "started" else f"[metrics.{role}]"
