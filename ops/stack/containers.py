"""The containers of a stack, as the engine sees them."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from kit.edge.containers.docker import docker, last_line
from kit.pure.errors import UnreachableError
from kit.pure.json_values import JsonMapping

API: Final = "calendar-api"
PROXY: Final = "proxy"
_LABEL: Final = "com.docker.compose"
_STOPS_WITHIN_S: Final = 30


@dataclass(frozen=True, slots=True)
class Container:
    """One container; `addresses` are its own by the name of the network, without the project's."""

    identity: str
    name: str
    service: str
    image: str
    state: str
    health: str
    restarts: int
    config: str
    ports: tuple[int, ...]
    addresses: Mapping[str, str]

    @property
    def is_well(self) -> bool:
        """Say whether it runs, and its health check, where it has one, holds."""
        return self.state == "running" and self.health in {"", "healthy"}


def containers_of(project: str, service: str = "") -> list[Container]:
    """Return the containers of a stack, oldest first, stopped ones included."""
    wanted = [f"label={_LABEL}.project={project}", f"label={_LABEL}.oneoff=False"]
    if service:
        wanted.append(f"label={_LABEL}.service={service}")
    filters = [word for one in wanted for word in ("--filter", one)]
    listed = _asked("container", "ls", "--all", "--quiet", "--no-trunc", *filters).split()
    if not listed:
        return []
    done = docker("container", "inspect", *listed)  # one may have gone meanwhile: take the others
    found = json.loads(done.stdout or "[]")
    return [_container(one) for one in sorted(found, key=lambda one: str(one["Created"]))]


def end(container: Container) -> None:
    """Ask a container to end, wait for its requests, and remove it."""
    limit = _STOPS_WITHIN_S
    docker("stop", "--time", str(limit), container.identity, timeout_s=limit + 30)
    docker("rm", "--force", "--volumes", container.identity, timeout_s=60)


def last_words(container: Container, lines: int = 3) -> str:
    """Return the end of what a container wrote."""
    done = docker("logs", "--tail", "40", container.identity)
    return last_line(f"{done.stdout}\n{done.stderr}", lines)


def _asked(*arguments: str) -> str:
    done = docker(*arguments)
    if done.returncode != 0:
        raise UnreachableError(
            f"the container engine does not answer: {last_line(done.stderr)}",
            hint="docker version says whether it runs",
        )
    return done.stdout


def _container(one: JsonMapping) -> Container:
    labels, state = one["Config"]["Labels"], one["State"]
    project = labels[f"{_LABEL}.project"]
    published = one["HostConfig"].get("PortBindings") or {}
    return Container(
        identity=str(one["Id"]),
        name=str(one["Name"]).lstrip("/"),
        service=str(labels[f"{_LABEL}.service"]),
        image=str(one["Config"]["Image"]),
        state=str(state["Status"]),
        health=str((state.get("Health") or {}).get("Status", "")),
        restarts=int(one["RestartCount"]),
        config=str(labels.get(f"{_LABEL}.config-hash", "")),
        ports=tuple(
            int(bound["HostPort"])
            for all_bound in published.values()
            for bound in all_bound or ()
            if bound.get("HostPort")
        ),
        addresses={
            name.removeprefix(f"{project}_"): str(network["IPAddress"])
            for name, network in one["NetworkSettings"]["Networks"].items()
            if network["IPAddress"]
        },
    )
