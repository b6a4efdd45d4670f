"""Whoever reads many events with many exceptions lets the others have their turn."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from service.drafts import new_event
from service.store.documents import document_of
from service.store.events import Events
from tests.support.dependencies import dependency
from tests.support.memory_collection import MemoryCollection

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def test_events_are_found_by_their_uids_in_turns() -> None:
    fields = {"title": "x", "start": "2026-01-01T09:00:00", "recurrence": "FREQ=DAILY"}
    exdates = [f"2026-{1 + n % 12:02}-{1 + n // 12 % 28:02}T09:00:00" for n in range(300)]
    series = new_event("ann", {**fields, "exdates": exdates}, now=NOW)
    collection = MemoryCollection()
    uids = [f"u{n}" for n in range(40)]
    for uid in uids:
        one = document_of(replace(series, id=uid, uid=uid), series_end=None)
        collection.documents[uid] = one
    database: Any = {"events": collection}
    events = Events(database, dependency())

    def turns_while(number: int) -> int:
        async def main() -> int:
            turns, is_done = 0, False

            async def others() -> None:
                nonlocal turns
                while not is_done:
                    turns += 1
                    await asyncio.sleep(0)

            task = asyncio.create_task(others())
            found = await events.find_uids("ann", uids[:number])
            assert set(found) == set(uids[:number])
            is_done = True
            await task
            return turns

        return asyncio.run(main())

    assert turns_while(40) >= turns_while(1) + 10
