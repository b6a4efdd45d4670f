"""Calculations that may be long, done so that nobody else waits for them.

A little is done at once, which is all that most requests need. What takes more is begun anew in a
thread that stops at the request's deadline, and that lets the others go first every few
milliseconds: a thread of this language would otherwise keep them waiting at every step they take.
"""

import asyncio
import math
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, TypeVar

from service.errors import ProblemError
from service.observe.current import CURRENT
from service.observe.parts import Part
from service.planning.work import MOST_STEPS, Steps, Work, too_much

Result = TypeVar("Result")
_AT_ONCE: Final = 1000  # steps: two or three milliseconds
_LOOK_EVERY: Final = 200  # steps: less than a millisecond
_RUN_S: Final = 0.002
_REST_S: Final = 0.001
_THREADS: Final = 2


class _LongError(Exception):
    """It is more than can be done at once."""


class ComputePool:
    """Where calculations are done; `longest_s` holds for those of no request."""

    def __init__(self, *, longest_s: float) -> None:
        self._longest_s = longest_s
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="compute")
        self._running: set[_Watched] = set()

    async def run(
        self, compute: Callable[[Work], Result], *, code: str = "window_too_large"
    ) -> Result:
        """Return what `compute` returns; it must count its work, and change nothing.

        Raises the problem `code` when it is too much work, `deadline_exceeded` when it is too late.
        """
        try:
            return compute(Steps(_AT_ONCE, _LongError))
        except _LongError:
            pass
        return await self._in_thread(compute, MOST_STEPS, code)

    async def run_in_thread(self, compute: Callable[[Work], Result]) -> Result:
        """Return what `compute` returns, done in a thread at once, within the deadline only."""
        return await self._in_thread(compute, sys.maxsize, "window_too_large")

    async def run_unhurried(self, compute: Callable[[Work], Result]) -> Result:
        """Return what `compute` returns, done in a thread at once, however long it takes."""
        return await self._in_thread(compute, sys.maxsize, "window_too_large", float("inf"))

    def close(self) -> None:
        """Begin nothing more, and end what is being done: a process waits for its threads."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for work in self._running:
            work.stop()

    async def _in_thread(
        self,
        compute: Callable[[Work], Result],
        most: int,
        code: str,
        ends_at: float | None = None,
    ) -> Result:
        trace = CURRENT.get()
        if ends_at is None:
            ends_at = math.inf if trace is None else trace.ends_at
            if math.isinf(ends_at):  # work that no request waits for
                ends_at = time.monotonic() + self._longest_s
        work = _Watched(most, code, ends_at)
        self._running.add(work)
        try:
            with Part("compute", "compute"):
                loop = asyncio.get_running_loop()
                return await loop.run_in_executor(self._threads, compute, work)
        finally:
            work.stop()  # whoever waited may have gone
            self._running.discard(work)


class _Watched(Steps):
    """Counts steps, looks at the clock, and rests for a moment when it has run for some time."""

    __slots__ = ("_ends_at", "_next_look", "_ran_since")

    def __init__(self, most: int, code: str, ends_at: float) -> None:
        super().__init__(most, lambda: too_much(code))
        self._ends_at, self._next_look, self._ran_since = ends_at, most, 0.0

    def stop(self) -> None:
        """Let it end at its next look at the clock, as one that is too late."""
        self._ends_at = float("-inf")

    def __call__(self, steps: int) -> None:
        """Count some steps."""
        super().__call__(steps)
        if self.left > self._next_look:
            return
        self._next_look = self.left - _LOOK_EVERY
        now = time.monotonic()
        if now > self._ends_at:
            raise ProblemError("deadline_exceeded", headers={"Retry-After": "1"})
        ran = time.thread_time()  # where others have the processor anyhow, no rest is needed
        if ran > self._ran_since + _RUN_S:
            time.sleep(_REST_S)
            self._ran_since = ran
