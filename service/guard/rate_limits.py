"""How often each caller may ask: a fixed window per key, shared by all workers through Redis.

The count is kept here and exchanged with Redis twice a second, so that it costs no request
anything; by that much a caller who asks several workers may exceed the limit. Without Redis, or
while it is away, each worker allows its share of what is left.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Final

from redis.asyncio import Redis

from service.background import Repeating
from service.errors import ProblemError
from service.guard.dependency import Dependency

_EXCHANGE_EVERY_S: Final = 0.5
_PREFIX: Final = "calendar:rate:"
_MOST_CALLERS: Final = 100_000

RawHeaders = tuple[tuple[bytes, bytes], ...]


class _Use:
    __slots__ = ("elsewhere", "here", "unsent")

    def __init__(self) -> None:
        self.here = 0  # counted by this worker in this window
        self.unsent = 0  # of these, not yet sent to Redis
        self.elsewhere = 0  # counted by the other workers, as Redis last reported


@dataclass(frozen=True, slots=True)
class Quota:
    """So many requests in each window of seconds; 0 requests is no limit."""

    requests: int
    window_s: float


class RateLimiter:
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
        self._quota, self._redis, self._clock = quota, redis, clock
        self._workers, self._is_alone = workers, client is None
        self._window, self._begins_at, self._ends_at = 0, 0.0, 0.0
        self._uses: dict[str, _Use] = {}
        self._policy = (
            b"ratelimit-policy",
            b'"default";q=%d;w=%d' % (quota.requests, int(quota.window_s)),
        )
        self._task = (
            Repeating(
                partial(self._exchange, client), every_s=_EXCHANGE_EVERY_S, name="rate limits"
            )
            if client is not None and quota.requests
            else None
        )

    def count(self, caller: str) -> RawHeaders:
        """Count a request; return the headers with what is left, or raise `rate_limited`."""
        if self._quota.requests == 0:
            return ()
        now = self._clock()
        if not self._begins_at <= now < self._ends_at:  # also where the clock was set back
            self._begin_window(now)
        use = self._uses.get(caller)
        if use is None:
            if len(self._uses) >= _MOST_CALLERS:
                self._uses.clear()
            use = self._uses[caller] = _Use()
        left = self._left(use)
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
        use.unsent += 1
        return self._policy, (b"ratelimit", b'"default";r=%d;t=%d' % (left - 1, reset))

    def _left(self, use: _Use) -> int:
        """Return how many more a caller may ask of this worker."""
        if not self._is_alone and not self._redis.breaker.is_open:
            return self._quota.requests - use.here - use.elsewhere
        known = use.here - use.unsent + use.elsewhere  # to all workers
        return -((known - self._quota.requests) // self._workers) - use.unsent

    def _begin_window(self, now: float) -> None:
        self._window = int(now // self._quota.window_s)
        self._begins_at = self._window * self._quota.window_s
        self._ends_at = self._begins_at + self._quota.window_s
        self._uses.clear()

    def start(self) -> None:
        """Begin to exchange counts."""
        if self._task is not None:
            self._task.start()

    async def stop(self) -> None:
        """Stop exchanging."""
        if self._task is not None:
            await self._task.stop()

    async def _exchange(self, client: Redis) -> None:
        """Add to Redis what was counted since the last time; raises UnavailableError."""
        sent = [(caller, use, use.unsent) for caller, use in self._uses.items() if use.unsent]
        totals = await self._redis.call(lambda: self._send(client, sent)) if sent else []
        for (_, use, count), total in zip(sent, totals, strict=True):
            use.unsent -= count
            use.elsewhere = max(total - (use.here - use.unsent), 0)

    async def _send(self, client: Redis, sent: list[tuple[str, _Use, int]]) -> list[int]:
        async with client.pipeline(transaction=False) as pipeline:
            for caller, _, count in sent:
                name = f"{_PREFIX}{self._window}:{caller}"
                pipeline.incrby(name, count)
                pipeline.expire(name, int(self._quota.window_s) + 5)
            answers = await pipeline.execute()
        return [int(answer) for answer in answers[::2]]
