"""What observation adds to a bare handler: ours, and the instrumentation most services install."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from prometheus_client import CollectorRegistry
from prometheus_fastapi_instrumentator import Instrumentator

from service.observe.deadlines import Deadlines
from service.observe.journal import Journal
from service.observe.middleware import Observe
from service.telemetry import Telemetry
from tests.bench.service_apps import bare

_REQUESTS = 400
App = Callable[[Any, Any, Any], Awaitable[None]]
Cost = Callable[[], float]


def costs_of_a_request(folder: Path) -> dict[str, Cost]:
    """Return what measures one request, in microseconds of CPU: bare, ours, theirs.

    No server is around any of them. Ours has written every line to disk when the clock stops.
    """
    plain, theirs = bare(), _instrumented()
    journal = Journal(folder / "logs", on_drop=lambda _: None)
    # Not to the terminal: the files take the same bytes.
    journal._targets["calendar-api.log"] = journal._targets["calendar-api.log"][1:]
    ours = _observed(folder, journal)

    def flush() -> None:
        journal._write(*journal._take())

    return {
        "bare": lambda: _asgi_us(plain),
        "ours": lambda: _asgi_us(ours, flush),
        "theirs": lambda: _asgi_us(theirs),
    }


def _instrumented() -> FastAPI:
    app = bare()
    Instrumentator(registry=CollectorRegistry()).instrument(app)
    return app


def _observed(folder: Path, journal: Journal) -> App:
    telemetry = Telemetry(folder / "metrics")

    async def answer(error: Exception, scope: Any, send: Any) -> None:
        del scope, send
        raise error

    return Observe(
        bare(),
        requests=telemetry.foresee([("GET", "/events/{id}", ("200", "500"))]),
        journal=journal,
        deadlines=Deadlines(whole_s=5, body_s=3, in_progress=telemetry.in_progress),
        answer=answer,
    )


def _asgi_us(app: App, flush: Callable[[], None] = lambda: None) -> float:
    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        del message

    async def work() -> float:
        base = {
            "type": "http", "http_version": "1.1", "method": "GET", "scheme": "http",
            "path": "/events/abc", "raw_path": b"/events/abc", "query_string": b"",
            "root_path": "", "headers": [(b"host", b"x"), (b"accept", b"*/*")],
            "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 2), "state": {},
        }  # fmt: skip
        for _ in range(_REQUESTS // 2):
            await app({**base}, receive, send)
        flush()
        began = time.process_time()
        for _ in range(_REQUESTS):
            await app({**base}, receive, send)
        flush()
        return (time.process_time() - began) / _REQUESTS * 1e6

    return asyncio.run(work())
