"""Run the console until it is told to stop."""

import gc
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from ipaddress import ip_address
from threading import Event, Thread
from typing import Final

import uvicorn

from console.edge.about import About
from console.edge.app import build
from console.edge.session import SHORTEST, Session, new_token
from kit.pure.errors import BadInputError, UnreachableError

_GRACE_S: Final = 2


@dataclass(frozen=True, slots=True)
class Place:
    """Where the console listens, under which names it may be asked, and its token."""

    host: str
    port: int
    names: tuple[str, ...] = ()
    token: str | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Opened:
    """Where it listens, and the token that was made for it, if one was."""

    url: str
    token: str | None = field(default=None, repr=False)


class Server(uvicorn.Server):
    """A server that tells open streams to end before it waits for them."""

    def __init__(self, config: uvicorn.Config, stopping: Event) -> None:
        super().__init__(config)
        self._stopping = stopping

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End the streams, then everything else."""
        self._stopping.set()
        await super().shutdown(sockets)


def is_loopback(host: str) -> bool:
    """Say whether an address is reached from this machine only."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def session_of(place: Place) -> Session | None:
    """Return who may come in: on loopback without a token everybody on this machine."""
    if place.token is not None:
        if len(place.token) < SHORTEST:
            raise BadInputError(
                f"SRE_CONSOLE_TOKEN has {len(place.token)} letters, and could be guessed",
                hint=f"use {SHORTEST} or more, or leave it out to have one made",
            )
        return Session(place.token)
    return None if is_loopback(place.host) else Session(new_token())


def run(about: About, place: Place, say: Callable[[Opened], None]) -> None:
    """Serve until interrupted. Raises UnreachableError where the port cannot be had."""
    with _listening(place) as listening:
        server, opened = _server(about, place, listening)
        say(opened)
        server.run(sockets=[listening])


@contextmanager
def serving(about: About, place: Place) -> Iterator[Opened]:
    """Serve in a thread for as long as the block lasts. Raises as `run`."""
    with _listening(place) as listening:
        server, opened = _server(about, place, listening)
        thread = Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            yield opened
        finally:
            server.should_exit = True
            thread.join(2 * _GRACE_S)


def _server(about: About, place: Place, listening: socket.socket) -> tuple[Server, Opened]:
    session = session_of(place)
    shown = f"[{place.host}]" if ":" in place.host else place.host
    made = session.token if session is not None and place.token is None else None
    stopping = Event()
    app = build(about, names=(place.host, *place.names), session=session, stopping=stopping)
    # What is loaded by now stays: looking through it for garbage costs as much as a page.
    gc.collect()
    gc.freeze()
    config = uvicorn.Config(
        app, log_level="warning", server_header=False, timeout_graceful_shutdown=_GRACE_S
    )
    url = f"http://{shown}:{listening.getsockname()[1]}/"
    return Server(config, stopping), Opened(url, made)


@contextmanager
def _listening(place: Place) -> Iterator[socket.socket]:
    family = socket.AF_INET6 if ":" in place.host else socket.AF_INET
    listening = socket.socket(family, socket.SOCK_STREAM)
    with listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((place.host, place.port))
            listening.listen(128)  # whoever is told the address waits from then on, and is served
        except (OSError, OverflowError) as err:
            raise UnreachableError(
                f"cannot listen on {place.host}:{place.port}: {err}",
                hint="something else listens there; choose another --port, or 0 for a free one",
            ) from err
        yield listening
