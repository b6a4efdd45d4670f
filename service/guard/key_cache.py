"""A cache of checked keys. What MongoDB says of them is never older than a lease."""

from collections.abc import Awaitable, Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import Final

from service.guard.keys import KeyRecord
from service.store.lru import Lru

LEASE_S: Final = 1.0
REFRESH_EVERY_S: Final = 0.4
_LOOK_AT_GOOD_EVERY_S: Final = 5.0
_AT_ONCE: Final = 1000
_REMEMBERED: Final = 10_000
Read = Callable[[Collection[str]], Awaitable[Mapping[str, KeyRecord]]]


@dataclass(slots=True)
class CachedKey:
    """A key whose secret was right, as it was kept at `read_at`, on the monotonic clock.

    `read_at` is when it was last asked for, not when that was answered.
    """

    record: KeyRecord
    read_at: float


class KeyCache:
    """Remembers for `ttl_s` which secrets were right, so that few have to be hashed.

    `heard_since` is the moment since which every revocation by another worker is known here. For
    `away_s` it also remembers which keys were good, for what may be done without MongoDB.
    """

    def __init__(
        self,
        read: Read,
        *,
        ttl_s: float,
        away_s: float,
        heard_since: Callable[[], float],
        clock: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._read, self._heard_since = read, heard_since
        self._clock, self._monotonic = clock, monotonic
        self._keys: Lru[CachedKey] = Lru(size=_REMEMBERED, ttl_s=ttl_s, clock=monotonic)
        self._good: Lru[CachedKey] = Lru(size=_REMEMBERED, ttl_s=away_s, clock=monotonic)
        self._away_s, self._looked_at_good = away_s, float("-inf")
        self._notified_at = float("-inf")

    def was_good(self, digest: str) -> bool:
        """Return whether the key of this digest was checked and found good lately."""
        return self._good.get(digest) is not None

    def while_away(self, digest: str) -> KeyRecord | None:
        """Return the key of this digest if MongoDB said within `away_s` that it is good."""
        known = self._good.get(digest)
        if known is None or self._monotonic() - known.read_at > self._away_s:
            return None
        return known.record if known.record.is_usable(self._clock()) else None

    async def find(self, digest: str) -> KeyRecord | None:
        """Return the key of this digest, as it is kept now or was a lease ago at most.

        Raises UnavailableError when nobody can say how it is kept now.
        """
        known = self._keys.get(digest)
        if known is None:
            return None
        if self._is_fresh(known):
            return known.record
        await self._refresh({digest: known})
        return known.record if self._keys.get(digest) is known else None

    async def remember(self, digest: str, known: CachedKey) -> KeyRecord | None:
        """Remember a key that was just checked; return it as it is kept now, None when it is not.

        Checking takes its time, in which it may have been revoked.
        """
        if known.read_at <= self._notified_at or not self._is_fresh(known):
            asked_at, key_id = self._monotonic(), known.record.id
            record = (await self._read({key_id})).get(key_id)
            is_same = record is not None and record.hash == known.record.hash
            if record is None or not is_same or not record.is_usable(self._clock()):
                return None
            known = CachedKey(record, asked_at)
        if known.read_at > self._notified_at:
            self._keys.put(digest, known)
            self._good.put(digest, known)
        return known.record

    def drop(self, digest: str) -> None:
        """Forget one key, which was checked and is no longer good."""
        self._keys.drop(digest)
        self._good.drop(digest)

    def forget(self, key_id: str) -> None:
        """Forget a key that has been revoked, also while it is being checked."""
        self._notified_at = self._monotonic()
        for kept in (self._keys, self._good):
            kept.drop_where(lambda known: known.record.id == key_id)

    def forget_all(self) -> None:
        """Forget every key, for any may have been revoked, also while it is being checked."""
        self._notified_at = self._monotonic()
        self._keys.clear()
        self._good.clear()

    async def refresh(self) -> None:
        """See whether all are still kept as they were; raises UnavailableError.

        Those that were good, and are not asked for at present, every few seconds.
        """
        asked_for = self._keys.items()
        await self._refresh(asked_for)
        if self._monotonic() - self._looked_at_good < _LOOK_AT_GOOD_EVERY_S:
            return
        self._looked_at_good = self._monotonic()
        good = self._good.items()
        others = {digest: good[digest] for digest in good.keys() - asked_for.keys()}
        for first in range(0, len(others), _AT_ONCE):
            await self._refresh(dict(islice(others.items(), first, first + _AT_ONCE)))

    async def _refresh(self, known: Mapping[str, CachedKey]) -> None:
        if not known:
            return
        asked_at = self._monotonic()
        kept = await self._read({one.record.id for one in known.values()})
        now = self._clock()
        for digest, one in known.items():
            if kept.get(one.record.id) == one.record and one.record.is_usable(now):
                one.read_at = max(one.read_at, asked_at)
                continue
            for cache in (self._keys, self._good):
                if cache.get(digest) is one:
                    cache.drop(digest)

    def _is_fresh(self, known: CachedKey) -> bool:
        if self._monotonic() - known.read_at < LEASE_S:
            return True
        return known.read_at >= self._heard_since() and known.record.is_usable(self._clock())
