"""A process that was too busy to listen does not blame the database."""

import asyncio
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pymongo.errors import NetworkTimeout, PyMongoError, ServerSelectionTimeoutError

from service.errors import UnavailableError
from service.guard.breaker import Breaker
from service.guard.dependency import Dependency, FailedError, Policy
from service.guard.health import Check, Watch
from service.observe.current import CURRENT, Trace
from service.observe.journal import Journal
from service.store.mongo import diagnose as diagnosed
from service.telemetry import Telemetry


def dependency(timeout_s: float = 0.05) -> Dependency:
    def diagnose(error: Exception) -> FailedError | None:
        if isinstance(error, PyMongoError):
            return diagnosed(error)
        return FailedError("connection", worth_retrying=False)

    return Dependency(
        "mongodb",
        policy=Policy(timeout_s=timeout_s),
        breaker=Breaker(retry_s=60, clock=time.monotonic),
        telemetry=Telemetry(None, dependencies=["mongodb"]),
        diagnose=diagnose,
    )


async def hangs() -> None:
    await asyncio.sleep(30)


async def is_kept_waiting() -> None:
    await asyncio.sleep(0)
    time.sleep(0.9)  # noqa: ASYNC251 - the stall that is meant
    await asyncio.sleep(30)


async def calls(of: Dependency, operation: object, number: int = 3) -> None:
    for _ in range(number):
        with pytest.raises(UnavailableError):
            await of.call(operation)  # type: ignore[arg-type]


def test_three_calls_that_time_out_open_the_breaker() -> None:
    database = dependency()
    asyncio.run(calls(database, hangs))
    assert database.breaker.is_open


def test_three_calls_that_this_process_kept_waiting_do_not() -> None:
    database = dependency()
    asyncio.run(calls(database, is_kept_waiting))
    assert not database.breaker.is_open


def test_calls_of_a_request_whose_time_was_up_do_not() -> None:
    database = dependency()

    async def late() -> None:
        CURRENT.set(Trace.of("id", "", ends_at=time.monotonic() - 1))
        await calls(database, hangs)

    asyncio.run(late())
    assert not database.breaker.is_open


async def is_refused_late() -> None:
    time.sleep(0.9)  # noqa: ASYNC251 - the stall that is meant
    raise ConnectionRefusedError("refused")


async def finds_no_server_late() -> None:
    time.sleep(0.9)  # noqa: ASYNC251 - the stall that is meant
    raise ServerSelectionTimeoutError("127.0.0.1:9: [Errno 111] Connection refused, Timeout: 0.1s")


async def is_late_by_its_own_clock() -> None:
    time.sleep(0.9)  # noqa: ASYNC251 - the stall that is meant
    raise NetworkTimeout("timed out")


@pytest.mark.parametrize(
    ("ping", "up"),
    [
        (hangs, False),
        (is_kept_waiting, True),
        (is_late_by_its_own_clock, True),
        (is_refused_late, False),
        (finds_no_server_late, False),
    ],
)
def test_a_check_that_this_process_kept_waiting_says_nothing(
    ping: object, *, up: bool, tmp_path: Path
) -> None:
    database = dependency()
    answers = [True]

    async def look() -> None:
        if answers:
            answers.pop()
            return
        await ping()  # type: ignore[operator]

    async def nothing() -> None:
        pass

    watch = Watch(
        (Check(database, ping=look, on_return=nothing),),
        interval_s=0.1,
        telemetry=Telemetry(None, dependencies=["mongodb"]),
        journal=Journal(tmp_path, on_drop=lambda _: None),
    )

    async def twice() -> None:
        for check in watch._checks:
            await watch._check(check)
            await watch._check(check)

    asyncio.run(twice())
    assert watch.is_up("mongodb") is up
    assert database.breaker.is_open is not up


async def watched(database: Dependency, tmp_path: Path, *pings: object) -> tuple[Watch, list[int]]:
    """Return a running watch over a dependency, and how often it has asked; the last ping stays."""
    asked: list[int] = []

    async def ping() -> None:
        asked.append(len(asked))
        await pings[min(len(asked), len(pings)) - 1]()  # type: ignore[operator]

    watch = Watch(
        (Check(database, ping),),
        interval_s=30,
        telemetry=Telemetry(None, dependencies=["mongodb"]),
        journal=Journal(tmp_path, on_drop=lambda _: None),
    )
    await watch.start()
    return watch, asked


async def answers_at_once() -> None:
    await asyncio.sleep(0)


async def fails_at_once() -> None:
    raise ConnectionRefusedError


async def _until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(20):
        while not condition():  # noqa: ASYNC110 - a level, not an edge
            await asyncio.sleep(0.01)


async def test_many_calls_that_take_too_long_close_nothing_while_a_check_is_answered(
    tmp_path: Path,
) -> None:
    database = dependency()
    watch, asked = await watched(database, tmp_path, answers_at_once)
    await asyncio.gather(*(calls(database, hangs, 1) for _ in range(6)))
    await _until(lambda: len(asked) > 1)  # they are a reason to look, long before the next turn
    assert not database.breaker.is_open
    assert watch.is_up("mongodb")
    await watch.stop()


async def test_a_call_that_takes_too_long_is_how_a_lost_server_is_found(tmp_path: Path) -> None:
    database = dependency()
    watch, _ = await watched(database, tmp_path, answers_at_once, fails_at_once)
    await calls(database, hangs, 1)
    await _until(lambda: database.breaker.is_open)
    assert not watch.is_up("mongodb")
    await watch.stop()


async def test_a_watch_goes_on_where_a_library_cancels_its_check(tmp_path: Path) -> None:
    async def cancels() -> None:
        raise asyncio.CancelledError

    database = dependency()
    watch, _ = await watched(database, tmp_path, cancels, answers_at_once)
    assert not watch.is_up("mongodb")
    assert database.on_doubt is not None
    database.on_doubt()
    await _until(lambda: watch.is_up("mongodb"))
    await watch.stop()


async def test_a_look_that_takes_long_is_no_loss_but_one_that_is_refused_is(tmp_path: Path) -> None:
    for look, up in ((hangs, True), (fails_at_once, False)):
        database = dependency()
        watch = Watch(
            (Check(database, answers_at_once, look=look),),
            interval_s=0.05,
            telemetry=Telemetry(None, dependencies=["mongodb"]),
            journal=Journal(tmp_path, on_drop=lambda _: None),
        )
        await watch._check(watch._checks[0])
        assert watch.is_up("mongodb") is up
