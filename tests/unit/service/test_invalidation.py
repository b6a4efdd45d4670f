"""No cache keeps an event while a change of it may be made; trust ends before silence begins."""

import asyncio
from collections.abc import Coroutine
from typing import Any

import pytest

from service.errors import UnavailableError
from service.store.event_cache import CachedEvent, EventCache
from service.store.in_flight import DOUBT_S, InFlightChanges
from service.store.invalidation import Invalidation
from service.store.lru import Lru
from service.store.silent_workers import LEASE_S, SilentWorkers
from tests.support.dependencies import dependency
from tests.support.memory_collection import MemoryCollection

OLD, NEW = CachedEvent(b"old", '"1"'), CachedEvent(b"new", '"2"')
EVENT = ("ann", "e")


class Clock:
    """A clock that a test moves."""

    now = 1000.0

    def __call__(self) -> float:
        return self.now


class Line:
    """A bus between workers of one test: what one tells, all others hear, unless it is cut."""

    def __init__(self, number: int, workers: "list[Worker]") -> None:
        self.me, self.is_cut, self._workers = f"worker{number}", False, workers
        self.sent: list[str] = []

    async def publish(self, **news: Any) -> bool:
        await asyncio.sleep(0)
        if self.is_cut:
            return False
        self.sent.append(news["kind"])
        for worker in self._workers:
            if worker.line is not self:
                worker.hear(news)
        return True


class Worker:
    """The caches of one worker, beside those of the others on one database."""

    def __init__(self, workers: "list[Worker]", silent: MemoryCollection, clock: Clock) -> None:
        database: Any = {"silent_workers": silent}
        self.line, self.in_flight = Line(len(workers), workers), InFlightChanges(clock)
        self.silent_workers = SilentWorkers(database, dependency(), clock=clock)
        memory: Lru[CachedEvent] = Lru(size=9, ttl_s=9999, clock=clock)
        self.event_cache = EventCache(memory, self.silent_workers.hears_all, self.in_flight)
        bus: Any = self.line
        self.invalidation = Invalidation(self.event_cache, self.in_flight, bus, self.silent_workers)
        workers.append(self)

    def hear(self, news: dict[str, Any]) -> None:
        if news["kind"] == "changing":
            self.event_cache.changing(news["owner"], news["id"], news["change"])
        elif news["kind"] == "event":
            self.event_cache.change_ended(news["owner"], news["id"], news["change"])

    def read(self, kept: CachedEvent) -> None:
        self.event_cache.finish_read(*EVENT, self.event_cache.begin_read(*EVENT), kept)


class Team:
    """Three workers, each of which has the event in its cache."""

    def __init__(self) -> None:
        self.clock, self.silent, self.workers = Clock(), MemoryCollection(), list[Worker]()
        for _ in range(3):
            Worker(self.workers, self.silent, self.clock)
        self.writer = self.workers[0]

    async def begin(self) -> "Team":
        for worker in self.workers:
            await worker.invalidation.refresh()
            worker.read(OLD)
        assert self.seen() == [OLD] * 3
        return self

    def seen(self) -> list[CachedEvent | None]:
        return [worker.event_cache.get(*EVENT) for worker in self.workers]

    def read(self, kept: CachedEvent) -> None:
        for worker in self.workers:
            worker.read(kept)

    async def refresh(self) -> None:
        for worker in self.workers:
            await worker.invalidation.refresh()

    async def live(self, seconds: float) -> None:
        """Let time pass in which MongoDB answers everybody."""
        for _ in range(round(seconds)):
            self.clock.now += LEASE_S * 0.999
            await self.refresh()


def run(scene: Coroutine[Any, Any, None]) -> None:
    asyncio.run(scene)


async def fail(team: Team, error: BaseException) -> None:
    """Let the writer's change end with an error, its fate unknown."""
    with pytest.raises(type(error)):
        async with team.writer.invalidation.around(*EVENT):
            raise error
    await team.writer.invalidation.stop()


def test_while_a_change_is_made_nobody_has_the_event_and_afterwards_all_have_the_new_one() -> None:
    async def scene() -> None:
        team = await Team().begin()
        async with team.writer.invalidation.around(*EVENT):
            assert team.seen() == [None] * 3
            team.read(OLD)
            assert team.seen() == [None] * 3
            readings = [worker.event_cache.begin_read(*EVENT) for worker in team.workers]
        await team.writer.invalidation.stop()
        for worker, reading in zip(team.workers, readings, strict=True):
            worker.event_cache.finish_read(*EVENT, reading, OLD)
        assert team.seen() == [None] * 3
        team.read(NEW)
        assert team.seen() == [NEW] * 3

    run(scene())


@pytest.mark.parametrize(
    "error",
    [
        UnavailableError("mongodb", "timeout"),
        UnavailableError("mongodb", "connection"),
        asyncio.CancelledError(),
        RuntimeError("a fault"),
    ],
    ids=lambda error: f"{error!r:.40}",
)
def test_a_change_whose_end_nobody_knows_is_read_past_the_caches_until_it_can_come_no_more(
    error: BaseException,
) -> None:
    async def scene() -> None:
        team = await Team().begin()
        await fail(team, error)
        team.read(OLD)
        await team.live(DOUBT_S - 2)
        team.read(OLD)
        assert team.seen() == [None] * 3
        readings = [worker.event_cache.begin_read(*EVENT) for worker in team.workers]
        await team.live(4)
        for worker, reading in zip(team.workers, readings, strict=True):
            worker.event_cache.finish_read(*EVENT, reading, OLD)
        assert team.seen() == [None] * 3
        team.read(NEW)
        assert team.seen() == [NEW] * 3

    run(scene())


def test_a_change_that_was_never_asked_for_leaves_no_doubt() -> None:
    async def scene() -> None:
        team = await Team().begin()
        await fail(team, UnavailableError("mongodb", "breaker_open"))
        team.read(OLD)
        assert team.seen() == [OLD] * 3

    run(scene())


def test_two_changes_at_once_are_both_awaited() -> None:
    async def scene() -> None:
        team = await Team().begin()
        async with team.writer.invalidation.around(*EVENT):
            async with team.workers[1].invalidation.around(*EVENT):
                pass
            await team.workers[1].invalidation.stop()
            team.read(OLD)
            assert team.seen() == [None] * 3
        await team.writer.invalidation.stop()
        team.read(NEW)
        assert team.seen() == [NEW] * 3

    run(scene())


def test_who_cannot_tell_changes_nothing_before_the_leases_of_all_have_ended() -> None:
    async def scene() -> None:
        team = await Team().begin()
        team.writer.line.is_cut = True
        waited: list[float] = []

        async def pass_time(seconds: float) -> None:
            waited.append(seconds)
            team.clock.now += seconds

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("service.store.silent_workers.asyncio.sleep", pass_time)
            async with team.writer.invalidation.around(*EVENT):
                assert sum(waited) == pytest.approx(LEASE_S)
                assert team.seen()[1:] == [None] * 2
                await team.refresh()
                team.read(OLD)
                assert team.seen()[1:] == [None] * 2
            async with team.writer.invalidation.around(*EVENT):
                assert sum(waited) == pytest.approx(LEASE_S)  # they still do not trust

    run(scene())


def test_who_can_tell_again_tells_first_what_is_still_in_doubt() -> None:
    async def scene() -> None:
        team = await Team().begin()
        team.writer.line.is_cut = True
        await fail(team, UnavailableError("mongodb", "timeout"))
        await team.refresh()
        assert len(team.silent.documents) == 1
        team.writer.line.is_cut = False
        await team.refresh()
        await team.refresh()
        assert team.silent.documents == {}
        assert team.writer.line.sent[-2:] == ["again", "changing"]
        team.read(OLD)
        assert team.seen() == [None] * 3

    run(scene())


def test_silence_that_begins_while_it_is_being_ended_is_not_ended() -> None:
    async def scene() -> None:
        team = await Team().begin()
        team.writer.line.is_cut = True
        async with team.writer.invalidation.around(*EVENT):
            pass
        needed = team.writer.silent_workers.needed
        async with team.writer.invalidation.around(*EVENT):
            await team.writer.silent_workers.end(needed)
            assert len(team.silent.documents) == 1

    run(scene())


def test_who_could_not_look_for_a_lease_forgets_all_it_had() -> None:
    async def scene() -> None:
        team = await Team().begin()
        team.clock.now += LEASE_S + 0.1
        assert team.seen() == [None] * 3
        await team.refresh()
        assert team.seen() == [None] * 3

    run(scene())


def test_with_more_changes_in_doubt_than_can_be_remembered_every_event_is() -> None:
    clock = Clock()
    in_flight = InFlightChanges(clock, most=2)
    for number in range(3):
        in_flight.begin(f"ann/{number}", "c")
    assert "ann/0" in in_flight
    assert "bob/9" in in_flight
    clock.now += DOUBT_S
    assert "ann/0" not in in_flight
    assert "bob/9" not in in_flight


def test_a_doubt_lasts_from_when_the_database_was_back() -> None:
    clock = Clock()
    in_flight = InFlightChanges(clock)
    in_flight.begin("ann/e", "c")
    clock.now += DOUBT_S - 1
    in_flight.begin_again()
    clock.now += 2
    assert "ann/e" in in_flight
    clock.now += DOUBT_S
    assert "ann/e" not in in_flight
