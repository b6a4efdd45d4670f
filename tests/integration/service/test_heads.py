"""A request head that never ends, or never stops growing, is cut off; a request is not."""

import asyncio
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any

import pytest
import uvicorn

from service.heads import HeadsThatEnd

SLOW_S = 0.6


class Impatient(HeadsThatEnd):
    head_s = 0.3
    most_bytes = 4000


async def app(scope: Any, receive: Any, send: Any) -> None:
    assert scope["type"] == "http"
    await receive()
    await asyncio.sleep(SLOW_S)
    await send(
        {"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]}
    )
    await send({"type": "http.response.body", "body": b"ok"})


@asynccontextmanager
async def connection() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    config = uvicorn.Config(app, http=Impatient, lifespan="off", log_config=None)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        serving = asyncio.create_task(server._serve([listener]))
        reader, writer = await asyncio.open_connection(*listener.getsockname())
        yield reader, writer
        writer.close()
        server.should_exit = True
        await serving


async def drip(writer: asyncio.StreamWriter, part: bytes) -> None:
    with suppress(ConnectionError):
        while True:
            writer.write(part)
            await writer.drain()
            await asyncio.sleep(0.05)


@pytest.mark.parametrize(
    ("begin", "part", "status"),
    [
        (b"", b"", b"408"),
        (b"GET / HTTP/1.1\r\n", b"x: y\r\n", b"408"),
        (b"GET /" + b"a" * 500, b"a", b"408"),
        (b"GET / HTTP/1.1\r\n", b"x: " + b"y" * 1000 + b"\r\n", b"431"),
    ],
)
async def test_a_head_without_an_end_is_cut_off(begin: bytes, part: bytes, status: bytes) -> None:
    async with connection() as (reader, writer):
        writer.write(begin)
        dripping = asyncio.create_task(drip(writer, part))
        async with asyncio.timeout(60):
            assert (await reader.readline()).split()[1] == status
        dripping.cancel()


async def test_a_request_may_take_longer_than_its_head_and_so_may_the_next() -> None:
    async with connection() as (reader, writer):
        for _ in range(2):
            writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
            async with asyncio.timeout(60):
                head = await reader.readuntil(b"\r\n\r\n")
                assert head.split()[1] == b"200"
                assert await reader.readexactly(2) == b"ok"


async def test_a_second_head_has_to_end_too() -> None:
    async with connection() as (reader, writer):
        writer.write(b"GET / HTTP/1.1\r\nhost: x\r\n\r\n")
        async with asyncio.timeout(60):
            await reader.readuntil(b"ok")
            dripping = asyncio.create_task(drip(writer, b"GET / HTTP/1.1\r\nx"))
            assert (await reader.readline()).split()[1] in {b"408", b"431", b"400"}
        dripping.cancel()
