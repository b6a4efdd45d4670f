"""Another team's service: OpenTelemetry's metric names, and no label for the route."""

import time
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from pydantic import BaseModel


class Wish(BaseModel):
    message: str


class Found(BaseModel):
    item: str
    in_stock: bool


def create() -> FastAPI:
    """Return the service; uvicorn calls this."""
    app, registry = FastAPI(title="Stock"), CollectorRegistry()
    ProcessCollector(registry=registry)
    target = Gauge("target_info", "Target metadata.", ["service_name", "service_version"],
                   registry=registry)  # fmt: skip
    target.labels("stock", "0.9.0").set(1)
    durations = Histogram(
        "http_server_request_duration_seconds",
        "Duration of HTTP server requests.",
        ["http_request_method", "http_response_status_code"],
        buckets=(0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10),
        registry=registry,
    )  # as the semantic conventions advise
    running = Gauge("http_server_active_requests", "Active requests.", registry=registry)

    @app.middleware("http")
    async def observe(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        began, code = time.perf_counter(), 500
        with running.track_inprogress():
            try:
                response = await call_next(request)
                code = response.status_code
                return response
            finally:
                took = time.perf_counter() - began
                durations.labels(request.method, str(code)).observe(took)

    @app.get("/livez")
    def alive() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/items")
    def items() -> list[str]:
        return ["book", "lamp"]

    @app.post("/wishes")
    def wish(wanted: Wish) -> Found:
        item = next((one for one in items() if one in wanted.message), "none")
        return Found(item=item, in_stock=item != "none")

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return app
