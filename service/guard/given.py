"""How many events each key is given: unusual reading is seen by its amount, and needs no text."""

import zlib
from collections.abc import Callable
from typing import Final, Literal

from service.observe.journal import Journal
from service.telemetry import Telemetry, key_groups

Way = Literal["export", "list", "read"]
NOTED_EVERY: Final = 250
"""Of what UnusualDataAccess tells, 5,000 within an hour, so many are left to each of ten workers
where half of it is of the hour before.
"""
_HOUR_S: Final = 3600.0
_REMEMBERED: Final = 10_000


class Given:
    """Counts events by groups of keys, and names a key in the log for each 250 of an hour.

    A group, not the key, is the label: there may be any number of keys. A worker counts for itself.
    """

    def __init__(
        self, telemetry: Telemetry, journal: Journal, monotonic: Callable[[], float]
    ) -> None:
        self._telemetry, self._journal, self._monotonic = telemetry, journal, monotonic
        self._hour, self._counts = 0.0, dict[str, int]()

    def count(self, key_id: str, way: Way, events: int) -> None:
        """Count events that a key was given."""
        if not events:
            return
        group = group_of(key_id)
        self._telemetry.given.add(group, way, by=events)
        hour = self._monotonic() // _HOUR_S
        if hour != self._hour or len(self._counts) >= _REMEMBERED:
            self._hour, self._counts = hour, {}
        before = self._counts.get(key_id, 0)
        self._counts[key_id] = now = before + events
        if now // NOTED_EVERY > before // NOTED_EVERY:
            self._journal.event(
                "INFO", "much_given", key_id=key_id, key_group=group, way=way, events=now
            )


def group_of(key_id: str) -> str:
    """Return the group of a key: the value of the label by which it is counted."""
    groups = key_groups()
    return groups[zlib.crc32(key_id.encode()) % len(groups)]
