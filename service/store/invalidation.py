"""Invalidating cached events in every worker, before and after a change."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count

from service.errors import UnavailableError
from service.store.event_cache import EventCache
from service.store.in_flight import InFlightChanges
from service.store.pubsub import MessageBus
from service.store.silent_workers import SilentWorkers


class Invalidation:
    """Sees to it that no cache holds an event while a change of it may be made.

    Before an event is changed every worker forgets it, and remembers nothing of it until the
    change is known to be made or not. One whose end nobody knows stays in doubt for a while.
    """

    def __init__(
        self,
        event_cache: EventCache,
        in_flight: InFlightChanges,
        bus: MessageBus,
        silent_workers: SilentWorkers,
    ) -> None:
        self._event_cache, self._in_flight, self._bus, self._silent_workers = (
            event_cache,
            in_flight,
            bus,
            silent_workers,
        )
        self._numbers = count(1)
        self._running: set[asyncio.Task[bool]] = set()  # else they could be collected unfinished

    @asynccontextmanager
    async def around(self, owner: str, event_id: str) -> AsyncIterator[None]:
        """Change one event within the block; whatever is raised there leaves the end unknown."""
        change = f"{self._bus.me}-{next(self._numbers)}"
        self._event_cache.changing(owner, event_id, change)
        is_known = True
        try:
            await self.publish(kind="changing", owner=owner, id=event_id, change=change)
            is_known = False
            yield
            is_known = True
        except UnavailableError as error:
            is_known = is_known or error.reason == "breaker_open"  # it was never asked
            raise
        finally:
            if is_known:
                self._end(owner, event_id, change)

    async def publish(self, **message: object) -> None:
        """Publish a message; when that fails, return after the others have stopped trusting caches.

        Raises UnavailableError when neither can be done.
        """
        if not await self._bus.publish(**message):
            await self._silent_workers.begin()

    async def refresh(self) -> None:
        """See which workers are silent, and end our own silence when we can publish again."""
        if await self._silent_workers.refresh():
            # Nothing is awaited in between: trust may just have begun again.
            self._event_cache.missed()
        if self._silent_workers.is_said:
            await self._publish_again()

    async def stop(self) -> None:
        """Wait for the messages that are on their way."""
        if self._running:
            await asyncio.wait(self._running)

    def _end(self, owner: str, event_id: str, change: str) -> None:
        self._event_cache.change_ended(owner, event_id, change)
        # Nobody waits for it: until it comes the others only read more than they need to.
        message = {"kind": "event", "owner": owner, "id": event_id, "change": change}
        task = asyncio.create_task(self._bus.publish(**message))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _publish_again(self) -> None:
        needed, published = self._silent_workers.needed, await self._bus.publish(kind="again")
        for event, change in self._in_flight.of(self._bus.me) if published else ():
            owner, _, event_id = event.rpartition("/")
            published = published and await self._bus.publish(
                kind="changing", owner=owner, id=event_id, change=change
            )
        if published and not self._in_flight.is_full:
            await self._silent_workers.end(needed)
        else:
            await self._silent_workers.say()
