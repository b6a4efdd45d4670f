"""Tasks that run in the background: repeating work, and ending all of them for sure."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Final, TypeVar

_PATIENCE_S: Final = 0.2
Result = TypeVar("Result")


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


async def within(seconds: float, work: Callable[[], Awaitable[Result]]) -> Result:
    """Return what `work` returns; raises TimeoutError after so many seconds, whatever it does then.

    It runs in a task of its own: one that swallows its cancellation, or whose library cancels it,
    takes nobody along. `asyncio.timeout` waits for the first and cannot tell the second from us.
    """

    async def working() -> Result:
        return await work()

    task = asyncio.create_task(working())
    task.add_done_callback(_heeded)
    try:
        await asyncio.wait({task}, timeout=seconds)
    finally:
        task.cancel()
    if not task.done() or task.cancelled():
        raise TimeoutError
    return task.result()


def _heeded(task: asyncio.Task[Result]) -> None:
    """Take note of how a task has ended: nobody else may be there to."""
    if not task.cancelled():
        task.exception()


def is_cancelled_by_us() -> bool:
    """Return whether somebody has asked the current task to end, not a library by mistake."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


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
            try:
                with contextlib.suppress(Exception):
                    await self._work()
            except asyncio.CancelledError:
                if is_cancelled_by_us():
                    raise
            await asyncio.sleep(self._every_s)
