"""Changes in flight: which events may change at any moment without another notice."""

from collections import Counter
from collections.abc import Callable
from typing import Final

DOUBT_S: Final = 300.0
"""Longer than a write can be under way after it was given up: what a closed connection has still
to send is sent again for some 100 s (tcp(7), tcp_orphan_retries), and no command runs longer than
`maxTimeMS`, which is less than a second."""
_MOST: Final = 20_000


class InFlightChanges:
    """Changes that have begun, by event; each lasts until it ends, or `DOUBT_S`.

    `clock` is monotonic. With more than can be remembered, every event is in doubt.
    """

    def __init__(self, clock: Callable[[], float], *, most: int = _MOST) -> None:
        self._clock, self._most = clock, most
        self._until: dict[tuple[str, str], float] = {}  # in the order of their end
        self._events = Counter[str]()
        self._all_until = float("-inf")

    def begin(self, event: str, change: str) -> None:
        """Note that a change of an event has begun."""
        self._forget_old()
        self._remove((event, change))
        self._until[event, change] = self._clock() + DOUBT_S
        self._events[event] += 1
        if len(self._until) > self._most:
            self._all_until = self._clock() + DOUBT_S
            self._remove(next(iter(self._until)))

    def end(self, event: str, change: str) -> None:
        """Note that a change has been made, or will never be."""
        self._remove((event, change))

    def begin_again(self) -> None:
        """Let what is in doubt be so from now on: the database has not worked meanwhile."""
        until = self._clock() + DOUBT_S
        if self.is_full:
            self._all_until = until
        self._until = dict.fromkeys(self._until, until)

    @property
    def is_full(self) -> bool:
        """Return whether there have been more changes than can be remembered."""
        return self._all_until > self._clock()

    def of(self, worker: str) -> list[tuple[str, str]]:
        """Return event and change of what this worker has begun: its changes begin with its id."""
        self._forget_old()
        return [doubt for doubt in self._until if doubt[1].startswith(worker)]

    def __contains__(self, event: str) -> bool:
        """Return whether an event is in doubt."""
        if not self._until and self._all_until == float("-inf"):
            return False
        self._forget_old()
        return event in self._events or self.is_full

    def _forget_old(self) -> None:
        now = self._clock()
        while self._until and next(iter(self._until.values())) <= now:
            self._remove(next(iter(self._until)))

    def _remove(self, doubt: tuple[str, str]) -> None:
        if self._until.pop(doubt, None) is None:
            return
        event = doubt[0]
        self._events[event] -= 1
        if not self._events[event]:
            del self._events[event]
