"""The same request again and again over real connections, and what it costs the server."""

import asyncio
from dataclasses import dataclass

import psutil


@dataclass(frozen=True, slots=True)
class Cost:
    """What one request took: CPU of the server's process in microseconds."""

    cpu_us: float


class _Client(asyncio.Protocol):
    """Sends the next request as soon as the answer is complete."""

    def __init__(self, request: bytes, left: list[int], done: asyncio.Future[None]) -> None:
        self._request, self._left, self._done = request, left, done
        self._buffer = b""
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._send()

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head, found, body = self._buffer.partition(b"\r\n\r\n")
        if not found:
            return
        length = int(head.lower().split(b"content-length: ", 1)[1].split(b"\r\n", 1)[0])
        if len(body) < length:
            return
        if not head.startswith(b"HTTP/1.1 2"):
            self._fail(AssertionError(self._buffer[:500]))
            return
        self._buffer = b""
        self._send()

    def connection_lost(self, exc: Exception | None) -> None:
        self._fail(exc or ConnectionError("the server closed the connection"))

    def _send(self) -> None:
        assert self._transport is not None
        if self._left[0] <= 0:
            if not self._done.done():
                self._done.set_result(None)
            return
        self._left[0] -= 1
        self._transport.write(self._request)

    def _fail(self, error: Exception) -> None:
        if not self._done.done():
            self._done.set_exception(error)


def drive(port: int, pid: int, request: bytes, *, total: int, connections: int = 32) -> Cost:
    """Send `request` so often and return what each cost the process `pid`."""

    async def work() -> None:
        loop = asyncio.get_running_loop()
        done = loop.create_future()
        left = [total]
        opened = [
            await loop.create_connection(lambda: _Client(request, left, done), "127.0.0.1", port)
            for _ in range(connections)
        ]
        try:
            await asyncio.wait_for(done, 120)
        finally:
            for transport, _ in opened:
                transport.abort()

    process = psutil.Process(pid)
    before = process.cpu_times()
    asyncio.run(work())
    after = process.cpu_times()
    used = after.user - before.user + after.system - before.system
    return Cost(used / total * 1e6)


def get(path: str, key: str = "") -> bytes:
    """Return a GET request."""
    return f"GET {path} HTTP/1.1\r\nhost: x\r\n{_key(key)}\r\n".encode()


def post(path: str, body: bytes, key: str = "") -> bytes:
    """Return a POST request with a JSON body."""
    head = f"POST {path} HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    return f"{head}{_key(key)}content-length: {len(body)}\r\n\r\n".encode() + body


def _key(key: str) -> str:
    return f"authorization: Bearer {key}\r\n" if key else ""
