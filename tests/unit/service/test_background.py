"""Background tasks end when they are cancelled, also where a library swallows the first word."""

import asyncio

from service.background import cancel_all


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
