"""Another team's service, whose metrics and labels are called as nobody else calls theirs."""

import time
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from pydantic import BaseModel


class Doubt(BaseModel):
    utterance: str


class Told(BaseModel):
    gates: list[str]


def create() -> FastAPI:
    """Return the service; uvicorn calls this."""
    app, registry = FastAPI(title="Ticket gate"), CollectorRegistry()
    ProcessCollector(registry=registry)
    calls = Counter("gate_calls", "Calls.", ["op", "kind", "answer"], registry=registry)
    took = Histogram("gate_took_seconds", "How long.", ["op"], registry=registry)

    @app.middleware("http")
    async def observe(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        began = time.perf_counter()
        response = await call_next(request)
        route = request.scope.get("route")
        op = "/unknown" if route is None else route.path
        calls.labels(op, request.method.lower(), str(response.status_code)).inc()
        took.labels(op).observe(time.perf_counter() - began)
        return response

    @app.get("/tickets")
    def tickets() -> list[str]:
        return ["north 12"]

    @app.post("/doubts")
    def doubt(asked: Doubt) -> Told:
        return Told(gates=[one for one in ("north", "south") if one in asked.utterance])

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return app
