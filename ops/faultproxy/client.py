"""Start the proxy in its container, and tell it what to break."""

import contextlib
import json
import socket
import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from io import BufferedReader
from pathlib import Path
from typing import Final

from kit.pure.errors import UnreachableError
from ops.drills.containers import LOOPBACK, Running, Wanted, free_port, start

_SERVER: Final = Path(__file__).with_name("server.py")
_PLACE: Final = "/fault-proxy"
_PATIENCE_S: Final = 60.0


@dataclass(slots=True)
class FaultProxy:
    """A running proxy. `ports` are where each link listens on loopback.

    One connection carries all commands for as long as this lives: when it ends, with the process
    at the latest, the proxy mends every link by itself.
    """

    running: Running
    ports: Mapping[str, int]
    control: socket.socket
    lines: BufferedReader = field(init=False)
    turn: threading.Lock = field(default_factory=threading.Lock)

    def __post_init__(self) -> None:
        self.lines = self.control.makefile("rb")

    def set(self, link: str, **fault: float | str | bool) -> int:
        """Break a link in this way and no other; return how many pieces it holds back.

        Without a fault it is mended. Raises UnreachableError when the proxy does not do it.
        """
        try:
            with self.turn:  # one command and its answer at a time
                self.control.sendall(json.dumps({"link": link, **fault}).encode() + b"\n")
                answer = json.loads(self.lines.readline() or b"{}")
        except (OSError, ValueError) as err:
            answer = {"error": str(err)}
            self._begin_again()
        if not answer.get("ok"):
            raise UnreachableError(
                f"the fault proxy did not break {link} with {fault}: "
                f"{answer.get('error', 'it has gone')}",
                hint=f"its last words: {self.running.log()}",
            )
        return int(answer["held"])

    def _begin_again(self) -> None:
        """Speak over a new connection; the proxy mends what the old one broke."""
        self.close()
        with contextlib.suppress(OSError):
            self.control = socket.create_connection((LOOPBACK, self.running.port), _PATIENCE_S)
            self.lines = self.control.makefile("rb")

    def mend(self, link: str) -> int:
        """Let everything pass again; return how many pieces were held back."""
        return self.set(link)

    def close(self) -> None:
        """End the connection, on which every link is mended."""
        with contextlib.suppress(OSError):
            self.lines.close()
            self.control.close()


@contextlib.contextmanager
def fault_proxy(label: str, image: str, servers: Mapping[str, int]) -> Iterator[FaultProxy]:
    """Start a proxy in front of some loopback ports, each a link by its name.

    The container carries the drill's label and is removed with the drill's others.
    """
    control_port = free_port()
    ports = {name: free_port() for name in servers}
    links = [f"{name}={ports[name]}:{LOOPBACK}:{port}" for name, port in servers.items()]
    command = ("python3", f"{_PLACE}/{_SERVER.name}", str(control_port), *links)
    wanted = Wanted("fault-proxy", image, control_port, command=command,
                    mounts={_SERVER.parent: _PLACE})  # fmt: skip
    running = start(wanted, label, lambda: _answers(control_port))
    control = socket.create_connection((LOOPBACK, control_port), timeout=_PATIENCE_S)
    proxy = FaultProxy(running, ports, control)
    try:
        yield proxy
    finally:
        proxy.close()


def _answers(port: int) -> bool:
    with socket.create_connection((LOOPBACK, port), timeout=1):
        return True
