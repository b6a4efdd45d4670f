"""Background tasks end when they are told to, also where a library swallows the first word."""

import asyncio

from service.ending import end


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
        await end([task, None])
    assert task.cancelled()
    assert swallowed == 3


async def test_what_has_ended_or_never_began_is_not_waited_for() -> None:
    over = asyncio.create_task(asyncio.sleep(0))
    await over
    await end([over, None])
    await end([])
    assert not over.cancelled()
