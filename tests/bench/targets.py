"""Targets whose true answering times are known, each a process of its own."""

import asyncio
import contextlib
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

import uvloop

ROOT: Final = Path(__file__).resolve().parents[2]
ANSWER: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok"
BACKLOG: Final = 4096


class _Answering(asyncio.Protocol):
    """Answers each request at once, with as little work as Python can."""

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's has the same methods

    def data_received(self, data: bytes) -> None:
        """Answer every request whose head ends in `data`: clients here send one at a time."""
        if data.endswith(b"\r\n\r\n") and self._transport is not None:
            self._transport.write(ANSWER)


def _serve_late(delay_s: float) -> None:
    """Answer each request `delay_s` after its arrival; a thread's sleep is exact to 0.1 ms."""

    def talk(connection: socket.socket) -> None:
        with connection, contextlib.suppress(OSError):
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            while connection.recv(65536):
                time.sleep(delay_s)
                connection.sendall(ANSWER)

    with socket.create_server(("127.0.0.1", 0), backlog=BACKLOG) as listener:
        print(listener.getsockname()[1], flush=True)
        while True:
            threading.Thread(target=talk, args=(listener.accept()[0],), daemon=True).start()


async def _serve(stall_s: float, every_s: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(_Answering, "127.0.0.1", 0, backlog=BACKLOG)
    print(server.sockets[0].getsockname()[1], flush=True)
    while True:
        await asyncio.sleep(every_s - stall_s if stall_s else 3600)
        time.sleep(stall_s)  # noqa: ASYNC251 -- the whole target freezes: that is the test


@contextlib.contextmanager
def target(*, delay_s: float = 0.0, stall_s: float = 0.0, every_s: float = 10.0) -> Iterator[str]:
    """Yield the URL of a target that waits `delay_s` and freezes `stall_s` of every `every_s`."""
    command = [sys.executable, "-m", "tests.bench.targets"]
    command += [str(delay_s), str(stall_s), str(every_s)]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        if child.stdout is None:
            raise AssertionError("it was asked for as a pipe")
        yield f"http://127.0.0.1:{int(child.stdout.readline())}"
    finally:
        child.kill()
        child.communicate()


if __name__ == "__main__":
    late_s, freeze_s, period_s = map(float, sys.argv[1:4])
    if late_s:
        _serve_late(late_s)
    else:
        uvloop.run(_serve(freeze_s, period_s))
