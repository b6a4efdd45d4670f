"""What the proxy knows of each replica, and how one is taken out without losing a request."""

import csv
import io
import os
import socket
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kit.pure.errors import UnreachableError
from ops.stack.containers import Container
from ops.stack.waiting import wait_until

_BACKEND: Final = "calendar"
_LATE: Final = "late"
"""Where requests go while no replica is ready; it has a place for each, too."""
_ANSWERS_WITHIN_S: Final = 20.0
_ADDRESS: Final = 4  # the column of the address in `show servers state`, version 1
_NAME: Final = 3
_DRAINS_WITHIN_S: Final = 30.0
_FORGETS_WITHIN_S: Final = 30.0


@dataclass(frozen=True, slots=True)
class Place:
    """One place for a replica: the backend, its name there, the address in it, and how it is.

    `busy` counts the requests that it answers now.
    """

    backend: str
    name: str
    address: str
    status: str
    busy: int

    @property
    def is_up(self) -> bool:
        """Say whether requests go there."""
        return self.status.startswith("UP")


class Proxy:
    """The proxy of one stack, spoken to through its socket on this machine."""

    def __init__(self, at: Path) -> None:
        self._socket = at

    def places(self, backend: str = _BACKEND) -> list[Place]:
        """Return the places that hold an address."""
        by_name = {
            words[_NAME]: words[_ADDRESS]
            for words in map(str.split, self._say(f"show servers state {backend}").splitlines())
            if len(words) > _ADDRESS and words[0].isdigit()
        }
        rows = csv.DictReader(io.StringIO(self._say(f"show stat {backend} 4 -1").lstrip("# ")))
        found = {row["svname"]: (row["status"], int(row["scur"] or 0)) for row in rows}
        return [
            Place(backend, name, address, *found[name])
            for name, address in by_name.items()
            if name in found and address not in {"-", "0.0.0.0"}  # noqa: S104 -- how it says none
        ]

    def place_of(self, container: Container) -> Place | None:
        """Return the place of a replica; None while the proxy does not know it."""
        return next((one for one in self._of(container) if one.backend == _BACKEND), None)

    def serving(self) -> frozenset[str]:
        """Return the addresses that requests go to; none while the proxy itself does not answer."""
        try:
            return frozenset(one.address for one in self.places() if one.is_up)
        except UnreachableError:
            return frozenset()

    def let_all_in(self) -> None:
        """Undo every draining: one may be left of a command that was killed."""
        for place in self._everywhere():
            self._set(place, "ready")

    def drained(self, container: Container, then: Callable[[], None]) -> None:
        """Send a replica nothing new, wait until it has answered all, do `then`, free its place.

        A request that lasts longer than any may is left to the replica's own graceful end.
        """
        places = self._of(container)
        for one in places:
            self._set(one, "drain")
        try:
            wait_until(lambda: not any(one.busy for one in self._of(container)), _DRAINS_WITHIN_S)
            then()
            # Only when nothing goes there any more: the place keeps what was set for the next.
            wait_until(lambda: not any(map(self._would_serve, places)), _FORGETS_WITHIN_S)
        finally:
            for one in places:
                self._set(one, "ready")

    def _of(self, container: Container) -> list[Place]:
        address = container.addresses.get("front")
        return [one for one in self._everywhere() if one.address == address]

    def _everywhere(self) -> list[Place]:
        return self.places() + self.places(_LATE)

    def _would_serve(self, place: Place) -> bool:
        """Say whether the proxy still believes that somebody answers at a place."""
        now = next((one for one in self.places(place.backend) if one.name == place.name), None)
        return now is not None and now.address == place.address and "DOWN" not in now.status

    def _set(self, place: Place, state: str) -> None:
        self._say(f"set server {place.backend}/{place.name} state {state}")

    def _say(self, command: str) -> str:
        try:
            return _said(self._socket, command)
        except OSError as err:
            raise UnreachableError(
                f"the proxy does not answer on {self._socket}: {err.strerror or err}",
                hint="docker logs of the proxy says why; sre stack up starts it anew",
            ) from err


def _said(path: Path, command: str) -> str:
    """Return the answer to one command; a socket's name must be short, so the folder is opened."""
    folder = os.open(path.parent, os.O_PATH | os.O_DIRECTORY)
    try:
        with socket.socket(socket.AF_UNIX) as speaker:
            speaker.settimeout(_ANSWERS_WITHIN_S)
            speaker.connect(f"/proc/self/fd/{folder}/{path.name}")
            speaker.sendall(f"{command}\n".encode())
            return b"".join(iter(lambda: speaker.recv(65_536), b"")).decode()
    finally:
        os.close(folder)
