"""Cached answers of the parser: in this process, then in Redis, which all workers share."""

import hashlib
from functools import lru_cache
from typing import Final

from service.errors import UnavailableError
from service.observe.parts import HIT, MISS, Part
from service.store.lru import Lru
from service.store.shared_cache import SharedCache
from service.telemetry import Telemetry

MEMORY: Final = "memory"
REDIS: Final = "redis"


@lru_cache(maxsize=10_000)
def _owners(owner: str) -> str:
    """Return how the keys of an owner's answers begin: by it they are found, and not who it is."""
    return hashlib.blake2s(owner.encode(), digest_size=8).hexdigest() + ":"


def answer_key(owner: str, decision_id: str) -> str:
    """Return the key of an answer."""
    return _owners(owner) + decision_id


class AnswerCache:
    """Two tiers of bytes. A Redis that is away makes it slower, never wrong."""

    def __init__(
        self, memory: Lru[bytes], shared_cache: SharedCache | None, telemetry: Telemetry
    ) -> None:
        self._memory, self._shared, self._telemetry = memory, shared_cache, telemetry

    def in_process(self, key: str) -> bytes | None:
        """Return what this process has."""
        with Part("cache", "cache memory") as part:
            found = self._memory.get(key)
            part.details = (MISS if found is None else HIT,)
        if found is None:
            self._telemetry.cache_misses.add(MEMORY)
        else:
            self._telemetry.cache_hits.add(MEMORY)
        return found

    async def shared(self, key: str) -> bytes | None:
        """Return what Redis has, and keep it here."""
        if self._shared is None:
            return None
        with Part("cache", "cache redis") as part:
            try:
                found = await self._shared.get(key)
            except UnavailableError as err:
                found, part.error = None, err.reason
            part.details = (MISS if found is None else HIT,)
        if found is None:
            self._telemetry.cache_misses.add(REDIS)
            return None
        self._telemetry.cache_hits.add(REDIS)
        self._memory.put(key, found)
        return found

    async def put(self, key: str, value: bytes) -> None:
        """Keep an answer in both tiers."""
        self._memory.put(key, value)
        if self._shared is not None:
            try:
                await self._shared.put(key, value)
            except UnavailableError:
                return

    def forget_here(self) -> int:
        """Empty the tier of this process and return how many answers it had."""
        return self._memory.clear()

    async def forget(self) -> dict[str, int | None]:
        """Empty both tiers; None for a Redis that could not be reached."""
        counts: dict[str, int | None] = {MEMORY: self.forget_here()}
        if self._shared is not None:
            try:
                counts[REDIS] = await self._shared.clear()
            except UnavailableError:
                counts[REDIS] = None
        return counts

    def forget_owner_here(self, owner: str) -> int:
        """Forget an owner's answers in this process; return how many there were."""
        return self._memory.drop_under(_owners(owner))

    async def forget_owner(self, owner: str) -> dict[str, int | None]:
        """Forget an owner's answers in both tiers; None for a Redis that could not be reached."""
        counts: dict[str, int | None] = {MEMORY: self.forget_owner_here(owner)}
        if self._shared is not None:
            try:
                counts[REDIS] = await self._shared.clear(f"*:{_owners(owner)}*")
            except UnavailableError:
                counts[REDIS] = None
        return counts

    def __len__(self) -> int:
        """Return the number of answers in this process."""
        return len(self._memory)
