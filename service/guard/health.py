"""Looking at the dependencies once a second, so that every answer knows how they are."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from service.guard.dependency import Dependency
from service.observe.journal import Journal
from service.telemetry import Telemetry

CONNECTED: Final = "connected"
DISCONNECTED: Final = "disconnected"
NOT_CONFIGURED: Final = "not_configured"


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
        """Check each once, then go on in the background."""
        await asyncio.gather(*(self._check(check) for check in self._checks))
        self._tasks = [asyncio.create_task(self._forever(check)) for check in self._checks]

    async def stop(self) -> None:
        """Stop checking."""
        for task in self._tasks:
            task.cancel()
        if self._tasks:
            await asyncio.wait(self._tasks)

    async def _forever(self, check: Check) -> None:
        while True:
            await asyncio.sleep(self._interval_s)
            await self._check(check)

    async def _check(self, check: Check) -> None:
        name = check.dependency.name
        try:
            async with asyncio.timeout(self._interval_s):
                await check.ping()
        except Exception as error:  # noqa: BLE001 - whatever it is, the dependency is not usable
            self._changed(name, up=False, reason=type(error).__name__)
            check.dependency.breaker.trip()
            return
        check.dependency.breaker.succeeded()
        self._changed(name, up=True, reason="")
        if name not in self._ready:
            await self._prepare(check)

    async def _prepare(self, check: Check) -> None:
        try:
            await check.on_return()
        except Exception as error:  # noqa: BLE001 - it is tried again with the next check
            self._journal.event(
                "ERROR", "prepare_failed", dependency=check.dependency.name, error=str(error)[:200]
            )
            return
        self._ready.add(check.dependency.name)

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
