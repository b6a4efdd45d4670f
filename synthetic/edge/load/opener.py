"""Plain connections to the target, opened without a thread.

Gevent's own way asks a pool of threads for the address each time, also of a number: ten times
the work of a request, just when a slow target makes many connections necessary.
"""

import errno
import os
import socket
import time
from typing import Any, Final

import gevent.monkey
import gevent.socket

ADDRESSES_S: Final = 5.0
"""So long an answer of the name service is used: a target may move."""


class Opener:
    """Opens connections to one host and port."""

    def __init__(self, host: str, port: int) -> None:
        self._host, self._port = host, port
        self._socket: Any = gevent.monkey.get_original("socket", "socket")
        self._known: list[tuple[int, Any]] = []
        self._until = 0.0

    def connected(self) -> Any:
        """Return a socket that is connected and never blocks; raises OSError when none can be."""
        problem = OSError(errno.EHOSTUNREACH, f"{self._host} has no address")
        for family, address in self._addresses():
            sock = self._socket(family, socket.SOCK_STREAM)
            try:
                self._connect(sock, address)
            except OSError as err:
                sock.close()
                problem = err
            except BaseException:  # the time is over
                sock.close()
                raise
            else:
                return sock
        raise problem

    def _connect(self, sock: Any, address: Any) -> None:
        sock.settimeout(0)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        code = sock.connect_ex(address)
        if code == errno.EINPROGRESS:
            gevent.socket.wait_write(sock.fileno())
            code = sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if code:
            raise OSError(code, os.strerror(code))

    def _addresses(self) -> list[tuple[int, Any]]:
        now = time.monotonic()
        if now >= self._until:
            found = gevent.socket.getaddrinfo(self._host, self._port, type=socket.SOCK_STREAM)
            self._known = [(family, address) for family, _, _, _, address in found]
            self._until = now + ADDRESSES_S
        return self._known
