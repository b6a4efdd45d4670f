"""The proxy itself: `python3 server.py CONTROL_PORT NAME=LISTEN_PORT:HOST:PORT …`.

Needs nothing but the standard library. Each NAME is a link. The control port takes one JSON object
a line, `{"link": NAME, …}`, and answers `{"ok": true, "held": …}` or `{"error": …}`:

- `latency_s`, `jitter_s`: each piece waits that long, and up to the jitter longer, each way;
  with `latency_share` only so many of the pieces;
- `bytes_per_s`: no more than that each way;
- `hold`: `to_server`, `to_client` or `both`: nothing passes, and arrives when it is mended;
- `reset_share`: so many of all pieces reset their connection instead (RST);
- `refuse`: new connections are reset;
- `drop`: every connection is reset now, with what it held.

What is not named is as without a fault. All links are mended when the connection that broke them
ends, however it ends: nobody has to outlive a fault to undo it.
"""

import asyncio
import json
import random
import socket
import struct
import sys
from dataclasses import dataclass, field

LOOPBACK = "127.0.0.1"
CHUNK = 65_536
SLICE_S = 0.02
CHANCE = random.SystemRandom()
HOLDS = ("", "to_server", "to_client", "both")


@dataclass(frozen=True)
class Fault:
    """What is wrong with a link; the default is nothing."""

    latency_s: float = 0.0
    jitter_s: float = 0.0
    latency_share: float = 1.0
    bytes_per_s: float = 0.0
    hold: str = ""
    reset_share: float = 0.0
    refuse: bool = False

    def holds(self, direction: str) -> bool:
        """Return whether nothing passes in a direction."""
        return self.hold in {"both", direction}


@dataclass(eq=False)
class Link:
    """One server behind the proxy, and the connections to it."""

    host: str
    port: int
    fault: Fault = field(default_factory=Fault)
    changed: asyncio.Event = field(default_factory=asyncio.Event)
    pairs: set["Pair"] = field(default_factory=set)
    held: int = 0

    def become(self, fault: Fault) -> None:
        """Be broken in another way, or mended; what waits looks again."""
        self.fault = fault
        self.changed.set()
        self.changed = asyncio.Event()

    def drop(self) -> None:
        """Reset every connection."""
        for pair in tuple(self.pairs):
            pair.reset()

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one connection of a client until either side ends it."""
        if self.fault.refuse:
            reset(writer)
            return
        try:
            there = await asyncio.open_connection(self.host, self.port)
        except OSError:
            reset(writer)
            return
        pair = Pair(self, writer, there[1])
        self.pairs.add(pair)
        try:
            await asyncio.gather(
                pair.pump(reader, there[1], "to_server"), pair.pump(there[0], writer, "to_client")
            )
        finally:
            self.pairs.discard(pair)
            for each in (writer, there[1]):
                each.close()


@dataclass(eq=False)
class Pair:
    """The two halves of one connection."""

    link: Link
    client: asyncio.StreamWriter
    server: asyncio.StreamWriter
    is_reset: bool = False

    async def pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, direction: str
    ) -> None:
        """Carry one direction until its end."""
        try:
            while data := await reader.read(CHUNK):
                if not await self.passes(direction):
                    return
                await self.carry(data, writer)
            await self.passes(direction)  # the end waits, too, for what went before it
            if writer.can_write_eof():
                writer.write_eof()
        except OSError:
            self.reset()

    async def passes(self, direction: str) -> bool:
        """Return once a piece may pass; False when the connection was reset instead."""
        link = self.link
        if link.fault.reset_share and CHANCE.random() < link.fault.reset_share:
            self.reset()
        delay = link.fault.latency_s + CHANCE.random() * link.fault.jitter_s
        if delay and CHANCE.random() < link.fault.latency_share:
            await asyncio.sleep(delay)
        link.held += 1
        try:
            while link.fault.holds(direction) and not self.is_reset:
                await link.changed.wait()
        finally:
            link.held -= 1
        return not self.is_reset

    async def carry(self, data: bytes, writer: asyncio.StreamWriter) -> None:
        """Write a piece, no faster than the link is."""
        while data and not self.is_reset:
            rate = self.link.fault.bytes_per_s
            size = max(1, int(rate * SLICE_S)) if rate else len(data)
            writer.write(data[:size])
            await writer.drain()
            data = data[size:]
            if rate:
                await asyncio.sleep(SLICE_S)

    def reset(self) -> None:
        """End both halves at once with RST; what waits at the link notices."""
        self.is_reset = True
        reset(self.client)
        reset(self.server)
        self.link.become(self.link.fault)


def reset(writer: asyncio.StreamWriter) -> None:
    """End a connection with RST rather than FIN."""
    found = writer.get_extra_info("socket")
    if found is not None and found.fileno() >= 0:
        found.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


class Control:
    """Takes commands; the links are mended when the last one who broke something has gone."""

    def __init__(self, links: dict[str, Link]) -> None:
        self._links = links

    async def take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer each line of one connection, and mend what it broke when it ends."""
        broken: set[Link] = set()
        try:
            while line := await reader.readline():
                writer.write(json.dumps(self.answer(line, broken)).encode() + b"\n")
                await writer.drain()
        except OSError:
            pass
        finally:
            for link in broken:
                link.become(Fault())
            writer.close()

    def answer(self, line: bytes, broken: set[Link]) -> dict[str, object]:
        """Do what one line asks."""
        try:
            asked = json.loads(line)
            link = self._links[asked.pop("link")]
            drop = bool(asked.pop("drop", False))
            fault = Fault(**asked)
            HOLDS.index(fault.hold)
        except (ValueError, TypeError, KeyError, AttributeError) as err:
            return {"error": f"{type(err).__name__}: {err}"}
        broken.add(link)
        link.become(fault)
        if drop:
            link.drop()
        return {"ok": True, "held": link.held}


async def serve(control_port: int, links: dict[str, tuple[int, Link]]) -> None:
    """Serve every link, then the control port, for ever."""
    for port, link in links.values():
        await asyncio.start_server(link.take, LOOPBACK, port)
    control = Control({name: link for name, (_, link) in links.items()})
    server = await asyncio.start_server(control.take, LOOPBACK, control_port)
    async with server:
        await server.serve_forever()


async def main(words: list[str]) -> None:
    """Read the command line and serve."""
    links = {}
    for word in words[1:]:
        name, _, rest = word.partition("=")
        port, host, there = rest.split(":")
        links[name] = int(port), Link(host, int(there))
    await serve(int(words[0]), links)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:]))
