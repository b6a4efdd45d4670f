"""GET /health, /healthz, /readyz, /metrics: what monitoring asks."""

from fastapi import APIRouter
from starlette.requests import Request

from service.api.answers import Ready, json, text
from service.api.document import WITH_DATABASE, answered, route
from service.api.schemas import HealthOut
from service.errors import UnavailableError
from service.guard.health import CONNECTED, DISCONNECTED, NOT_CONFIGURED
from service.observe.exposition import exposition
from service.parts import Parts

_EXPOSITION_TYPE = "text/plain; version=0.0.4; charset=utf-8"


def add(router: APIRouter, parts: Parts) -> None:
    """Add the routes."""
    _add_checks(router, parts)

    @router.get(
        "/metrics",
        **route(scope="metrics", answers={200: _plain("Every metric, for Prometheus.")}),
    )
    async def metrics(request: Request) -> Ready:
        """Return every metric of all workers."""
        del request
        parts.telemetry.cache_entries.set(float(parts.entries()), "memory")
        settings = parts.settings
        body = exposition(parts.telemetry, version=settings.version, revision=settings.revision)
        return text(body, _EXPOSITION_TYPE)


def _add_checks(router: APIRouter, parts: Parts) -> None:
    @router.get("/health", response_model=HealthOut, **route(answers={200: answered("How it is.")}))
    async def health(request: Request) -> Ready:
        """Say how the service and its dependencies are."""
        del request
        return json(health_of(parts))

    @router.get("/healthz", **route(answers={200: _plain("The process lives.")}))
    async def healthz(request: Request) -> Ready:
        """Answer as long as the process lives."""
        del request
        return text(b"ok\n", "text/plain; charset=utf-8")

    @router.get(
        "/readyz", **route(problems=WITH_DATABASE, answers={200: _plain("Requests are welcome.")})
    )
    async def readyz(request: Request) -> Ready:
        """Answer 200 when requests can be served, else 503."""
        del request
        if not parts.watch.is_up("mongodb"):
            raise UnavailableError("mongodb", "the last check failed", retry_after_s=1)
        return text(b"ready\n", "text/plain; charset=utf-8")


def health_of(parts: Parts) -> dict[str, object]:
    """Return the answer of /health: MongoDB is needed, Redis only makes it faster."""
    mongodb = parts.watch.is_up("mongodb")
    configured = bool(parts.settings.redis_url.get_secret_value())
    redis = parts.watch.is_up("redis")
    status = "healthy"
    if not mongodb:
        status = "unhealthy"
    elif (configured and not redis) or parts.modes.choice.mode != "normal":
        status = "degraded"
    return {
        "status": status,
        "version": parts.settings.version,
        "dependencies": {
            "mongodb": CONNECTED if mongodb else DISCONNECTED,
            "redis": _state(up=redis) if configured else NOT_CONFIGURED,
        },
    }


def _state(*, up: bool) -> str:
    return CONNECTED if up else DISCONNECTED


def _plain(description: str) -> dict[str, object]:
    return {**answered(description), "content": {"text/plain": {"schema": {"type": "string"}}}}
