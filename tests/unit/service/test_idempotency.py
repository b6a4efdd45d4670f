"""One Idempotency-Key makes one event, also when its earlier record has expired."""

import asyncio
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.drafts import new_event
from service.errors import ProblemError
from service.planning.event import Event
from service.store.idempotency import Claim, IdempotencyRecords, Record
from tests.support.dependencies import dependency
from tests.support.memory_collection import MemoryCollection

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
CLAIM = Claim("ann", "k", "what was asked")
TTL_S = 600


def event(title: str) -> Event:
    return new_event("ann", {"title": title, "start": "2026-05-04T19:00:00Z"}, now=NOW)


def records(collection: MemoryCollection) -> IdempotencyRecords:
    database: Any = {"idempotency": collection}
    return IdempotencyRecords(database, dependency(), ttl_s=TTL_S)


async def with_record(*, seconds_ago: float, title: str = "old") -> MemoryCollection:
    collection = MemoryCollection()
    await records(collection).claim(
        CLAIM, event(title), {}, now=NOW - timedelta(seconds=seconds_ago)
    )
    return collection


def one_at_a_time_after_all_have_found(collection: MemoryCollection, claims: int) -> None:
    """Let nobody go on from its first look before everybody has looked."""
    all_looked, looked = asyncio.Event(), 0

    async def wait(command: str) -> None:
        nonlocal looked
        if command == "find":
            looked += 1
            if looked >= claims:
                all_looked.set()
            await all_looked.wait()

    collection.after = wait


@pytest.mark.parametrize("claims", [2, 5])
def test_of_several_who_find_an_expired_record_one_makes_the_event(claims: int) -> None:
    async def race() -> list[Record]:
        collection = await with_record(seconds_ago=TTL_S + 1)
        once = records(collection)
        one_at_a_time_after_all_have_found(collection, claims)
        titles = [f"event {number}" for number in range(claims)]
        return await asyncio.gather(
            *(once.claim(CLAIM, event(title), {}, now=NOW) for title in titles)
        )

    made = asyncio.run(race())
    assert len({record.event.id for record in made}) == 1
    assert made[0].event.title != "old"


def test_of_several_who_see_the_record_removed_in_between_one_makes_the_event() -> None:
    async def race() -> list[Record]:
        collection = await with_record(seconds_ago=TTL_S + 1)
        once = records(collection)
        tried = 0

        async def sweep(command: str) -> None:
            nonlocal tried
            tried += command == "insert"
            if command == "insert" and tried == 2:  # both have met the old record
                collection.documents.clear()
            await asyncio.sleep(0)

        collection.after = sweep
        return await asyncio.gather(
            *(once.claim(CLAIM, event(title), {}, now=NOW) for title in ("a", "b"))
        )

    made = asyncio.run(race())
    assert len({record.event.id for record in made}) == 1


def test_who_comes_late_to_finish_does_not_finish_the_record_of_another_event() -> None:
    async def race() -> bool:
        collection = await with_record(seconds_ago=TTL_S + 1)
        once, late = records(collection), next(iter(collection.documents.values()))
        taken = await once.claim(CLAIM, event("new"), {}, now=NOW)
        await once.finish(CLAIM, replace(taken.event, id=late["event"]["_id"]))
        found = await once.find(CLAIM, now=NOW)
        assert found is not None
        return found.done

    assert asyncio.run(race()) is False


def test_a_record_that_has_not_expired_is_given_to_all_who_come() -> None:
    async def again() -> Record:
        collection = await with_record(seconds_ago=TTL_S - 1, title="first")
        return await records(collection).claim(CLAIM, event("second"), {}, now=NOW)

    assert asyncio.run(again()).event.title == "first"


def test_another_request_with_the_key_of_one_that_has_just_taken_over_is_refused() -> None:
    async def again() -> None:
        collection = await with_record(seconds_ago=TTL_S + 1)
        await records(collection).claim(CLAIM, event("new"), {}, now=NOW)
        other = replace(CLAIM, fingerprint="something else")
        await records(collection).claim(other, event("other"), {}, now=NOW)

    with pytest.raises(ProblemError) as caught:
        asyncio.run(again())
    assert caught.value.code == "idempotency_mismatch"
