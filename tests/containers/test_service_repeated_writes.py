"""A driver repeats a write whose answer was lost: what it did the first time is told as done."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from pymongo import AsyncMongoClient

from service.drafts import new_event
from service.planning.event import Event
from service.store.events import Events

NOW = datetime(2026, 3, 2, 9, 30, 0, 123_000, tzinfo=UTC)
Result = TypeVar("Result")


class Repeats:
    """Does each thing twice and tells of the second time only."""

    async def call(self, operation: Callable[[], Awaitable[Result]], **_: Any) -> Result:
        await operation()
        return await operation()


def drafted(**fields: Any) -> Event:
    given = {"title": "Standup", "start": "2026-03-02T09:00:00+01:00", "timezone": "Europe/Berlin",
             "end": "2026-03-02T09:30:00+01:00", **fields}  # fmt: skip
    return new_event("ada", given, now=NOW, work=lambda _cost: None)


async def _changed_twice(url: str, event: Event) -> tuple[bool, bool, Event | None]:
    """Return whether the change counts as made, whether another of that version does, and all."""
    client: AsyncMongoClient[dict[str, Any]] = AsyncMongoClient(url, tz_aware=True)
    try:
        events = Events(client["calendar"], Repeats())  # type: ignore[arg-type]
        await events.insert(event, series_end=None)
        mine = replace(event, title="Mine", version=2, updated_at=NOW + timedelta(seconds=1))
        done = await events.replace(mine, version=1, series_end=None)
        other = await events.replace(replace(mine, title="Other"), version=1, series_end=None)
        return done, other, await events.find("ada", event.id)
    finally:
        await client.close()


def test_a_change_that_was_made_and_repeated_is_made_and_one_that_came_too_late_is_not(
    mongodb_url: str,
) -> None:
    for fields in ({}, {"attendees": ["bob@b.example"], "recurrence": "FREQ=DAILY;COUNT=3"}):
        done, other, kept = asyncio.run(_changed_twice(mongodb_url, drafted(**fields)))
        assert (done, other) == (True, False)
        assert kept is not None
        assert (kept.title, kept.version) == ("Mine", 2)
