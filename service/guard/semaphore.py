"""A semaphore that reports how many wait at it."""

import asyncio
from collections.abc import Callable
from types import TracebackType


class CountedSemaphore:
    """A block of `async with` that at most `at_once` tasks are in; the others wait in line.

    `on_waiting` hears how long the line is. Who is cancelled leaves it.
    """

    def __init__(self, at_once: int, *, on_waiting: Callable[[int], None]) -> None:
        self._free, self._on_waiting = asyncio.Semaphore(at_once), on_waiting
        self._waiting = 0

    async def __aenter__(self) -> None:
        self._change(1)
        try:
            await self._free.acquire()
        finally:
            self._change(-1)

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        value: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._free.release()

    def _change(self, by: int) -> None:
        self._waiting += by
        self._on_waiting(self._waiting)
