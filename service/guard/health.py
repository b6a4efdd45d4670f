"""Looking at the dependencies once a second, so that every answer knows how they are."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from service.background import cancel_all
from service.guard.dependency import Dependency
from service.observe.journal import Journal
from service.telemetry import Telemetry

CONNECTED: Final = "connected"
DISCONNECTED: Final = "disconnected"
NOT_CONFIGURED: Final = "not_configured"
_FIRST_CHECKS_S: Final = 3.0


@dataclass(frozen=True, slots=True)
class Check:
    """How to see whether a dependency answers, and what to do when it comes back."""

    dependency: Dependency
    ping: Callable[[], Awaitable[object]]
    on_return: Callable[[], Awaitable[None]]


class Watch:
    """Checks each dependency every `interval_s`; its breaker opens and closes with the result."""

    def __init__(
        self,
        checks: tuple[Check, ...],
        *,
        interval_s: float,
        telemetry: Telemetry,
        journal: Journal,
    ) -> None:
        self._checks, self._interval_s = checks, interval_s
        self._telemetry, self._journal = telemetry, journal
        self._up: dict[str, bool] = {}
        self._ready: set[str] = set()  # those whose `on_return` has succeeded
        self._tasks: list[asyncio.Task[None]] = []

    def is_up(self, name: str) -> bool:
        """Return whether the last check found it, and it is not failing since."""
        return self._up.get(name, False)

    async def start(self) -> None:
        """Begin to check in the background; return after each was checked once, or was too slow."""
        seen = [asyncio.Event() for _ in self._checks]
        pairs = zip(self._checks, seen, strict=True)
        self._tasks = [asyncio.create_task(self._forever(check, once)) for check, once in pairs]
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_FIRST_CHECKS_S):
                for once in seen:
                    await once.wait()

    async def stop(self) -> None:
        """Stop checking."""
        await cancel_all(self._tasks)

    async def _forever(self, check: Check, once: asyncio.Event) -> None:
        while True:
            await self._check(check)
            once.set()
            await asyncio.sleep(self._interval_s)

    async def _check(self, check: Check) -> None:
        name, due = check.dependency.name, time.monotonic() + self._interval_s
        try:
            async with asyncio.timeout(self._interval_s):
                await check.ping()
        except Exception as error:  # noqa: BLE001 - whatever it is, the dependency is not usable
            if check.dependency.is_own_stall(error, due):
                return  # this process was busy: the next check will tell
            self._changed(name, up=False, reason=type(error).__name__)
            check.dependency.breaker.trip()
            return
        if name not in self._ready and not await self._prepare(check):
            return
        check.dependency.breaker.succeeded()
        self._changed(name, up=True, reason="")

    async def _prepare(self, check: Check) -> bool:
        """Make a dependency ready for use, once; return whether it is."""
        name = check.dependency.name
        try:
            await check.on_return()
        except Exception as error:  # noqa: BLE001 - it is tried again with the next check
            self._journal.event("ERROR", "prepare_failed", dependency=name, error=str(error)[:200])
            self._changed(name, up=False, reason="prepare_failed")
            return False
        self._ready.add(name)
        return True

    def _changed(self, name: str, *, up: bool, reason: str) -> None:
        before = self._up.get(name)
        self._up[name] = up
        self._telemetry.dependency_up.set(float(up), name)
        if before == up:
            return
        if up:
            self._journal.event("INFO", "dependency_up", dependency=name)
        else:
            self._journal.event("ERROR", "dependency_down", dependency=name, reason=reason)
