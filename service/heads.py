"""Cutting off request heads that never end: uvicorn waits for the end of one for ever.

Neither is a request yet, so that no deadline of the service's holds for it.
"""

import asyncio
from typing import Any, ClassVar, Final

from uvicorn.protocols.http.auto import AutoHTTPProtocol

_LATE: Final = b"HTTP/1.1 408 Request Timeout\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"
_LARGE: Final = (
    b"HTTP/1.1 431 Request Header Fields Too Large\r\n"
    b"connection: close\r\ncontent-length: 0\r\n\r\n"
)
_Protocol: Any = AutoHTTPProtocol  # whichever uvicorn has; both have `cycle` and `transport`


class HeadsThatEnd(_Protocol):  # type: ignore[misc]  # its base is known at run time
    """uvicorn's protocol, with a deadline and a size for what comes before a request has begun."""

    head_s: ClassVar[float] = 10.0
    most_bytes: ClassVar[int] = 65_536

    def connection_made(self, transport: asyncio.Transport) -> None:
        """Begin to wait for a head."""
        super().connection_made(transport)
        self._head_bytes = 0
        self._head_timer: asyncio.TimerHandle | None = None
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Take what has come; go on waiting where that was not the end of a head."""
        super().data_received(data)
        if self._has_request():
            self._stop_waiting()
            return
        self._head_bytes += len(data)
        if self._head_bytes > self.most_bytes:
            self._give_up(_LARGE)
        elif self._head_timer is None:
            self._wait()

    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no longer."""
        self._stop_waiting()
        super().connection_lost(exc)

    def _has_request(self) -> bool:
        return self.cycle is not None and not self.cycle.response_complete

    def _wait(self) -> None:
        loop = asyncio.get_running_loop()
        self._head_timer = loop.call_later(self.head_s, self._give_up, _LATE)

    def _stop_waiting(self) -> None:
        self._head_bytes = 0
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _give_up(self, answer: bytes) -> None:
        self._head_timer = None
        if not self._has_request() and not self.transport.is_closing():
            self.transport.write(answer)
            self.transport.close()
