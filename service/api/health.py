"""GET /health, /healthz, /readyz, /metrics: what monitoring asks."""

from fastapi import APIRouter
from starlette.requests import Request

from service.api.responses import Ready, json, text
from service.api.route_docs import WITH_DATABASE, answered, route
from service.api.schemas import HealthOut
from service.components import Components
from service.errors import UnavailableError
from service.guard.health import CONNECTED, DISCONNECTED, NOT_CONFIGURED
from service.observe.exposition import exposition


def add(router: APIRouter, components: Components) -> None:
    """Add the routes."""
    _add_checks(router, components)

    @router.get(
        "/metrics",
        **route(scope="metrics", answers={200: _plain("Every metric, for Prometheus.")}),
    )
    async def metrics(request: Request) -> Ready:
        """Return every metric of all workers, with exemplars where OpenMetrics is asked for."""
        components.telemetry.cache_entries.set(float(components.entries()), "memory")
        settings = components.settings
        body, content_type = exposition(
            components.telemetry,
            version=settings.version,
            revision=settings.revision,
            accept=request.headers.get("accept", ""),
        )
        return text(body, content_type)


def _add_checks(router: APIRouter, components: Components) -> None:
    @router.get("/health", response_model=HealthOut, **route(answers={200: answered("How it is.")}))
    async def health(_request: Request) -> Ready:
        """Say how the service and its dependencies are."""
        return json(health_of(components))

    @router.get("/healthz", **route(answers={200: _plain("The process lives.")}))
    async def healthz(_request: Request) -> Ready:
        """Answer as long as the process lives."""
        return text(b"ok\n", "text/plain; charset=utf-8")

    @router.get(
        "/readyz", **route(problems=WITH_DATABASE, answers={200: _plain("Requests are welcome.")})
    )
    async def readyz(_request: Request) -> Ready:
        """Answer 200 when requests can be served, else 503."""
        if not components.watch.is_up("mongodb"):
            raise UnavailableError("mongodb", "the last check failed", retry_after_s=1)
        return text(b"ready\n", "text/plain; charset=utf-8")


def health_of(components: Components) -> dict[str, object]:
    """Return the answer of /health: MongoDB is needed, Redis only makes it faster."""
    mongodb = components.watch.is_up("mongodb")
    configured = bool(components.settings.redis_url.get_secret_value())
    redis = components.watch.is_up("redis")
    status = "healthy"
    if not mongodb:
        status = "unhealthy"
    elif (configured and not redis) or components.modes.choice.mode != "normal":
        status = "degraded"
    answer: dict[str, object] = {
        "status": status,
        "version": components.settings.version,
        "dependencies": {
            "mongodb": CONNECTED if mongodb else DISCONNECTED,
            "redis": _state(up=redis) if configured else NOT_CONFIGURED,
        },
    }
    if not mongodb and components.settings.auth == "on":
        answer["known_keys"] = {
            "open": ["POST /parse"],
            "checked_within_s": components.settings.known_keys_s,
        }
    return answer


def _state(*, up: bool) -> str:
    return CONNECTED if up else DISCONNECTED


def _plain(description: str) -> dict[str, object]:
    return {**answered(description), "content": {"text/plain": {"schema": {"type": "string"}}}}
