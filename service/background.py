"""Tasks that run in the background: repeating work, and ending all of them for sure."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Final

_PATIENCE_S: Final = 0.2


async def cancel_all(tasks: Iterable[asyncio.Task[None] | None]) -> None:
    """Cancel tasks and return when all have ended; None stands for one that never began.

    A library that turns its own time-out into an exception may swallow a cancellation that comes
    in the same moment, and the task goes on: so each is cancelled until it ends.
    """
    waiting = {task for task in tasks if task is not None and not task.done()}
    while waiting:
        for task in waiting:
            task.cancel()
        _, waiting = await asyncio.wait(waiting, timeout=_PATIENCE_S)


class Repeating:
    """Calls `work` every `every_s` seconds; after an exception it is simply called again."""

    def __init__(self, work: Callable[[], Awaitable[None]], *, every_s: float, name: str) -> None:
        self._work, self._every_s, self._name = work, every_s, name
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.create_task(self._forever(), name=self._name)

    async def stop(self) -> None:
        """Stop."""
        await cancel_all([self._task])

    async def _forever(self) -> None:
        while True:
            with contextlib.suppress(Exception):
                await self._work()
            await asyncio.sleep(self._every_s)
