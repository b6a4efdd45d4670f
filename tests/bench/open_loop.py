"""A second, independent open-loop measurement: plain asyncio, none of our generator's code.

Prints one JSON object with the latencies in seconds, each from the moment the request was due.
"""

import asyncio
import json
import sys
import time
from urllib.parse import urlsplit

import uvloop

REQUEST = b"GET /other HTTP/1.1\r\nHost: target\r\n\r\n"


class _Client:
    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host, self.port = parts.hostname, parts.port
        self.idle: list[tuple[asyncio.StreamReader, asyncio.StreamWriter]] = []
        self.latencies: list[float] = []

    async def one(self, due: float) -> None:
        streams = self.idle.pop() if self.idle else None
        reader, writer = streams or await asyncio.open_connection(self.host, self.port)
        writer.write(REQUEST)
        await reader.readuntil(b"ok")
        self.latencies.append(time.perf_counter() - due)
        self.idle.append((reader, writer))


async def measure(url: str, per_s: float, for_s: float) -> list[float]:
    """Return the latencies of `per_s * for_s` requests, evenly spaced."""
    client, start = _Client(url), time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for number in range(int(per_s * for_s)):
            due = start + number / per_s
            while (wait := due - time.perf_counter()) > 0:  # noqa: ASYNC110 -- it is a moment
                await asyncio.sleep(wait)
            group.create_task(client.one(due))
    for _, writer in client.idle:
        writer.close()
    return client.latencies


if __name__ == "__main__":
    found = uvloop.run(measure(sys.argv[1], float(sys.argv[2]), float(sys.argv[3])))
    json.dump(found, sys.stdout)
