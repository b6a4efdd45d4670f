"""Addresses that tried many wrong keys are not answered for a while."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Final

_MOST_ADDRESSES: Final = 50_000


class FailedLogins:
    """Counts failures by address in fixed windows. `clock` is monotonic, in seconds."""

    def __init__(self, *, most: int, window_s: float, clock: Callable[[], float]) -> None:
        self._most, self._clock, self.window_s = most, clock, int(window_s)
        self._failures: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def failed(self, address: str) -> None:
        """Note that an address tried a wrong key."""
        began, count = self._current(address)
        self._failures[address] = (began, count + 1)
        self._failures.move_to_end(address)
        if len(self._failures) > _MOST_ADDRESSES:
            self._failures.popitem(last=False)

    def is_blocked(self, address: str) -> bool:
        """Return whether an address has failed too often lately."""
        return self._current(address)[1] >= self._most

    def _current(self, address: str) -> tuple[float, int]:
        now = self._clock()
        began, count = self._failures.get(address, (now, 0))
        return (began, count) if now < began + self.window_s else (now, 0)
