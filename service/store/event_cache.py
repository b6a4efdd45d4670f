"""Events that were read lately, as bytes ready to send."""

from collections.abc import Callable
from dataclasses import dataclass

from service.store.in_flight import InFlightChanges
from service.store.lru import Lru


@dataclass(frozen=True, slots=True)
class CachedEvent:
    """The JSON of an event and its tag."""

    body: bytes
    etag: str


class EventCache:
    """A cache that never brings back what has changed while it was being read.

    `is_trusted` says whether all changes by others become known here; while not, it has nothing.
    Nor has it an event while a change of it may be made at any moment.
    """

    def __init__(
        self, memory: Lru[CachedEvent], is_trusted: Callable[[], bool], in_flight: InFlightChanges
    ) -> None:
        self._memory, self._is_trusted, self._in_flight = memory, is_trusted, in_flight
        self._reading: dict[str, list[object]] = {}

    def get(self, owner: str, event_id: str) -> CachedEvent | None:
        """Return what is known of an event."""
        return self._memory.get(f"{owner}/{event_id}") if self._is_trusted() else None

    def begin_read(self, owner: str, event_id: str) -> object:
        """Note that an event is going to be read, and return the token of that reading."""
        token, key = object(), f"{owner}/{event_id}"
        if key not in self._in_flight:
            self._reading.setdefault(key, []).append(token)
        return token

    def finish_read(
        self, owner: str, event_id: str, token: object, kept: CachedEvent | None
    ) -> None:
        """Keep what was read, unless the event may have changed since the reading began."""
        key = f"{owner}/{event_id}"
        tokens = self._reading.get(key, [])
        if token not in tokens:
            return
        tokens.remove(token)
        if not tokens:
            del self._reading[key]
        if kept is not None and self._is_trusted():
            self._memory.put(key, kept)

    def changing(self, owner: str, event_id: str, change: str) -> None:
        """Forget an event, and keep nothing of it until this change of it has ended."""
        self._in_flight.begin(f"{owner}/{event_id}", change)
        self.changed(owner, event_id)

    def change_ended(self, owner: str, event_id: str, change: str) -> None:
        """Forget an event; from now on what is read of it holds, as far as this change goes."""
        self._in_flight.end(f"{owner}/{event_id}", change)
        self.changed(owner, event_id)

    def changed(self, owner: str, event_id: str) -> None:
        """Forget an event, and what is being read of it."""
        key = f"{owner}/{event_id}"
        self._memory.drop(key)
        self._reading.pop(key, None)

    def forget_owner(self, owner: str) -> int:
        """Forget all events of an owner, and what is being read of them."""
        prefix = f"{owner}/"
        for key in [key for key in self._reading if key.startswith(prefix)]:
            del self._reading[key]
        return self._memory.drop_under(prefix)

    def missed(self) -> None:
        """Forget all, because news may have been missed, or the database was away."""
        self._in_flight.begin_again()
        self.forget()

    def forget(self) -> int:
        """Forget all."""
        self._reading.clear()
        return self._memory.clear()

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self._memory)
