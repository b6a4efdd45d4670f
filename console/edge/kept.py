"""Answers kept while they are young: each is asked once at a time, and never waited for long."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import wait as wait_for
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event, Lock
from time import monotonic
from typing import Any, Final, TypeVar

from console.panel import Panel
from kit.pure.errors import HarnessError

_MOST: Final = 256
_AT_ONCE: Final = 8
_LOOK_S: Final = 0.25
_STALE_S: Final = 900.0
"""Beyond this age an answer no longer stands in for one that cannot be had."""
T = TypeVar("T")


@dataclass(slots=True)
class _Entry:
    value: Any = None
    at: datetime | None = None
    problem: str | None = None
    tried: datetime | None = None
    asking: Future[Any] | None = None


class Kept:
    """Answers by name. A source that hangs is asked by one thread only, whoever else waits.

    Once `stopping` is set nobody waits any more, so that a console which is told to end can.
    """

    def __init__(
        self,
        *,
        wait_s: float = 3.0,
        now: Callable[[], datetime] | None = None,
        stopping: Event | None = None,
    ) -> None:
        self._entries: OrderedDict[str, _Entry] = OrderedDict()
        self._lock = Lock()
        self._pool = ThreadPoolExecutor(_AT_ONCE, thread_name_prefix="console")
        self._wait_s = wait_s
        self._stopping = stopping or Event()
        self._now = now or (lambda: datetime.now(UTC))

    def panels(
        self, *wanted: tuple[str, float, Callable[[], Any]], wait_s: float | None = None
    ) -> list[Panel[Any]]:
        """Return a panel for each (name, seconds that it is young, how to ask), side by side.

        What has not come within `wait_s` is said to be missing; it is there for the next who asks.
        """
        wait_s = self._wait_s if wait_s is None else wait_s
        begun = [self._begin(name, young_s, ask) for name, young_s, ask in wanted]
        waiting, end = {each for each in begun if each is not None}, monotonic() + wait_s
        while waiting and not self._stopping.is_set() and (left := end - monotonic()) > 0:
            waiting = wait_for(waiting, timeout=min(left, _LOOK_S)).not_done
        return [self._panel(name, wait_s) for name, _, _ in wanted]

    def panel(
        self, name: str, young_s: float, ask: Callable[[], T], *, wait_s: float | None = None
    ) -> Panel[T]:
        """Return the panel of one answer."""
        return self.panels((name, young_s, ask), wait_s=wait_s)[0]

    def close(self) -> None:
        """Ask nothing more; what hangs is left behind."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _begin(self, name: str, young_s: float, ask: Callable[[], Any]) -> Future[Any] | None:
        with self._lock:
            entry = self._entries.setdefault(name, _Entry())
            self._entries.move_to_end(name)
            self._forget()
            now = self._now()
            if entry.asking is not None:
                return entry.asking
            if entry.tried is not None and (now - entry.tried).total_seconds() < young_s:
                return None
            entry.asking = self._pool.submit(self._ask, entry, ask)
            return entry.asking

    def _forget(self) -> None:
        """Forget what was asked for longest ago; what is being asked stays."""
        for name in list(self._entries)[: max(0, len(self._entries) - _MOST)]:
            if self._entries[name].asking is None:
                del self._entries[name]

    def _ask(self, entry: _Entry, ask: Callable[[], Any]) -> None:
        problem, value = None, None
        try:
            value = ask()
        except HarnessError as err:
            problem = f"{err}. {err.hint}".rstrip(". ") + "."
        except Exception as err:  # noqa: BLE001 -- one part of a page must not take the others along
            problem = f"this part cannot be shown: {type(err).__name__}"
        with self._lock:
            entry.tried, entry.asking, entry.problem = self._now(), None, problem
            if problem is None:
                entry.value, entry.at = value, entry.tried

    def _panel(self, name: str, wait_s: float) -> Panel[Any]:
        with self._lock:
            entry, now = self._entries.get(name, _Entry()), self._now()
            problem = entry.problem
            if entry.asking is not None:
                problem = f"no answer within {wait_s:g} s"
            old = entry.at is None or (now - entry.at).total_seconds() > _STALE_S
            value = None if problem is not None and old else entry.value
            return Panel(value, entry.at or now, problem)
