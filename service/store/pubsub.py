"""Publish/subscribe between workers, through Redis: something they may have cached has changed.

What a worker remembers of events is only trusted while its leases last. The one here is renewed
whenever Redis answers on the connection of the subscription; the other says that nobody is
silent (`service.store.silent_workers`).
"""

import asyncio
import os
from collections.abc import Callable
from typing import Final

import orjson
from redis.asyncio import Redis
from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from service.background import cancel_all
from service.errors import UnavailableError
from service.guard.dependency import Dependency
from service.json_values import JsonMapping
from service.observe.journal import Journal

CHANNEL: Final = "calendar:news"
LEASE_S: Final = 1.0
_PING_EVERY_S: Final = 0.25
_RETRY_S: Final = 0.25
_LONGEST_REASON: Final = 200
_MOST_REASONS: Final = 100  # what anybody may publish must not fill the log

Message = JsonMapping  # JSON; the receiver knows what each kind holds


class MessageBus:
    """Messages between workers. `clock` is monotonic."""

    def __init__(
        self,
        client: Redis | None,
        redis: Dependency,
        *,
        alone: bool,
        clock: Callable[[], float],
        journal: Journal,
    ) -> None:
        self._client, self._redis, self._alone, self._clock = client, redis, alone, clock
        self._journal, self._logged = journal, set[str]()
        self.me = os.urandom(8).hex()
        self._heard_at, self._since = float("-inf"), float("inf")
        self._listeners: list[Callable[[Message], None]] = []
        self._task: asyncio.Task[None] | None = None

    def subscribe(self, listener: Callable[[Message], None]) -> None:
        """Pass to `listener` what the others publish from now on."""
        self._listeners.append(listener)

    def hears(self) -> bool:
        """Return whether no message can have been missed."""
        if self._client is None:
            return self._alone
        return self._clock() - self._heard_at < LEASE_S

    @property
    def reaches_all(self) -> bool:
        """Return whether what is published comes to every worker: there is a bus, or only us."""
        return self._client is not None or self._alone

    def heard_since(self) -> float:
        """Return the moment since which no message was missed; infinity when one may have been."""
        is_heard = self._clock() - self._heard_at < LEASE_S
        return self._since if is_heard else float("inf")

    async def publish(self, **message: object) -> bool:
        """Send a message; return whether that is done, or there are no others."""
        if self._client is None:
            return True
        client, text = self._client, orjson.dumps({"from": self.me, **message})
        try:
            await self._redis.call(lambda: client.publish(CHANNEL, text), command="PUBLISH")
        except UnavailableError:
            return False
        return True

    def start(self) -> None:
        """Begin to listen."""
        if self._client is not None:
            self._task = asyncio.create_task(self._listen_forever(self._client), name="bus")

    async def stop(self) -> None:
        """Stop listening."""
        await cancel_all([self._task])

    async def _listen_forever(self, client: Redis) -> None:
        while True:
            try:
                async with client.pubsub() as subscription:
                    await subscription.subscribe(CHANNEL)
                    await self._follow(subscription)
            except (RedisError, OSError, TimeoutError):
                pass  # the watch over Redis reports it
            except Exception as error:  # noqa: BLE001 - whoever no longer listens trusts in vain
                self._not_understood(error)
            self._heard_at = float("-inf")
            await asyncio.sleep(_RETRY_S)

    async def _follow(self, subscription: PubSub) -> None:
        """Pass messages on; raises TimeoutError when Redis has not answered for a whole lease."""
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
                self._since = sent_at
                self._notify({"kind": "missed"})
                first = False
            message = await subscription.get_message(timeout=_PING_EVERY_S)
            while message is not None:
                self._hear(message)
                message = await subscription.get_message(timeout=0)

    def _hear(self, message: Message | None) -> None:
        if message is None or message["type"] != "message":
            return
        try:
            news = orjson.loads(message["data"])
            if news.get("from") != self.me:
                self._notify(news)
        except Exception as error:  # noqa: BLE001 - of another release, or of nobody we know
            self._not_understood(error)

    def _not_understood(self, error: Exception) -> None:
        """Let everything be forgotten that what was said may have been about."""
        self._since = self._clock()
        self._notify({"kind": "unknown"})
        reason = f"{type(error).__name__}: {error}"[:_LONGEST_REASON]
        if reason not in self._logged and len(self._logged) < _MOST_REASONS:
            self._logged.add(reason)
            self._journal.event("WARNING", "news_not_understood", reason=reason)

    def _notify(self, message: Message) -> None:
        for listener in self._listeners:
            listener(message)
