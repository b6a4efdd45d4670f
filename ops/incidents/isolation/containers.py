"""Isolate containers of the engine on this machine: off their networks, or stopped."""

import json
import shlex
from collections.abc import Sequence
from functools import partial
from typing import Any

from kit.edge.containers.docker import docker, last_line
from kit.pure.errors import BadInputError, UnreachableError
from ops.incidents.isolation.step import Step

_HOST = "host"


def network_steps(names: Sequence[str]) -> list[Step]:
    """Return a step for each network that each container is on; its process and data stay."""
    return [step for name in names for step in _of_container(name)]


def stop_steps(names: Sequence[str]) -> list[Step]:
    """Return a step for each container; what is only in its memory is lost."""
    for name in names:
        _inspected(name)
    return [
        Step(
            f"{name} ends; what it had in memory is gone",
            shlex.join(words := ["docker", "stop", name]),
            shlex.join(["docker", "start", name]),
            partial(_run, words[1:]),
        )
        for name in names
    ]


def _of_container(name: str) -> list[Step]:
    networks: dict[str, Any] = _inspected(name)["NetworkSettings"]["Networks"] or {}
    if _HOST in networks:
        raise BadInputError(
            f"{name} is on this machine's own network and cannot be taken off it",
            hint="stop it: sre incident isolate stop",
        )
    steps = []
    for network in sorted(networks):
        do = ["docker", "network", "disconnect", "--force", network, name]
        aliases = [a for a in networks[network].get("Aliases") or () if not _is_id(a)]
        undo = ["docker", "network", "connect", *(f"--alias={a}" for a in sorted(aliases))]
        steps.append(
            Step(
                f"nothing reaches {name} over {network}, and it reaches nothing; it goes on",
                shlex.join(do),
                shlex.join([*undo, network, name]),
                partial(_run, do[1:]),
            )
        )
    return steps


def _inspected(name: str) -> dict[str, Any]:
    found = docker("container", "inspect", name)
    if found.returncode == 1 and "No such container" in found.stderr:
        raise BadInputError(f"there is no container {name!r}", hint="docker ps shows them")
    if found.returncode != 0:
        raise UnreachableError(
            f"the container engine cannot be asked: {last_line(found.stderr)}",
            hint="docker version says whether it answers",
        )
    inspected: dict[str, Any] = json.loads(found.stdout)[0]
    return inspected


def _run(words: Sequence[str]) -> str:
    done = docker(*words, timeout_s=60)
    if done.returncode != 0:
        raise UnreachableError(last_line(done.stderr) or f"exit code {done.returncode}")
    return done.stdout.strip()


def _is_id(alias: str) -> bool:
    """Return whether an alias is the short id that the engine adds by itself."""
    return len(alias) == 12 and all(letter in "0123456789abcdef" for letter in alias)  # noqa: PLR2004
