"""Targets whose true answering times are known, each a process of its own."""

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final, cast

import uvloop

ROOT: Final = Path(__file__).resolve().parents[2]
ANSWER: Final = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok"
BACKLOG: Final = 4096


class _Answering(asyncio.Protocol):
    """Answers each request after `delay_s`, with as little work as Python can."""

    def __init__(self, delay_s: float) -> None:
        self._delay_s = delay_s
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to answer."""
        self._transport = cast("asyncio.Transport", transport)  # uvloop's has the same methods

    def data_received(self, data: bytes) -> None:
        """Answer every request whose head ends in `data`: clients here send one at a time."""
        if data.endswith(b"\r\n\r\n") and self._transport is not None:
            if self._delay_s:
                asyncio.get_running_loop().call_later(self._delay_s, self._answer)
            else:
                self._transport.write(ANSWER)

    def _answer(self) -> None:
        if self._transport is not None and not self._transport.is_closing():
            self._transport.write(ANSWER)


async def _serve(delay_s: float, stall_s: float, every_s: float) -> None:
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Answering(delay_s), "127.0.0.1", 0, backlog=BACKLOG)
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
    uvloop.run(_serve(*map(float, sys.argv[1:4])))
