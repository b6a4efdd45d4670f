"""How often each caller may ask: a fixed window per key, shared by all workers through Redis.

The count is kept here and exchanged with Redis twice a second, so that it costs no request
anything; by that much a caller who asks several workers may exceed the limit. Without Redis each
worker allows its share.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from redis.asyncio import Redis

from service.ending import end
from service.errors import ProblemError, UnavailableError
from service.guard.dependency import Dependency

_EXCHANGE_EVERY_S: Final = 0.5
_PREFIX: Final = "calendar:rate:"
_MOST_CALLERS: Final = 100_000

RawHeaders = tuple[tuple[bytes, bytes], ...]


class _Use:
    __slots__ = ("elsewhere", "here", "unsaid")

    def __init__(self) -> None:
        self.here = 0  # counted by this worker in this window
        self.unsaid = 0  # of these, not yet told to Redis
        self.elsewhere = 0  # counted by the other workers, as Redis last said


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests in each window of seconds; 0 requests is no limit."""

    requests: int
    window_s: float


class Limits:
    """Counts the requests of each caller. `clock` is the time of day in seconds."""

    def __init__(
        self,
        quota: Quota,
        *,
        client: Redis | None,
        redis: Dependency,
        workers: int,
        clock: Callable[[], float],
    ) -> None:
        self._quota, self._client, self._redis, self._clock = quota, client, redis, clock
        self._share = quota.requests if client is not None else -(-quota.requests // workers)
        self._window, self._ends_at = 0, 0.0
        self._uses: dict[str, _Use] = {}
        self._policy = (
            b"ratelimit-policy",
            b'"default";q=%d;w=%d' % (quota.requests, int(quota.window_s)),
        )
        self._task: asyncio.Task[None] | None = None

    def count(self, caller: str) -> RawHeaders:
        """Count a request and return the headers that tell; raises `rate_limited`."""
        if self._quota.requests == 0:
            return ()
        now = self._clock()
        if now >= self._ends_at:
            self._begin_window(now)
        use = self._uses.get(caller)
        if use is None:
            if len(self._uses) >= _MOST_CALLERS:
                self._uses.clear()
            use = self._uses[caller] = _Use()
        left = self._share - use.here - use.elsewhere
        reset = int(self._ends_at - now) + 1
        if left <= 0:
            raise ProblemError(
                "rate_limited",
                headers={
                    "Retry-After": str(reset),
                    "RateLimit": f'"default";r=0;t={reset}',
                    "RateLimit-Policy": self._policy[1].decode(),
                },
            )
        use.here += 1
        use.unsaid += 1
        return self._policy, (b"ratelimit", b'"default";r=%d;t=%d' % (left - 1, reset))

    def _begin_window(self, now: float) -> None:
        self._window = int(now // self._quota.window_s)
        self._ends_at = (self._window + 1) * self._quota.window_s
        self._uses.clear()

    def start(self) -> None:
        """Begin to exchange counts."""
        if self._client is not None and self._quota.requests:
            self._task = asyncio.create_task(self._exchange_forever(self._client), name="limits")

    async def stop(self) -> None:
        """Stop exchanging."""
        await end([self._task])

    async def _exchange_forever(self, client: Redis) -> None:
        while True:
            await asyncio.sleep(_EXCHANGE_EVERY_S)
            told = [(caller, use, use.unsaid) for caller, use in self._uses.items() if use.unsaid]
            if not told:
                continue
            try:
                totals = await self._redis.call(lambda told=told: self._tell(client, told))  # type: ignore[misc]
            except UnavailableError:
                continue
            for (_, use, said), total in zip(told, totals, strict=True):
                use.unsaid -= said
                use.elsewhere = max(total - (use.here - use.unsaid), 0)

    async def _tell(self, client: Redis, told: list[tuple[str, _Use, int]]) -> list[int]:
        async with client.pipeline(transaction=False) as pipeline:
            for caller, _, said in told:
                name = f"{_PREFIX}{self._window}:{caller}"
                pipeline.incrby(name, said)
                pipeline.expire(name, int(self._quota.window_s) + 5)
            answers = await pipeline.execute()
        return [int(answer) for answer in answers[::2]]
