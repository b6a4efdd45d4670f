"""A process that was too busy to listen does not blame the database."""

import asyncio
import time
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
        CURRENT.set(Trace("id", "", "", ends_at=time.monotonic() - 1))
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
