"""Doing something again and again in the background."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable

from service.ending import end


class Ticking:
    """Calls `work` every `every_s` seconds; what it raises is for the next time to mend."""

    def __init__(self, work: Callable[[], Awaitable[None]], *, every_s: float) -> None:
        self._work, self._every_s = work, every_s
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._forever(), name="ticking")

    async def stop(self) -> None:
        """Stop."""
        await end([self._task])

    async def _forever(self) -> None:
        while True:
            with contextlib.suppress(Exception):  # who works has a lease, which ends by itself
                await self._work()
            await asyncio.sleep(self._every_s)
