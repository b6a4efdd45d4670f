"""Requests and their answers over kept-alive connections, each within the profile's timeout."""

import socket
import ssl
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlsplit

import gevent
import gevent.socket
from gevent.event import AsyncResult

from synthetic.edge.load.connection import Connection
from synthetic.edge.load.opener import Opener
from synthetic.load.job import Job
from synthetic.load.requests import Call
from synthetic.load.samples import Outcome

Done = Callable[[Outcome, int, bytes, Mapping[str, str]], None]
MAX_IDLE_S: Final = 2.0
"""Servers close connections that idle for some seconds (uvicorn after 5): we do before them."""
SWEEP_S: Final = 0.02
_SAFE_AGAIN: Final = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
"""RFC 9110 section 9.2.2: these may be sent again when the connection closed under them."""


_BODIED: Final = frozenset({"POST", "PUT", "PATCH"})
"""RFC 9110 section 8.6: these say so where they have no content."""
NO_HEADERS: Final[Mapping[str, str]] = {}


@dataclass(slots=True, eq=False)
class _Request:
    call: Call
    data: bytes
    done: Done
    ends_at: float
    keep_body: bool
    connection: Connection | None = None
    ended: bool = False
    again: bool = False


class Exchange:
    """Sends calls to one target of a job. `retried` counts the calls that were sent again."""

    def __init__(self, job: Job, url: str) -> None:
        self.retried = 0
        parts = urlsplit(url)
        self._host = parts.hostname or ""
        tls = parts.scheme == "https"
        self._port = parts.port or (443 if tls else 80)
        self._tls = ssl.create_default_context(cafile=job.ca_file) if tls else None
        self._prefix = parts.path.rstrip("/")
        self._heads = _heads(job, parts.netloc)
        self._timeout_s = job.profile.timeout_s
        self._fresh = job.profile.fresh_connections
        self._fixed: dict[tuple[int, int], bytes] = {}
        self._idle: list[Connection] = []
        self._pending: deque[_Request] = deque()
        self._opener = Opener(self._host, self._port)
        self._sweeper: Any = None

    def start(self, call: Call, done: Done, *, keep_body: bool = False, names: bytes = b"") -> None:
        """Send `call` now; `done(outcome, status, body, headers)` follows once, within the timeout.

        `done` is called from the event loop and must not wait for anything. `names` are header
        lines that this request has besides.
        """
        if self._sweeper is None:
            self._sweeper = gevent.spawn(self._sweep)
        now = time.perf_counter()
        data = self._bytes(call)
        if names:
            first = data.index(b"\r\n") + 2
            data = data[:first] + names + data[first:]
        request = _Request(call, data, done, now + self._timeout_s, keep_body)
        self._pending.append(request)
        self._place(request, now)

    def send(self, call: Call) -> tuple[Outcome, int, bytes, Mapping[str, str]]:
        """Send `call`, wait, and return how it ended: status (0: none), body and headers."""
        result: Any = AsyncResult()
        self.start(call, lambda *ending: result.set(ending), keep_body=True)
        outcome, status, body, headers = result.get()
        return outcome, status, body, headers

    def close(self) -> None:
        """End all connections."""
        if self._sweeper is not None:
            self._sweeper.kill()
            self._sweeper = None
        for connection in self._idle:
            connection.close()
        self._idle.clear()

    def _place(self, request: _Request, now: float) -> None:
        while self._idle:
            connection = self._idle.pop()
            if now - connection.idle_since > MAX_IDLE_S:
                connection.close()
            elif connection.open and self._give(connection, request):
                return
        gevent.spawn(self._open, request)

    def _give(self, connection: Connection, request: _Request) -> bool:
        request.connection = connection
        return connection.send(
            request.data,
            request,
            keep_body=request.keep_body,
            no_body=request.call.method == "HEAD",
        )

    def _open(self, request: _Request) -> None:
        left_s = request.ends_at - time.perf_counter()
        try:
            with gevent.Timeout(max(left_s, 0.001)):
                sock = self._connected()
        except gevent.Timeout:
            self._finish(request, Outcome.TIMEOUT)
            return
        except OSError:  # refused, unknown name, no route, a certificate that does not hold
            self._finish(request, Outcome.REFUSED)
            return
        connection = Connection(sock, self._ended)
        if request.ended:
            connection.close()
        elif not self._give(connection, request):
            self._finish(request, Outcome.BROKEN)

    def _connected(self) -> Any:
        if self._tls is None:
            return self._opener.connected()
        sock = gevent.socket.create_connection((self._host, self._port))
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wrapped = self._tls.wrap_socket(sock, server_hostname=self._host)
        wrapped.settimeout(0)
        return wrapped

    def _ended(self, connection: Connection, status: int) -> None:
        request: _Request | None = connection.request
        connection.request = None
        body, headers = (connection.body, connection.headers) if _keeps(request) else (b"", {})
        if connection.reusable and not self._fresh:
            connection.idle_since = time.perf_counter()
            self._idle.append(connection)
        else:
            connection.close()
        if request is None:
            if connection in self._idle:
                self._idle.remove(connection)
            return
        if status:
            self._finish(request, Outcome.ANSWERED, status, body, headers)
        elif self._closed_under(connection, request):
            request.again = True
            self.retried += 1
            gevent.spawn(self._open, request)
        else:
            self._finish(request, Outcome.BROKEN)

    def _closed_under(self, connection: Connection, request: _Request) -> bool:
        """Return whether the target closed an idle connection just as we used it again."""
        unheard = connection.answers > 0 and not connection.heard
        return unheard and not request.again and request.call.method in _SAFE_AGAIN

    def _finish(
        self,
        request: _Request,
        outcome: Outcome,
        status: int = 0,
        body: bytes = b"",
        headers: Mapping[str, str] = NO_HEADERS,
    ) -> None:
        if not request.ended:
            request.ended = True
            request.done(outcome, status, body, headers)

    def _sweep(self) -> None:
        """End what has used up its time; all have the same, so that the first is the oldest."""
        pending = self._pending
        while True:
            now = time.perf_counter()
            while pending and (pending[0].ended or pending[0].ends_at <= now):
                request = pending.popleft()
                if request.ended:
                    continue
                if request.connection is not None and request.connection.request is request:
                    request.connection.close()
                self._finish(request, Outcome.TIMEOUT)
            gevent.sleep(SWEEP_S)

    def _bytes(self, call: Call) -> bytes:
        if not call.fixed:
            return self._written(call)
        key = call.number, call.owner
        known = self._fixed.get(key)
        if known is None:
            known = self._fixed[key] = self._written(call)
        return known

    def _written(self, call: Call) -> bytes:
        head = b"%s %s%s HTTP/1.1\r\n%s" % (
            call.method.encode(),
            self._prefix.encode(),
            call.path.encode(),
            self._heads[call.owner if len(self._heads) > 1 else 0],
        )
        own = {name.lower() for name in call.headers}
        for name, value in call.headers.items():
            safe = value.replace("\r", " ").replace("\n", " ")  # it may come out of an answer
            head += f"{name}: {safe}\r\n".encode("latin-1", "replace")
        if self._fresh:
            head += b"Connection: close\r\n"
        if call.body is None:
            return head + (b"Content-Length: 0\r\n\r\n" if call.method in _BODIED else b"\r\n")
        if "content-type" not in own:
            head += f"Content-Type: {call.kind}\r\n".encode()
        return b"%sContent-Length: %d\r\n\r\n%s" % (head, len(call.body), call.body)


def _keeps(request: _Request | None) -> bool:
    return request is not None and request.keep_body


def _heads(job: Job, netloc: str) -> list[bytes]:
    """Return the header lines that never change, one for each owner's key."""
    common = f"Host: {netloc}\r\nUser-Agent: calendar-sre-load\r\nAccept: */*\r\n"
    common += "".join(f"{name}: {value}\r\n" for name, value in job.headers)
    return [
        (common + (f"Authorization: Bearer {key}\r\n" if key else "")).encode()
        for key in job.keys or ("",)
    ]
