"""Only so many at once, and nobody stays in a line that they have left."""

import asyncio

from service.guard.turns import Turns


async def test_no_more_than_so_many_are_in_at_once_and_the_rest_is_counted() -> None:
    told: list[int] = []
    turns, inside, most = Turns(2, on_waiting=told.append), 0, 0

    async def one() -> None:
        nonlocal inside, most
        async with turns:
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.01)
            inside -= 1

    await asyncio.gather(*(one() for _ in range(6)))
    assert most == 2
    assert max(told) == 4
    assert told[-1] == 0


async def test_who_gives_up_waiting_leaves_the_line_and_takes_nobodys_turn() -> None:
    told: list[int] = []
    turns = Turns(1, on_waiting=told.append)

    async def impatient() -> bool:
        try:
            async with asyncio.timeout(0.01), turns:
                return True
        except TimeoutError:
            return False

    async with turns:
        assert await asyncio.gather(*(impatient() for _ in range(5))) == [False] * 5
        assert told[-1] == 0
    assert await impatient()
