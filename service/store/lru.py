"""The fastest cache: a dictionary in this process, bounded in entries and in age."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Generic, TypeVar

Value = TypeVar("Value")


class Lru(Generic[Value]):
    """Keeps the `size` entries used last, each at most `ttl_s` seconds by `clock`."""

    def __init__(self, *, size: int, ttl_s: float, clock: Callable[[], float]) -> None:
        self._size, self._ttl_s, self._clock = size, ttl_s, clock
        self._entries: OrderedDict[str, tuple[float, Value]] = OrderedDict()

    def __len__(self) -> int:
        """Return the number of entries, those too old included."""
        return len(self._entries)

    def get(self, key: str) -> Value | None:
        """Return the value, or None when it is absent or too old."""
        entry = self._entries.get(key)
        if entry is None:
            return None
        if entry[0] <= self._clock():
            del self._entries[key]
            return None
        self._entries.move_to_end(key)
        return entry[1]

    def put(self, key: str, value: Value) -> None:
        """Keep a value, at the cost of the one that was used least recently."""
        if self._size == 0:
            return
        self._entries[key] = (self._clock() + self._ttl_s, value)
        self._entries.move_to_end(key)
        if len(self._entries) > self._size:
            self._entries.popitem(last=False)

    def drop(self, key: str) -> None:
        """Forget one entry, if it is there."""
        self._entries.pop(key, None)

    def items(self) -> dict[str, Value]:
        """Return all that are not too old."""
        now = self._clock()
        return {key: value for key, (until, value) in self._entries.items() if until > now}

    def clear(self) -> int:
        """Forget all and return how many there were."""
        count = len(self._entries)
        self._entries.clear()
        return count

    def drop_under(self, prefix: str) -> int:
        """Forget every entry whose key begins with this; return how many there were."""
        found = [key for key in self._entries if key.startswith(prefix)]
        for key in found:
            del self._entries[key]
        return len(found)

    def drop_where(self, condition: Callable[[Value], bool]) -> None:
        """Forget every entry whose value fulfils a condition."""
        for key in [key for key, (_, value) in self._entries.items() if condition(value)]:
            del self._entries[key]
