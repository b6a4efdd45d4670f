"""What is remembered of a key is never older than a lease, whatever happened meanwhile."""

import asyncio
from collections.abc import Collection, Coroutine, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from service.errors import UnavailableError
from service.guard.key_cache import LEASE_S, CachedKey, KeyCache
from service.guard.keys import KeyRecord

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEY = KeyRecord("k", "ann", frozenset({"calendar"}), "hash", "", NOW, None, None)
REVOKED = replace(KEY, revoked_at=NOW)
NEVER = float("inf")


class World:
    """MongoDB with its keys, two clocks, and a memory of one worker."""

    def __init__(
        self, *, heard_since: float = NEVER, ttl_s: float = 600, away_s: float = 900
    ) -> None:
        self.now, self.heard_since, self.is_away = 100.0, heard_since, False
        self.keys: dict[str, KeyRecord] = {"k": KEY}
        self.asked = 0
        self.memory = KeyCache(
            self.read,
            ttl_s=ttl_s,
            away_s=away_s,
            heard_since=lambda: self.heard_since,
            clock=lambda: NOW + timedelta(seconds=self.now),
            monotonic=lambda: self.now,
        )

    async def read(self, key_ids: Collection[str]) -> Mapping[str, KeyRecord]:
        self.asked += 1
        if self.is_away:
            raise UnavailableError("mongodb", "timeout")
        return {key_id: self.keys[key_id] for key_id in key_ids if key_id in self.keys}

    async def check(self, *, hashing_s: float = 0.0, meanwhile: Any = None) -> KeyRecord | None:
        """Do what admission does with a key that it does not know."""
        known = CachedKey(self.keys["k"], self.now)
        self.now += hashing_s
        if meanwhile:
            meanwhile(self)
        return await self.memory.remember("digest", known)


def run(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scene)


def revoke(world: World) -> None:
    world.keys["k"] = REVOKED


def revoke_and_tell(world: World) -> None:
    world.memory.forget("k")
    world.keys["k"] = REVOKED


def tell_of_another(world: World) -> None:
    world.memory.forget("another")


def test_a_key_that_was_just_read_costs_no_question() -> None:
    async def scene() -> None:
        world = World()
        assert await world.check() == KEY
        assert await world.memory.find("digest") == KEY
        assert world.asked == 0

    run(scene())


def test_regular_looks_spare_every_request_the_question() -> None:
    async def scene() -> None:
        world = World()
        await world.check()
        for number in range(1, 100):
            world.now += LEASE_S / 2
            await world.memory.refresh()
            assert await world.memory.find("digest") == KEY
            assert world.asked == number

    run(scene())


@pytest.mark.parametrize("heard_since", [NEVER, 0.0])
@pytest.mark.parametrize("harm", [revoke, revoke_and_tell, lambda world: world.keys.clear()])
def test_a_key_that_is_gone_is_found_out_by_the_next_look(harm: Any, heard_since: float) -> None:
    async def scene() -> None:
        world = World(heard_since=heard_since)
        await world.check()
        harm(world)
        world.now += LEASE_S / 2
        await world.memory.refresh()
        assert await world.memory.find("digest") is None

    run(scene())


def test_without_looks_the_request_itself_asks_once_the_lease_has_ended() -> None:
    async def scene() -> None:
        world = World()
        await world.check()
        revoke(world)
        world.now += LEASE_S
        assert await world.memory.find("digest") is None

    run(scene())


def test_nobody_is_let_in_when_neither_mongodb_nor_news_says_that_the_key_is_good() -> None:
    async def scene() -> None:
        world = World()
        await world.check()
        world.is_away = True
        world.now += LEASE_S
        with pytest.raises(UnavailableError):
            await world.memory.find("digest")

    run(scene())


def test_news_that_was_heard_without_a_gap_since_the_key_was_read_will_do() -> None:
    async def scene() -> None:
        world = World(heard_since=99.0)
        await world.check()
        world.is_away = True
        world.now += 5
        assert await world.memory.find("digest") == KEY
        world.heard_since = world.now  # the line was down: a revocation may have been missed
        with pytest.raises(UnavailableError):
            await world.memory.find("digest")

    run(scene())


@pytest.mark.parametrize("harm", [revoke, revoke_and_tell])
@pytest.mark.parametrize("heard_since", [NEVER, 0.0])
def test_a_key_that_is_revoked_while_it_is_hashed_is_refused(harm: Any, heard_since: float) -> None:
    async def scene() -> None:
        world = World(heard_since=heard_since)
        await world.check(hashing_s=LEASE_S * 3, meanwhile=harm)
        await world.memory.refresh()
        assert await world.memory.find("digest") is None

    run(scene())


def test_news_of_a_revocation_during_hashing_refuses_the_very_request() -> None:
    async def scene() -> None:
        assert await World().check(meanwhile=revoke_and_tell) is None
        assert await World().check(meanwhile=tell_of_another) == KEY

    run(scene())


def test_scopes_that_change_while_a_key_is_hashed_are_those_that_count() -> None:
    async def scene() -> None:
        world, fewer = World(), replace(KEY, scopes=frozenset())
        found = await world.check(
            hashing_s=LEASE_S, meanwhile=lambda world: world.keys.update(k=fewer)
        )
        assert found == fewer

    run(scene())


def test_a_key_that_expires_while_it_is_remembered_opens_no_more() -> None:
    async def scene() -> None:
        world = World(heard_since=0.0)
        world.keys["k"] = replace(KEY, expires_at=NOW + timedelta(seconds=world.now + 2))
        await world.check()
        world.now += 3
        await world.memory.refresh()
        assert await world.memory.find("digest") is None

    run(scene())


def test_with_no_memory_every_request_is_checked_anew_and_let_in() -> None:
    async def scene() -> None:
        world = World(ttl_s=0)
        assert await world.check(hashing_s=LEASE_S * 2) == KEY
        assert await world.memory.find("digest") is None

    run(scene())


def test_nothing_is_remembered_of_any_key_once_all_are_to_be_forgotten() -> None:
    async def scene() -> None:
        world = World(heard_since=0.0)
        assert await world.check() == KEY
        asked = world.asked
        assert await world.memory.find("digest") == KEY
        assert world.asked == asked
        world.memory.forget_all()
        assert await world.memory.find("digest") is None

        def forget_all(world: World) -> None:
            world.memory.forget_all()
            revoke(world)

        assert await world.check(meanwhile=forget_all) is None

    run(scene())


def test_without_mongodb_a_key_stays_known_for_its_time_and_no_longer() -> None:
    async def scene() -> None:
        world = World(ttl_s=30, away_s=900)
        await world.check()
        world.now += 60  # its secret is to be checked again
        await world.memory.refresh()
        world.is_away = True
        world.now += 830
        assert world.memory.while_away("digest") == KEY
        assert world.memory.while_away("another") is None
        world.now += 20  # since the secret was checked
        assert world.memory.while_away("digest") is None

    run(scene())


def test_a_key_that_was_not_confirmed_for_its_time_is_no_longer_known() -> None:
    async def scene() -> None:
        world = World(ttl_s=30, away_s=900)
        await world.check()
        world.now += 901
        assert world.memory.while_away("digest") is None
        assert not world.memory.was_good("digest")

    run(scene())


@pytest.mark.parametrize("harm", [revoke, revoke_and_tell])
def test_a_revoked_key_is_not_known_without_mongodb_either(harm: Any) -> None:
    async def scene() -> None:
        world = World(ttl_s=30, away_s=900)
        await world.check()
        world.now += 60  # nobody has asked with it for a minute
        harm(world)
        await world.memory.refresh()
        world.is_away = True
        assert world.memory.while_away("digest") is None

    run(scene())


def test_keys_that_nobody_asks_with_are_looked_at_every_few_seconds_only() -> None:
    async def scene() -> None:
        world = World(ttl_s=1, away_s=900)
        await world.check()
        world.now += 2
        for _ in range(50):
            world.now += 0.4
            await world.memory.refresh()
        assert 3 <= world.asked <= 6

    run(scene())


def test_an_expired_key_is_not_known_without_mongodb() -> None:
    async def scene() -> None:
        world = World()
        ends = NOW + timedelta(seconds=200)
        world.keys["k"] = replace(KEY, expires_at=ends)
        await world.check()
        world.is_away, world.now = True, 201.0
        assert world.memory.while_away("digest") is None

    run(scene())
