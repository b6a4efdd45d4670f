"""Telling the other workers, through Redis, that something they may remember has changed.

What a worker remembers of events is only trusted while its lease lasts: it is renewed whenever
Redis answers on the connection that brings the news. Whoever changes an event and cannot tell
waits until every lease must have ended, so that nobody answers with what is no longer true.
"""

import asyncio
import os
from collections.abc import Callable
from typing import Any, Final

import orjson
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from service.ending import end
from service.errors import UnavailableError
from service.guard.dependency import Dependency

CHANNEL: Final = "calendar:news"
LEASE_S: Final = 1.0
_PING_EVERY_S: Final = 0.25
_RETRY_S: Final = 0.25

News = dict[str, Any]


class Bus:
    """News between workers. `clock` is monotonic; `listener` gets what others have published."""

    def __init__(
        self, client: Redis | None, redis: Dependency, *, alone: bool, clock: Callable[[], float]
    ) -> None:
        self._client, self._redis, self._alone, self._clock = client, redis, alone, clock
        self._me = os.urandom(8).hex()
        self._heard_at = self._told_at = float("-inf")
        self._listeners: list[Callable[[News], None]] = []
        self._task: asyncio.Task[None] | None = None

    def listen(self, listener: Callable[[News], None]) -> None:
        """Add one who is to be told."""
        self._listeners.append(listener)

    def is_trusted(self) -> bool:
        """Return whether no news can have been missed."""
        if self._client is None:
            return self._alone
        return self._clock() - self._heard_at < LEASE_S

    async def tell(self, **news: Any) -> None:
        """Tell the others; when that fails, return after they have stopped to trust."""
        if self._client is None:
            return
        client, text = self._client, orjson.dumps({"from": self._me, **news})
        try:
            await self._redis.call(lambda: client.publish(CHANNEL, text))
            self._told_at = self._clock()
        except UnavailableError:
            rest = max(self._told_at, self._heard_at) + LEASE_S - self._clock()
            if rest > 0:
                await asyncio.sleep(rest)

    def start(self) -> None:
        """Begin to listen."""
        if self._client is not None:
            self._task = asyncio.create_task(self._listen_forever(self._client), name="bus")

    async def stop(self) -> None:
        """Stop listening."""
        await end([self._task])

    async def _listen_forever(self, client: Redis) -> None:
        while True:
            try:
                async with client.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    await self._follow(subscription)
            except (RedisError, OSError, TimeoutError):
                pass  # the watch over Redis reports it
            self._heard_at = float("-inf")
            await asyncio.sleep(_RETRY_S)

    async def _follow(self, subscription: PubSub) -> None:
        """Pass news on; raises TimeoutError when Redis has not answered for a whole lease."""
        first = True
        while True:
            sent_at = self._clock()
            await subscription.ping()
            async with asyncio.timeout(LEASE_S):
                while (message := await subscription.get_message(timeout=LEASE_S)) is None or (
                    message["type"] != "pong"
                ):
                    self._hear(message)
            # The lease begins when the question was sent, not when the answer was read.
            self._heard_at = sent_at
            if first:
                self._notify({"kind": "missed"})
                first = False
            message = await subscription.get_message(timeout=_PING_EVERY_S)
            while message is not None:
                self._hear(message)
                message = await subscription.get_message(timeout=0)

    def _hear(self, message: dict[str, Any] | None) -> None:
        if message is None or message["type"] != "message":
            return
        news = orjson.loads(message["data"])
        if news.get("from") != self._me:
            self._notify(news)

    def _notify(self, news: News) -> None:
        for listener in self._listeners:
            listener(news)
