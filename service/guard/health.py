"""Looking at the dependencies once a second, so that every answer knows how they are."""

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final

from service.background import cancel_all, within
from service.guard.dependency import Dependency
from service.observe.journal import Journal
from service.telemetry import Telemetry

CONNECTED: Final = "connected"
DISCONNECTED: Final = "disconnected"
NOT_CONFIGURED: Final = "not_configured"
_FIRST_CHECKS_S: Final = 3.0
_PREPARE_S: Final = 90.0  # who prepares gives up before
_SHORTEST_REST_S: Final = 0.1  # however many calls take too long


async def nothing() -> None:
    """Do nothing: many a dependency needs no preparation, and has nothing to tell."""


@dataclass(frozen=True, slots=True)
class Check:
    """How to see whether a dependency answers, and what to do when it comes back.

    `look` asks it for more, which may take long: what it refuses counts, not how long it takes.
    """

    dependency: Dependency
    ping: Callable[[], Awaitable[object]]
    on_return: Callable[[], Awaitable[None]] = nothing
    look: Callable[[], Awaitable[None]] = nothing


class Watch:
    """Checks each dependency every `interval_s`; its breaker opens and closes with the result.

    A call that takes too long is a reason to check at once.
    """

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
        self._states: dict[str, str] = {}  # why each is down, empty for one that is up
        self._ready: set[str] = set()  # those whose `on_return` has succeeded
        self._tasks: list[asyncio.Task[None]] = []

    def is_up(self, name: str) -> bool:
        """Return whether the last check found it, and it is not failing since."""
        return self._states.get(name) == ""

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
        doubt = asyncio.Event()
        check.dependency.on_doubt = doubt.set
        while True:
            doubt.clear()
            await self._check(check)
            once.set()
            rest_s = min(_SHORTEST_REST_S, self._interval_s)
            await asyncio.sleep(rest_s)
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(doubt.wait(), self._interval_s - rest_s)

    async def _check(self, check: Check) -> None:
        name, due = check.dependency.name, time.monotonic() + self._interval_s
        try:
            await within(self._interval_s, check.ping)
        except Exception as error:  # noqa: BLE001 - whatever it is, the dependency is not usable
            if not check.dependency.is_own_stall(error, due):  # else the next check will tell
                self._is_down(check, type(error).__name__)
            return
        if name not in self._ready and not await self._prepare(check):
            return
        if await self._looks_well(check):
            check.dependency.breaker.succeeded()
            self._changed(name, "")

    async def _looks_well(self, check: Check) -> bool:
        try:
            await within(self._interval_s, check.look)
        except Exception as error:  # noqa: BLE001 - whatever it is but want of time
            if not check.dependency.is_want_of_time(error):
                self._is_down(check, type(error).__name__)
                return False
        return True

    async def _prepare(self, check: Check) -> bool:
        """Make a dependency ready for use, once; return whether it is."""
        name = check.dependency.name
        try:
            await within(_PREPARE_S, check.on_return)
        except Exception as error:  # noqa: BLE001 - it is tried again with the next check
            reason = f"prepare_failed: {kind_of(error)}"
            if self._states.get(name) != reason:
                self._journal.event(
                    "ERROR", "prepare_failed", dependency=name, error=kind_of(error)
                )
            self._changed(name, reason)
            return False
        self._ready.add(name)
        return True

    def _is_down(self, check: Check, reason: str) -> None:
        self._changed(check.dependency.name, reason)
        check.dependency.breaker.trip()

    def _changed(self, name: str, reason: str) -> None:
        """Note why a dependency is down, empty when it is up; what is new is said."""
        before = self._states.get(name)
        self._states[name] = reason
        self._telemetry.dependency_up.set(float(not reason), name)
        if before == reason:
            return
        if reason:
            self._journal.event("ERROR", "dependency_down", dependency=name, reason=reason)
        else:
            self._journal.event("INFO", "dependency_up", dependency=name)


def kind_of(error: Exception) -> str:
    """Return the kind of an error and the server's number of it: never its text, which has values.

    MongoDB's own text may hold the document that it refuses, with the person it is about.
    """
    code = getattr(error, "code", None)
    return f"{type(error).__name__} {code}" if isinstance(code, int) else type(error).__name__
