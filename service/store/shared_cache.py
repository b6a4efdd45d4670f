"""The cache that all workers share. Reads that wait at the same moment become one MGET."""

import asyncio
from functools import partial
from typing import Any, Final

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import MaxConnectionsError, RedisError
from redis.exceptions import TimeoutError as RedisTimeoutError

from service.guard.dependency import Dependency, FailedError
from service.settings import Settings

PREFIX: Final = "calendar:answer:"
AT_ONCE: Final = 48
"""Calls of one worker to Redis at a time; more wait at a semaphore, which no failure is."""
_SPARE_CONNECTIONS: Final = 16  # for what does not wait there: checks and the subscription
_MOST_KEYS: Final = 128
_SCAN_BATCH: Final = 500


def connect(settings: Settings) -> Redis | None:
    """Return a client, or None when no Redis is configured; it connects when first used."""
    url = settings.redis_url.get_secret_value()
    if not url:
        return None
    return Redis.from_url(
        url,
        socket_timeout=settings.redis_timeout_s,
        socket_connect_timeout=settings.redis_timeout_s,
        max_connections=AT_ONCE + _SPARE_CONNECTIONS,
        client_name="calendar-api",
    )


def peer_of(client: Redis | None) -> tuple[str, str]:
    """Return host and port of the server, for the spans of a trace; empty without one."""
    known = {} if client is None else client.connection_pool.connection_kwargs
    return str(known.get("host", "")), str(known.get("port", ""))


def diagnose(error: Exception) -> FailedError | None:
    """Say whether an error means that Redis is away; too many of our own calls do not."""
    if isinstance(error, RedisTimeoutError | MaxConnectionsError):
        return FailedError("timeout", worth_retrying=False)
    if isinstance(error, RedisConnectionError | OSError):
        return FailedError("connection", worth_retrying=True)
    if isinstance(error, RedisError):
        return FailedError("error", worth_retrying=False)
    return None


class SharedCache:
    """Bytes by key, each for `ttl_s` seconds. Raises UnavailableError when Redis is away.

    Each `release` of the service has answers of its own: two that run side by side while one
    replaces the other may understand a sentence differently, or answer in another form.
    """

    def __init__(self, client: Redis, redis: Dependency, *, ttl_s: float, release: str) -> None:
        self._client, self._redis, self._ttl_ms = client, redis, int(ttl_s * 1000)
        self._prefix = f"{PREFIX}{release}:"
        self._waiting: dict[str, asyncio.Future[bytes | None]] = {}
        self._running: set[asyncio.Task[None]] = set()  # else they could be collected unfinished

    async def get(self, key: str) -> bytes | None:
        """Return the value of a key, read together with all that are asked for meanwhile."""
        future = self._waiting.get(key)
        if future is None:
            loop = asyncio.get_running_loop()
            future = loop.create_future()
            if not self._waiting:
                loop.call_soon(self._start_reading)
            self._waiting[key] = future
        return await asyncio.shield(future)

    def _start_reading(self) -> None:
        waiting, self._waiting = self._waiting, {}
        items = [*waiting.items()]
        for first in range(0, len(items), _MOST_KEYS):
            task = asyncio.create_task(self._read(dict(items[first : first + _MOST_KEYS])))
            self._running.add(task)
            task.add_done_callback(self._running.discard)

    async def _read(self, waiting: dict[str, asyncio.Future[bytes | None]]) -> None:
        try:
            values = await self._redis.call(
                lambda: self._client.mget([self._prefix + key for key in waiting]),
                repeatable=True,
                command="MGET",
            )
        except Exception as error:  # noqa: BLE001 - it belongs to those who wait
            for future in waiting.values():
                future.set_exception(error)
                future.exception()  # a caller may be gone; the error is still not a surprise
            return
        for future, value in zip(waiting.values(), values, strict=True):
            future.set_result(value)  # type: ignore[arg-type]  # the client decodes nothing

    async def put(self, key: str, value: bytes) -> None:
        """Keep a value."""
        await self._redis.call(
            lambda: self._client.set(self._prefix + key, value, px=self._ttl_ms), command="SET"
        )

    async def clear(self, pattern: str = "*") -> int:
        """Forget all answers, or those of a pattern; return how many there were."""
        count, cursor = 0, 0
        while True:
            cursor, keys = await self._redis.call(
                partial(self._scan, cursor, pattern), command="SCAN"
            )
            if keys:
                found: list[Any] = keys
                count += await self._redis.call(
                    partial(self._client.unlink, *found), command="UNLINK"
                )
            if cursor == 0:
                return count

    async def _scan(self, cursor: int, pattern: str) -> tuple[int, list[bytes]]:
        found: Any = await self._client.scan(cursor, match=PREFIX + pattern, count=_SCAN_BATCH)
        cursor_after, keys = found
        return cursor_after, keys
