"""Counts the requests that run and ends those that take too long, at no cost to the others.

A timer per request costs two microseconds; looking at the oldest requests twenty times a second
costs nothing per request and is late by at most that twentieth.
"""

import asyncio
from time import monotonic
from typing import Final

from service.background import Repeating
from service.observe.current import Trace
from service.observe.metrics import Gauge

_INTERVAL_S: Final = 0.05


class Deadlines:
    """The requests that run, each with its task; `watch` cancels the late ones."""

    def __init__(self, *, whole_s: float, body_s: float, in_progress: Gauge) -> None:
        self.whole_s, self._in_progress = whole_s, in_progress
        self._earlier_s = max(whole_s - body_s, 0.0)  # by so much a body must be there earlier
        self.running: dict[Trace, asyncio.Task[object]] = {}
        self.watch = Repeating(self._look, every_s=_INTERVAL_S, name="deadlines")

    async def _look(self) -> None:
        self.cancel_late(monotonic())
        self._in_progress.set(float(len(self.running)))

    def cancel_late(self, now: float) -> None:
        """Cancel each request whose deadline has passed at `now`, on the monotonic clock."""
        for trace, task in [*self.running.items()]:
            if trace.ends_at - (self._earlier_s if trace.in_body else 0.0) <= now:
                del self.running[trace]
                task.cancel()
