"""Start a server in a container through testcontainers, published on this machine's loopback."""

import random
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, cast

from docker.errors import APIError
from testcontainers.core.container import DockerContainer
from testcontainers.core.network import Network

from kit.edge.containers.session import SESSION_LABEL
from tests.support.container import Server
from tests.support.environment import session_name

_LOOPBACK: Final = "127.0.0.1"
_TRIES: Final = 20
_BELOW_EPHEMERAL: Final = range(20_000, 32_000)
"""No outgoing connection takes a port from here while a stopped server waits for its restart."""


@dataclass(frozen=True, slots=True)
class Spec:
    """What to start: `port` is the one inside, `files` maps paths inside to what they hold.

    `image` is the role of the image where another one than the server's own is run, and `mounts`
    maps folders of this machine to where the server sees them, to read only.
    """

    role: str
    port: int
    command: tuple[str, ...] = ()
    environment: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)
    image: str = ""
    mounts: Mapping[str, str] = field(default_factory=dict)


def new_network() -> Network:
    """Return a Docker network of this test run, yet to be created."""
    return Network(docker_network_kw={"labels": {SESSION_LABEL: session_name()}})


def start_server(
    spec: Spec, image: str, *, network: Network | None = None, alias: str = ""
) -> Server:
    """Start a server and return once it answers on this machine.

    On a `network` of the caller's it is known to the others there as `alias`, by default its role.
    """
    alias = alias or (spec.role if network is not None else "")
    container, port = _started(spec, image, network, alias)
    name = network.name if network is not None else "bridge"
    identity = str(container.get_wrapped_container().id)
    container.get_docker_client().client.close()
    server = Server(spec.role, identity, _LOOPBACK, port, name, alias)
    try:
        server.wait_until_it_answers()
    except BaseException:
        server.remove()
        raise
    return server


def _started(
    spec: Spec, image: str, network: Network | None, alias: str
) -> tuple[DockerContainer, int]:
    for left in reversed(range(_TRIES)):
        port = _free_port()
        container = _configured(spec, image, port)
        if network is not None:
            container = container.with_network(network).with_network_aliases(alias)
        try:
            return container.start(), port
        except APIError as err:
            container.stop()
            if "already allocated" not in str(err) or not left:
                raise
    raise AssertionError


def _configured(spec: Spec, image: str, port: int) -> DockerContainer:
    container = DockerContainer(image).with_envs(**spec.environment)
    container = container.with_kwargs(labels={SESSION_LABEL: session_name()})
    if spec.command:
        container = container.with_command(list(spec.command))
    for here, there in spec.mounts.items():
        container = container.with_volume_mapping(here, there, "ro")
    for path, text in spec.files.items():
        container = container.with_copy_into_container(text.encode(), path)
    # Its own with_bind_ports would publish on every address of this machine.
    cast("dict[str, Any]", container.ports)[f"{spec.port}/tcp"] = (_LOOPBACK, port)
    return container


def _free_port() -> int:
    while True:
        port = random.SystemRandom().choice(_BELOW_EPHEMERAL)
        with socket.socket() as candidate:
            try:
                candidate.bind((_LOOPBACK, port))
            except OSError:
                continue
            return port
