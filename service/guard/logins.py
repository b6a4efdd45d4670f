"""Who tried many wrong keys is told to wait, and costs nothing more; good keys stay good.

Failures are counted by address, and by address and the id in a key, which is its prefix. Too many
of an address change what its wrong keys are answered, never whether a good one opens. Too many
with one id from one address end the costly look at that id's secret from there: a key that was
found good lately needs none.
"""

import ipaddress
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

_MOST_COUNTS: Final = 50_000
_IPV6_NETWORK_BITS: Final = 64  # what one subscriber has: each address in it would be a new one


class FailedLogins:
    """Counts failures in fixed windows. `clock` is monotonic, in seconds."""

    def __init__(self, *, most: int, window_s: float, clock: Callable[[], float]) -> None:
        self._most, self._clock, self.window_s = most, clock, int(window_s)
        self._failures: OrderedDict[tuple[str, str], tuple[float, int]] = OrderedDict()

    def failed(self, address: str, key_id: str = "") -> None:
        """Note that an address tried a wrong key, with the id of one that exists if it had one."""
        network = _network_of(address)
        for counted in {(network, ""), (network, key_id)}:
            began, count = self._current(counted)
            self._failures[counted] = (began, count + 1)
            self._failures.move_to_end(counted)
            if len(self._failures) > _MOST_COUNTS:
                self._failures.popitem(last=False)

    def is_blocked(self, address: str, key_id: str = "") -> bool:
        """Return whether an address has failed too often lately, in all or with this id."""
        return self._current((_network_of(address), key_id))[1] >= self._most

    def _current(self, counted: tuple[str, str]) -> tuple[float, int]:
        now = self._clock()
        began, count = self._failures.get(counted, (now, 0))
        return (began, count) if now < began + self.window_s else (now, 0)


def _network_of(address: str) -> str:
    """Return what is counted as one address."""
    if ":" not in address:
        return address
    try:
        network = ipaddress.ip_network(
            (address.partition("%")[0], _IPV6_NETWORK_BITS), strict=False
        )
    except ValueError:
        return address
    return str(network)
