"""What observation adds to a bare handler: ours, and the instrumentation most services install."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from prometheus_fastapi_instrumentator import Instrumentator

from service.observe.deadlines import Deadlines
from service.observe.journal import Journal
from service.observe.keeper import Keeper
from service.observe.middleware import Observe
from service.observe.outbox import Outbox
from service.observe.tail import Rules, Tail
from service.telemetry import Telemetry
from tests.bench.service_apps import bare

REQUESTS: Final = 4000
"""As many as a process answers in the second after which traces are sent."""
App = Callable[[Any, Any, Any], Awaitable[None]]


@dataclass(frozen=True)
class Cost:
    """An application without a server around it, and what it puts off until later."""

    app: App
    flush: Callable[[], None] = lambda: None

    def answered(self, count: int) -> float:
        """Return the CPU of so many requests in seconds."""
        return asyncio.run(_answered(self.app, count))

    def flushed(self) -> float:
        """Return the CPU of what was put off, in seconds."""
        began = time.process_time()
        self.flush()
        return time.process_time() - began


NONE: Final = Rules(sample=0.0, per_second=0.0)
"""Each request is decided about, and none is kept."""


def costs_of_a_request(folder: Path) -> dict[str, Cost]:
    """Return what measures requests: bare, ours, theirs.

    Ours has written every line to disk when it has flushed.
    """
    return {
        "bare": Cost(bare()),
        "ours": observed(folder, NONE, None),
        "theirs": Cost(_instrumented()),
    }


def observed(folder: Path, rules: Rules, outbox: Outbox | None) -> Cost:
    """Return what measures our own observation, its lines and kept traces written or sent."""
    journal = Journal(folder / "logs", on_drop=lambda _: None)
    # Not to the terminal: the files take the same bytes.
    journal._targets["calendar-api.log"] = journal._targets["calendar-api.log"][1:]
    kept = outbox or Outbox({}, collector=None, file=None, on_drop=lambda *_: None)
    app = _observed(folder, journal, rules, kept)

    def flush() -> None:
        journal._write(*journal._take())
        waiting, kept._waiting, kept._spans = kept._waiting, [], 0
        if waiting:
            assert kept.deliver(waiting) == []

    return Cost(app, flush)


def _instrumented() -> FastAPI:
    app = bare()
    Instrumentator(registry=CollectorRegistry()).instrument(app)
    return app


def _observed(folder: Path, journal: Journal, rules: Rules, outbox: Outbox) -> App:
    telemetry = Telemetry(folder / "metrics")

    async def answer(error: Exception, scope: Any, send: Any) -> None:
        del scope, send
        raise error

    requests = telemetry.foresee([("GET", "/events/{id}", ("200", "500"))])
    return Observe(
        bare(),
        requests=requests,
        journal=journal,
        deadlines=Deadlines(whole_s=5, body_s=3, in_progress=telemetry.in_progress),
        answer=answer,
        keeper=Keeper(Tail(rules, time.monotonic), outbox, telemetry),
    )


async def _answered(app: App, count: int) -> float:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        del message

    base = {
        "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http",
        "path": "/events/abc", "raw_path": b"/events/abc", "query_string": b"",
        "root_path": "", "headers": [(b"host", b"x"), (b"accept", b"*/*")],
        "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "state": {},
    }  # fmt: skip
    began = time.process_time()
    for _ in range(count):
        await app({**base}, receive, send)
    return time.process_time() - began
