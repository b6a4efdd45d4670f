"""Only so many at once, and nobody stays in a line that they have left."""

import asyncio

from service.guard.semaphore import CountedSemaphore


async def test_no_more_than_so_many_are_in_at_once_and_the_rest_is_counted() -> None:
    waiting: list[int] = []
    semaphore, inside, most = CountedSemaphore(2, on_waiting=waiting.append), 0, 0

    async def one() -> None:
        nonlocal inside, most
        async with semaphore:
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    await asyncio.gather(*(one() for _ in range(6)))
    assert most == 2
    assert max(waiting) == 4
    assert waiting[-1] == 0


async def test_who_gives_up_waiting_leaves_the_line_and_takes_nobodys_turn() -> None:
    waiting: list[int] = []
    semaphore = CountedSemaphore(1, on_waiting=waiting.append)

    async def impatient() -> bool:
        try:
            async with asyncio.timeout(0.01), semaphore:
                return True
        except TimeoutError:
            return False

    async with semaphore:
        assert await asyncio.gather(*(impatient() for _ in range(5))) == [False] * 5
        assert waiting[-1] == 0
    assert await impatient()
