"""Another team's service: FastAPI and prometheus-client, with labels `handler, method, code`."""

import time
from collections.abc import Awaitable, Callable

from fastapi import FastAPI, HTTPException, Request, Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from pydantic import BaseModel


class Order(BaseModel):
    item: str
    count: int = 1


class Complaint(BaseModel):
    text: str


class Label(BaseModel):
    label: str
    confidence: float


def create() -> FastAPI:
    """Return the service; uvicorn calls this."""
    app, registry = FastAPI(title="Orders"), CollectorRegistry()
    ProcessCollector(registry=registry)
    build = Gauge("orders_build_info", "The build that runs.", ["version"], registry=registry)
    build.labels("2.3.1").set(1)
    _observe(app, registry)
    _routes(app)

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return app


def _observe(app: FastAPI, registry: CollectorRegistry) -> None:
    requests = Counter(
        "http_requests", "Requests answered.", ["handler", "method", "code"], registry=registry
    )
    durations = Histogram(
        "http_request_duration_seconds", "How long.", ["handler", "method"], registry=registry
    )
    running = Gauge("http_requests_in_progress", "Requests at work.", registry=registry)

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
                route = request.scope.get("route")
                handler = "none" if route is None else route.path
                requests.labels(handler, request.method, str(code)).inc()
                durations.labels(handler, request.method).observe(time.perf_counter() - began)


def _routes(app: FastAPI) -> None:
    kept: dict[int, Order] = {}

    @app.get("/health")
    def health() -> dict[str, str]:
        return {"status": "ok"}

    @app.get("/orders")
    def orders() -> list[Order]:
        return list(kept.values())

    @app.get("/orders/{number}")
    def order(number: int) -> Order:
        if number not in kept:
            raise HTTPException(404)
        return kept[number]

    @app.post("/orders", status_code=201)
    def place(order: Order) -> dict[str, int]:
        kept[len(kept)] = order
        return {"id": len(kept) - 1}

    @app.post("/classify")
    def classify(complaint: Complaint) -> Label:
        if "late" in complaint.text.lower():
            return Label(label="delivery", confidence=0.9)
        return Label(label="other", confidence=0.4)
