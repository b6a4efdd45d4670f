"""Isolate containers of the engine on this machine: off their networks, or stopped."""

import json
import shlex
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

from kit.edge.containers.docker import docker, last_line
from kit.pure.errors import BadInputError, UnreachableError
from kit.pure.json_values import JsonMapping, JsonObject
from ops.incidents.isolation.step import Isolation, Step

_SHARED = "container:"
"""The network mode of a container in the network namespace of another; compose's `service:` too."""


@dataclass(frozen=True, slots=True)
class _Namespace:
    """The container that owns a network namespace, what it is on, and who else is in it."""

    name: str
    identity: str
    networks: JsonMapping
    sharing: tuple[str, ...] = ()


def network_isolation(names: Sequence[str]) -> Isolation:
    """Return a step for each network that the containers are on; processes and data stay.

    A container without a network of its own is cut off with the one whose network it shares.
    """
    owners = {space.identity: space for space in map(_namespace_of, names)}
    steps = [step for space in owners.values() for step in _cutting(space)]
    return Isolation(steps, partial(_still_on, tuple(owners)))


def stop_isolation(names: Sequence[str]) -> Isolation:
    """Return a step for each container; what is only in its memory is lost."""
    for name in names:
        _inspected(name)
    steps = [
        Step(
            f"{name} ends; what it had in memory is gone",
            shlex.join(words := ["docker", "stop", name]),
            shlex.join(["docker", "start", name]),
            partial(_run, words[1:]),
        )
        for name in names
    ]
    return Isolation(steps, partial(_still_running, tuple(names)))


def _namespace_of(name: str) -> _Namespace:
    """Return the network namespace that a container is in, as the container that owns it."""
    found, asked = _inspected(name), name
    while (mode := _mode(found)).startswith(_SHARED):
        asked = mode.removeprefix(_SHARED)
        found = _inspected(asked)
    if mode == "host":
        raise BadInputError(
            f"{name} is on this machine's own network and cannot be taken off it",
            hint="stop it: sre incident isolate stop",
        )
    owner = found["Name"].removeprefix("/") if asked != name else name
    return _Namespace(owner, found["Id"], _networks(found), _sharing(found))


def _cutting(space: _Namespace) -> list[Step]:
    whom = space.name
    if space.sharing:
        whom += f" and what shares its network ({', '.join(space.sharing)})"
    steps = []
    for network in sorted(space.networks):
        do = ["docker", "network", "disconnect", "--force", network, space.name]
        aliases = [a for a in space.networks[network].get("Aliases") or () if not _is_id(a)]
        undo = ["docker", "network", "connect", *(f"--alias={a}" for a in sorted(aliases))]
        steps.append(
            Step(
                f"nothing reaches {whom} over {network}, and it reaches nothing; it goes on",
                shlex.join(do),
                shlex.join([*undo, network, space.name]),
                partial(_run, do[1:]),
            )
        )
    return steps


def _still_on(identities: Sequence[str]) -> list[str]:
    found = [_inspected(each) for each in identities]
    return [
        f"{one['Name'].removeprefix('/')} is still on {network}"
        for one in found
        for network in sorted(_networks(one))
    ]


def _still_running(names: Sequence[str]) -> list[str]:
    return [f"{name} still runs" for name in names if _inspected(name)["State"]["Running"]]


def _mode(inspected: JsonMapping) -> str:
    return str(inspected["HostConfig"]["NetworkMode"])


def _networks(inspected: JsonMapping) -> JsonMapping:
    """Return the networks that lead anywhere: `none` has nothing but the loopback."""
    found: JsonObject = inspected["NetworkSettings"]["Networks"] or {}
    return {name: each for name, each in found.items() if name != "none"}


def _sharing(owner: JsonMapping) -> tuple[str, ...]:
    """Return the names of the containers that are in the network namespace of another."""
    listed = docker("ps", "--quiet", "--no-trunc")
    if listed.returncode != 0:
        raise _silent(listed.stderr)
    # One that ended meanwhile is left out of the answer, and holds no network any more.
    others = json.loads(docker("container", "inspect", *listed.stdout.split()).stdout or "[]")
    theirs = {_SHARED + owner["Id"], _SHARED + owner["Name"].removeprefix("/")}
    return tuple(sorted(one["Name"].removeprefix("/") for one in others if _mode(one) in theirs))


def _inspected(name: str) -> JsonObject:
    found = docker("container", "inspect", name)
    if found.returncode == 1 and "No such container" in found.stderr:
        raise BadInputError(f"there is no container {name!r}", hint="docker ps shows them")
    if found.returncode != 0:
        raise _silent(found.stderr)
    inspected: JsonObject = json.loads(found.stdout)[0]
    return inspected


def _silent(said: str) -> UnreachableError:
    return UnreachableError(
        f"the container engine cannot be asked: {last_line(said)}",
        hint="docker version says whether it answers",
    )


def _run(words: Sequence[str]) -> str:
    done = docker(*words, timeout_s=60)
    if done.returncode != 0:
        raise UnreachableError(last_line(done.stderr) or f"exit code {done.returncode}")
    return done.stdout.strip()


def _is_id(alias: str) -> bool:
    """Return whether an alias is the short id that the engine adds by itself."""
    return len(alias) == 12 and all(letter in "0123456789abcdef" for letter in alias)  # noqa: PLR2004
