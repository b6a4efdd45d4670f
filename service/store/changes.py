"""Changes of events, and who must know of them before and after."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

from service.errors import UnavailableError
from service.store.bus import Bus
from service.store.doubts import Doubts
from service.store.near import NearEvents
from service.store.silence import Silence


class Changes:
    """Sees to it that no cache holds an event while a change of it may be made.

    Before an event is changed every worker forgets it, and remembers nothing of it until the
    change is known to be made or not. One whose end nobody knows stays in doubt for a while.
    """

    def __init__(self, near: NearEvents, doubts: Doubts, bus: Bus, silence: Silence) -> None:
        self._near, self._doubts, self._bus, self._silence = near, doubts, bus, silence
        self._numbers = count(1)
        self._running: set[asyncio.Task[bool]] = set()  # else they could be collected unfinished

    @asynccontextmanager
    async def of(self, owner: str, event_id: str) -> AsyncIterator[None]:
        """Change one event within the block; whatever is raised there leaves the end unknown."""
        change = f"{self._bus.me}-{next(self._numbers)}"
        self._near.changing(owner, event_id, change)
        is_known = True
        try:
            await self.tell(kind="changing", owner=owner, id=event_id, change=change)
            is_known = False
            yield
            is_known = True
        except UnavailableError as error:
            is_known = is_known or error.reason == "breaker_open"  # it was never asked
            raise
        finally:
            if is_known:
                self._settle(owner, event_id, change)

    async def tell(self, **news: Any) -> None:
        """Tell the others; when that fails, return after they have stopped to trust.

        Raises UnavailableError when they can neither be told nor stopped.
        """
        if not await self._bus.tell(**news):
            await self._silence.begin()

    async def look(self) -> None:
        """Hear who is silent, and end our own silence when we can tell again."""
        if await self._silence.look():
            self._near.missed()  # with nothing awaited in between: trust may just have begun again
        if self._silence.is_said:
            await self._speak_again()

    async def stop(self) -> None:
        """Wait for the news that is on its way."""
        if self._running:
            await asyncio.wait(self._running)

    def _settle(self, owner: str, event_id: str, change: str) -> None:
        self._near.settled(owner, event_id, change)
        # Nobody waits for it: until it comes the others only read more than they need to.
        news = {"kind": "event", "owner": owner, "id": event_id, "change": change}
        task = asyncio.create_task(self._bus.tell(**news))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def _speak_again(self) -> None:
        needed, told = self._silence.needed, await self._bus.tell(kind="again")
        for event, change in self._doubts.of(self._bus.me) if told else ():
            owner, _, event_id = event.rpartition("/")
            told = told and await self._bus.tell(
                kind="changing", owner=owner, id=event_id, change=change
            )
        if told and not self._doubts.is_full:
            await self._silence.end(needed)
        else:
            await self._silence.say()
