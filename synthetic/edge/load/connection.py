"""One connection to the target: requests go out and answers come in without a thread of their own.

A greenlet for each request costs more than the request; here the event loop calls back when
bytes arrive. The answers are parsed by llhttp, as packed with Locust's own HTTP client.
"""

import ssl
from collections.abc import Callable
from typing import Any, Final

import gevent
from geventhttpclient._parser import HTTPParseError, HTTPResponseParser

READ_BYTES: Final = 65_536
MOST_KEPT: Final = 8 * 2**20
"""Of an answer that is looked at; what a larger one says is not known."""
_WAIT: Final = (BlockingIOError, ssl.SSLWantReadError, ssl.SSLWantWriteError)
FIRST_FINAL: Final = 200
"""RFC 9110 section 15.2: what is below only announces the answer."""


class _Answer(HTTPResponseParser):
    """Keeps of an answer what a load test wants: its status, and its body where asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.complete = self.reusable = False
        self.keep_body = self.no_body = False
        self.status = 0
        self.body = bytearray()
        self.headers: dict[str, str] = {}
        self.too_long = False
        self._field = ""

    def _on_message_begin(self) -> None:
        pass

    def _on_status(self, _text: str) -> None:
        pass

    def _on_header_field(self, text: str) -> None:
        self._field = text.lower()

    def _on_header_value(self, text: str) -> None:
        if self.keep_body:
            self.headers[self._field] = text

    def _on_headers_complete(self) -> bool:
        return self.no_body

    def _on_body(self, data: bytearray) -> None:
        if self.keep_body and not self.too_long:
            self.body += data
            self.too_long = len(self.body) > MOST_KEPT

    def _on_message_complete(self) -> None:
        self.status = self.get_code()
        self.complete = self.status >= FIRST_FINAL
        self.reusable = self.should_keep_alive()


class Connection:
    """A connected socket; `on_end(connection, status)` hears how each request ended.

    A status of 0 means that the connection ended or spoke nonsense before a whole answer.
    """

    def __init__(self, sock: Any, on_end: Callable[["Connection", int], None]) -> None:
        self._socket, self._on_end = sock, on_end
        self._pending: Callable[[], int] | None = getattr(sock, "pending", None)  # only TLS has it
        self._answer = _Answer()
        self._watcher: Any = gevent.get_hub().loop.io(sock.fileno(), 1)
        self._watcher.start(self._readable)
        self.request: Any = None
        self.idle_since = 0.0
        self.answers = 0
        self.heard = False
        self.open = True
        self._is_sent = True

    @property
    def reusable(self) -> bool:
        """Return whether another request may follow the answer that has just come."""
        return self.open and self._is_sent and self._answer.reusable

    @property
    def body(self) -> bytes:
        """Return the body of the last answer, empty unless it was asked for, or too long."""
        return b"" if self._answer.too_long else bytes(self._answer.body)

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of the last answer, in small letters; none unless asked for."""
        return self._answer.headers

    def send(self, data: bytes, request: Any, *, keep_body: bool, no_body: bool) -> bool:
        """Start a request; return whether the connection took it. `request` is the caller's."""
        answer = self._answer
        answer.complete, answer.keep_body, answer.no_body = False, keep_body, no_body
        if keep_body:
            answer.body, answer.headers, answer.too_long = bytearray(), {}, False
        self.heard = False
        try:
            sent = self._socket.send(data)
        except _WAIT:
            sent = 0
        except OSError:
            self.close()
            return False
        self.request = request
        self._is_sent = sent == len(data)  # an early answer leaves the rest in the way
        if not self._is_sent:
            gevent.spawn(self._send_rest, data[sent:], request)
        return True

    def close(self) -> None:
        """End the connection without a callback."""
        if self.open:
            self.open = False
            self.request = None
            self._watcher.stop()
            self._watcher.close()
            self._socket.close()

    def _send_rest(self, data: bytes, request: Any) -> None:
        while data and self.open and self.request is request:
            try:
                data = data[self._socket.send(data) :]
            except _WAIT:
                gevent.sleep(0.001)
            except OSError:
                return  # refused in the middle: what it said before that is still to be read
        if not data and self.request is request:
            self._is_sent = True

    def _readable(self) -> None:
        try:
            data = self._socket.recv(READ_BYTES)
            while self._pending is not None and self._pending():
                data += self._socket.recv(READ_BYTES)
        except _WAIT:
            return
        except OSError:
            self._end(0)
            return
        if self.request is None:
            self._end(0)  # closed while idle, or an answer that nobody asked for
            return
        answer = self._answer
        self.heard = self.heard or bool(data)
        try:
            answer.feed(data)
        except HTTPParseError:
            if not answer.complete:
                self._end(0)
                return
            answer.reusable = False  # what follows a whole answer is no other one
        if answer.complete:
            self.answers += 1
            self._end(answer.status)
        elif not data:
            self._end(0)

    def _end(self, status: int) -> None:
        if not status:
            self._answer.reusable = False
        self._on_end(self, status)
