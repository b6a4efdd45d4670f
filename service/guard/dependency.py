"""Calling something that may be away: timed, limited, counted, and not asked in vain."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass
from typing import Final, TypeVar

from service.errors import UnavailableError
from service.guard.breaker import Breaker
from service.observe.current import CURRENT, took
from service.observe.parts import Part
from service.telemetry import Telemetry

Result = TypeVar("Result")
_SHORTEST_CALL_S: Final = 0.02
OWN_STALL_S: Final = 0.5  # a timer that rings so late was kept from it by this process


class FailedError(Exception):
    """A call failed for a reason of the dependency's: `timeout`, `connection`, or another."""

    def __init__(self, reason: str, *, worth_retrying: bool) -> None:
        super().__init__(reason)
        self.reason, self.worth_retrying = reason, worth_retrying


# Returns what an exception says about the dependency; None when it is not the dependency's fault.
Diagnose = Callable[[Exception], FailedError | None]


def is_own_stall(due: float) -> bool:
    """Return whether this process was too busy to notice that something was due."""
    return time.monotonic() - due > OWN_STALL_S


@dataclass(frozen=True, slots=True)
class Policy:
    """How long one call may take in all, how often it is tried, and the pause between.

    The pause before try n is random up to `pause_s` times 2^(n-1) (full jitter).
    """

    timeout_s: float
    attempts: int = 1
    pause_s: float = 0.02


class Dependency:
    """One dependency with its breaker. `call` raises UnavailableError when it cannot answer.

    `semaphore` is entered for each call: it may let only so many through at once. `on_doubt` is
    set by who watches the dependency: a call that took too long says that the call was long, or
    that its request had no time left, and only a check says whether the dependency is away.
    """

    on_doubt: Callable[[], None] | None = None

    def __init__(
        self,
        name: str,
        *,
        policy: Policy,
        breaker: Breaker,
        telemetry: Telemetry,
        diagnose: Diagnose,
        semaphore: AbstractAsyncContextManager[None] | None = None,
        peer: tuple[str, str] = ("", ""),
    ) -> None:
        self.name, self.breaker = name, breaker
        self._peer = peer  # host and port, for the spans of single commands
        self._policy, self._telemetry, self._diagnose = policy, telemetry, diagnose
        self._semaphore = semaphore or nullcontext()

    def is_own_stall(self, error: Exception, due: float) -> bool:
        """Return whether an error only says that this process was too busy: one of want of time.

        What was refused or broken off is the dependency's, however late it is noticed.
        """
        return self.is_want_of_time(error) and is_own_stall(due)

    def is_want_of_time(self, error: Exception) -> bool:
        """Return whether an error only says that something took longer than it might."""
        if isinstance(error, UnavailableError):
            return error.reason == "timeout"
        failure = self._diagnose(error)
        return isinstance(error, TimeoutError) or bool(failure and failure.reason == "timeout")

    async def call(
        self,
        operation: Callable[[], Awaitable[Result]],
        *,
        repeatable: bool = False,
        command: str = "",
    ) -> Result:
        """Return what `operation` returns, within the time that policy and deadline leave.

        A `repeatable` operation is tried again after a failure that passes quickly. `command` names
        it in a trace, where the driver does not tell its commands itself.
        """
        began = time.monotonic()
        ends_at = began + self._policy.timeout_s
        trace = CURRENT.get()
        if trace is not None:
            ends_at = min(ends_at, trace.ends_at)
        try:
            with self._part(command):
                return await self._attempts(operation, ends_at, repeatable=repeatable)
        finally:
            seconds = time.monotonic() - began
            self._telemetry.component_latency.observe(seconds, self.name)
            took(self.name, seconds)

    def _part(self, command: str) -> Part:
        if command:
            return Part(self.name, command, "", *self._peer)
        return Part("dependency", self.name)

    async def _attempts(
        self, operation: Callable[[], Awaitable[Result]], ends_at: float, *, repeatable: bool
    ) -> Result:
        attempts = self._policy.attempts if repeatable else 1
        for attempt in range(1, attempts + 1):
            try:
                return await self._once(operation, ends_at)
            except FailedError as failure:
                pause = random.uniform(0, self._policy.pause_s * 2**attempt)  # noqa: S311 - jitter
                out_of_time = time.monotonic() + pause + _SHORTEST_CALL_S > ends_at
                if attempt == attempts or not failure.worth_retrying or out_of_time:
                    raise UnavailableError(self.name, failure.reason) from failure
                await asyncio.sleep(pause)
        raise AssertionError("unreachable: the last attempt returns or raises")

    async def _once(self, operation: Callable[[], Awaitable[Result]], ends_at: float) -> Result:
        if not self.breaker.allows():
            self._telemetry.component_failures.add(self.name, "breaker_open")
            raise FailedError("breaker_open", worth_retrying=False)
        began = time.monotonic()
        due = max(ends_at, began + 0.001)
        try:
            async with asyncio.timeout(due - began), self._semaphore:
                result = await operation()
        except TimeoutError as err:
            late = FailedError("timeout", worth_retrying=False)
            raise self._failed(late, began, due) from err
        except Exception as err:
            failure = self._diagnose(err)
            if failure is None:
                self.breaker.succeeded()
                raise
            raise self._failed(failure, began, due) from err
        self.breaker.succeeded()
        return result

    def _failed(self, failure: FailedError, began: float, due: float) -> FailedError:
        """Count a failure; one for want of time, or of our own making, says nothing about it."""
        too_short = due - began < _SHORTEST_CALL_S
        if failure.reason == "timeout" and self.on_doubt is not None:
            self.on_doubt()
        elif failure.reason != "timeout" or not (too_short or is_own_stall(due)):
            self.breaker.failed()
        self._telemetry.component_failures.add(self.name, failure.reason)
        return failure
