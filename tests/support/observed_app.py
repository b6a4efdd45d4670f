"""The middleware around handlers of a test's own, without a server, and what it kept."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from service.observe.conventions import Ended
from service.observe.deadlines import Deadlines
from service.observe.journal import Journal
from service.observe.keeper import Keeper
from service.observe.middleware import Observe
from service.observe.tail import Rules, Tail
from service.telemetry import Telemetry

Handler = Callable[[], Awaitable[int]]
ROUTE = SimpleNamespace(path="/events/{id}")


@dataclass
class Kept:
    """Stands where traces wait to be sent, and takes every one."""

    ended: list[Ended] = field(default_factory=list)

    def put(self, ended: Ended) -> bool:
        self.ended.append(ended)
        return True


class Observed:
    """Asks the middleware; `clock` is that of the rate of traces."""

    def __init__(self, folder: Path, rules: Rules, clock: Callable[[], float]) -> None:
        self.telemetry, self.kept = Telemetry(folder / "metrics"), Kept()
        self.journal = Journal(folder / "logs", on_drop=lambda _: None)
        self.journal._targets["calendar-api.log"] = self.journal._targets["calendar-api.log"][1:]
        self.handler: Handler = self._fine
        statuses = ("200", "404", "500", "503")
        sheet = self.telemetry.foresee([("GET", ROUTE.path, statuses)])
        keeper = Keeper(Tail(rules, clock), self.kept, self.telemetry)  # type: ignore[arg-type]
        deadlines = Deadlines(whole_s=5, body_s=3, in_progress=self.telemetry.in_progress)
        self.app = Observe(
            self._answered, requests=sheet, journal=self.journal, deadlines=deadlines,
            answer=self._problem, keeper=keeper,
        )  # fmt: skip

    async def ask(self, *headers: tuple[bytes, bytes]) -> int:
        """Send one request; return the status of its answer."""
        status = 0

        async def send(message: Any) -> None:
            nonlocal status
            status = message.get("status", status)

        scope = {"type": "http", "method": "GET", "headers": [*headers], "client": ("::1", 1)}
        await self.app(scope, _nothing, send)
        return status

    def ask_many(self, number: int) -> None:
        """Send so many requests, one after the other."""

        async def work() -> None:
            for _ in range(number):
                await self.ask()

        asyncio.run(work())

    async def _answered(self, scope: Any, _receive: Any, send: Any) -> None:
        scope["route"] = ROUTE
        status = await self.handler()
        await send({"type": "http.response.start", "status": status, "headers": []})

    async def _problem(self, _error: Exception, _scope: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 500, "headers": []})

    async def _fine(self) -> int:
        return 200


async def _nothing() -> dict[str, Any]:
    return {"type": "http.disconnect"}
