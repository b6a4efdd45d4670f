"""A TCP proxy in front of one server: a cable that tests cut, or slow down one way."""

import contextlib
import socket
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from tests.support.container import Server

_CHUNK = 65_536


@dataclass
class Proxy:
    """Listens on loopback; `holding` delays what clients send, `cut` drops and refuses them."""

    server: Server
    listener: socket.socket
    flows: threading.Event = field(default_factory=threading.Event)
    is_held: Callable[[bytes], bool] | None = None
    is_cut: bool = False
    _sockets: list[socket.socket] = field(default_factory=list)

    @property
    def port(self) -> int:
        """Return the port on 127.0.0.1 where it listens."""
        return int(self.listener.getsockname()[1])

    @contextlib.contextmanager
    def holding(self, is_held: Callable[[bytes], bool]) -> Iterator[None]:
        """Keep what fulfils a condition until the end of the block, though its sender hangs up."""
        self.flows.clear()
        self.is_held = is_held
        try:
            yield
        finally:
            self.is_held = None
            self.flows.set()

    def cut(self) -> None:
        """End all connections, and every new one at once."""
        self.is_cut = True
        for one in [*self._sockets]:
            with contextlib.suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)

    def mend(self) -> None:
        """Undo `cut`."""
        self.is_cut = False

    def serve(self) -> None:
        """Accept until the listener is closed."""
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            if self.is_cut:
                client.close()
                continue
            server = socket.create_connection((self.server.host, self.server.port))
            self._sockets += [client, server]
            threading.Thread(target=self._join, args=(client, server), daemon=True).start()

    def _join(self, client: socket.socket, server: socket.socket) -> None:
        back = threading.Thread(target=_copy, args=(server, client), daemon=True)
        back.start()
        self._pass_on(client, server)
        back.join()
        client.close()
        server.close()

    def _pass_on(self, client: socket.socket, server: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while data := client.recv(_CHUNK):
                if self.is_held is not None and self.is_held(data):
                    self.flows.wait()
                server.sendall(data)
        with contextlib.suppress(OSError):
            server.shutdown(socket.SHUT_WR)


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(_CHUNK):
            target.sendall(data)
    with contextlib.suppress(OSError):
        target.shutdown(socket.SHUT_WR)


@contextlib.contextmanager
def proxy_of(server: Server) -> Iterator[Proxy]:
    """Give a proxy in front of a server; all flows at first."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = Proxy(server, listener)
        thread = threading.Thread(target=proxy.serve, daemon=True)
        thread.start()
        try:
            yield proxy
        finally:
            proxy.cut()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)
