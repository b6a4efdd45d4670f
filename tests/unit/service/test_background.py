"""Background tasks end when they are cancelled, also where a library swallows the first word."""

import asyncio
import contextlib

import pytest

from service.background import Repeating, cancel_all, within


async def test_a_task_that_swallows_a_cancellation_is_asked_again() -> None:
    swallowed = 0

    async def stubborn() -> None:
        nonlocal swallowed
        while True:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                swallowed += 1
                if swallowed > 2:
                    raise

    task = asyncio.create_task(stubborn())
    await asyncio.sleep(0)
    async with asyncio.timeout(5):
        await cancel_all([task, None])
    assert task.cancelled()
    assert swallowed == 3


async def test_what_has_ended_or_never_began_is_not_waited_for() -> None:
    over = asyncio.create_task(asyncio.sleep(0))
    await over
    await cancel_all([over, None])
    await cancel_all([])
    assert not over.cancelled()


async def test_work_that_hangs_whatever_it_is_told_keeps_nobody_waiting() -> None:
    ended = asyncio.Event()

    async def deaf() -> None:
        while not ended.is_set():
            with contextlib.suppress(asyncio.CancelledError):
                await ended.wait()

    with pytest.raises(TimeoutError):
        await within(0.01, deaf)
    ended.set()


async def test_work_that_a_library_cancels_by_mistake_is_a_failure_and_no_more() -> None:
    async def cancelled_within() -> None:
        raise asyncio.CancelledError

    with pytest.raises(TimeoutError):
        await within(5, cancelled_within)


async def test_repeated_work_goes_on_after_a_cancellation_that_nobody_asked_for() -> None:
    began, often = 0, asyncio.Event()

    async def stray() -> None:
        nonlocal began
        began += 1
        if began > 2:
            often.set()
        raise asyncio.CancelledError

    repeating = Repeating(stray, every_s=0, name="stray")
    repeating.start()
    async with asyncio.timeout(5):
        await often.wait()
        await repeating.stop()
