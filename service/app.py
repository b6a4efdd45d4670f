"""The one place where the parts of the service are put together."""

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final

import orjson
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request

from service.api import cache, events, free, health, ics, occurrences, parse, quick
from service.api.answers import Ready, json_bytes, problem
from service.api.document import ANYWHERE, WITH_KEY
from service.api.openapi import document_of
from service.api.route import problem_of_exception, route_class, statuses_of
from service.availability import Availability
from service.diary import Diary, utc_now
from service.errors import CODES, ProblemError
from service.guard.admission import Admission
from service.guard.breaker import Breaker
from service.guard.dependency import Dependency, Policy
from service.guard.health import Check, Watch
from service.guard.modes import Modes
from service.observe.current import Trace
from service.observe.deadlines import Deadlines
from service.observe.journal import Journal, JournalHandler
from service.observe.middleware import OTHER_METHOD, UNMATCHED, Answer, App, Observe, Scope, Send
from service.parts import Parts
from service.reader import Reader
from service.settings import Settings
from service.store import mongo, redis_tier, replication
from service.store.answers import Answers
from service.store.bus import Bus
from service.store.events import Events
from service.store.lru import Lru
from service.store.near import Kept, NearEvents
from service.store.once import OnceRecords
from service.telemetry import Telemetry

_RESOURCES: Final = (parse, quick, events, occurrences, free, ics, cache, health)
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", OTHER_METHOD)
_ANY_STATUS: Final = tuple(str(CODES[code][0]) for code in (*ANYWHERE, *WITH_KEY))
_UNFORESEEN: Final = ("2xx", "3xx", "4xx", "5xx")


class CalendarService(FastAPI):
    """FastAPI with one middleware around its router, instead of its stack of five."""

    observe: Callable[[App], Observe]

    def build_middleware_stack(self) -> Any:
        """Return the router inside the middleware that counts, logs and answers errors."""
        return self.observe(self.router)


def create() -> FastAPI:
    """Return the service as the environment configures it; the factory that uvicorn calls."""
    return build_app(Settings())


def build_app(settings: Settings) -> FastAPI:
    """Return the service. It connects to nothing before it is started."""
    telemetry = Telemetry(settings.metrics_dir)
    journal = Journal(settings.log_dir, on_drop=lambda n: telemetry.lines_dropped.add(by=n))
    deadlines = Deadlines()
    admission = Admission(settings, telemetry, journal)
    connections = _Connections(settings, telemetry)
    parts = _parts(settings, telemetry, journal, connections)
    app = CalendarService(
        title="Calendar assistant",
        version=settings.version,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(parts, connections, deadlines),
    )
    app.router.redirect_slashes = False
    app.router.route_class = route_class(admission.admit, settings.body_limit_bytes)
    for resource in _RESOURCES:
        resource.add(app.router, parts)
    _add_document(app)
    requests = telemetry.foresee(_foreseen(app))
    app.observe = lambda router: Observe(
        router,
        requests=requests,
        in_progress=telemetry.in_progress,
        journal=journal,
        deadlines=deadlines,
        deadline_s=settings.request_deadline_s,
        body_deadline_s=settings.body_deadline_s,
        answer=_answer(journal),
    )
    return app


class _Connections:
    """The clients of the dependencies, each behind its breaker."""

    def __init__(self, settings: Settings, telemetry: Telemetry) -> None:
        self.mongo = mongo.connect(settings, telemetry)
        self.database = mongo.database_of(self.mongo, settings)
        self.mongodb = Dependency(
            "mongodb",
            policy=Policy(timeout_s=settings.mongodb_timeout_s, attempts=3),
            breaker=Breaker(retry_s=settings.dependency_check_interval_s, clock=time.monotonic),
            telemetry=telemetry,
            diagnose=mongo.diagnose,
        )
        self.redis_client = redis_tier.connect(settings)
        self.redis = Dependency(
            "redis",
            policy=Policy(timeout_s=settings.redis_timeout_s, attempts=2, pause_s=0.005),
            breaker=Breaker(retry_s=settings.dependency_check_interval_s, clock=time.monotonic),
            telemetry=telemetry,
            diagnose=redis_tier.diagnose,
        )


def _parts(
    settings: Settings, telemetry: Telemetry, journal: Journal, connections: _Connections
) -> Parts:
    database, mongodb = connections.database, connections.mongodb
    events_store = Events(database, mongodb)
    once = OnceRecords(database, mongodb, ttl_s=settings.idempotency_ttl_s)
    bus = Bus(
        connections.redis_client,
        connections.redis,
        alone=settings.workers == 1,
        clock=time.monotonic,
    )
    near_memory: Lru[Kept] = Lru(
        size=settings.cache_entries, ttl_s=settings.cache_ttl_s, clock=time.monotonic
    )
    near = NearEvents(near_memory, bus.is_trusted)

    async def prepare() -> None:
        await events_store.create_indexes()
        await once.create_indexes()

    checks = [
        Check(
            connections.mongodb,
            ping=lambda: replication.look(database, telemetry),
            on_return=prepare,
        )
    ]
    tier = None
    if (client := connections.redis_client) is not None:
        tier = redis_tier.RedisTier(client, connections.redis, ttl_s=settings.shared_cache_ttl_s)
        checks.append(Check(connections.redis, ping=client.ping, on_return=_nothing))
    memory: Lru[bytes] = Lru(
        size=settings.cache_entries, ttl_s=settings.cache_ttl_s, clock=time.monotonic
    )
    answers = Answers(memory, tier, telemetry)
    diary = Diary(events_store, near=near, once=once, bus=bus, clock=utc_now)
    parts = Parts(
        settings=settings,
        telemetry=telemetry,
        journal=journal,
        watch=Watch(
            tuple(checks),
            interval_s=settings.dependency_check_interval_s,
            telemetry=telemetry,
            journal=journal,
        ),
        modes=Modes(settings.mode, telemetry),
        answers=answers,
        reader=Reader(
            answers=answers,
            telemetry=telemetry,
            journal=journal,
            clock=utc_now,
            log_text=settings.log_text,
        ),
        near=near,
        bus=bus,
        diary=diary,
        availability=Availability(diary),
    )
    bus.listen(parts.hear)
    return parts


async def _nothing() -> None:
    """Do nothing: Redis needs no preparation."""


def _lifespan(parts: Parts, connections: _Connections, deadlines: Deadlines) -> Any:
    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        del app
        handler = JournalHandler(parts.journal)
        logging.getLogger().addHandler(handler)
        parts.journal.start()
        deadlines.start()
        await parts.watch.start()
        parts.bus.start()
        parts.journal.event("INFO", "started", version=parts.settings.version)
        try:
            yield
        finally:
            await parts.bus.stop()
            await parts.watch.stop()
            await deadlines.stop()
            if connections.redis_client is not None:
                await connections.redis_client.aclose()
            await connections.mongo.close()
            parts.journal.event("INFO", "stopped")
            logging.getLogger().removeHandler(handler)
            await parts.journal.stop()

    return lifespan


def _add_document(app: CalendarService) -> None:
    document: list[bytes] = []

    @app.router.get("/openapi.json", include_in_schema=False)
    async def openapi(request: Request) -> Ready:
        del request
        if not document:
            document.append(orjson.dumps(document_of(app)))
        return json_bytes(document[0])


def _foreseen(app: FastAPI) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return every (method, route template, statuses) that can occur."""
    found = [
        (method, route.path, (*statuses_of(route, _ANY_STATUS), *_UNFORESEEN))
        for route in app.routes
        if isinstance(route, APIRoute)
        for method in sorted(route.methods or ())
    ]
    templates = {route for _, route, _ in found}
    found += [(OTHER_METHOD, template, ("405", "4xx")) for template in sorted(templates)]
    found += [(method, UNMATCHED, ("404", "405", "4xx", "500", "5xx")) for method in _METHODS]
    return [(m, r, tuple(dict.fromkeys(statuses))) for m, r, statuses in found]


def _answer(journal: Journal) -> Answer:
    async def answer(error: Exception, scope: Scope, send: Send) -> None:
        trace: Trace = scope["trace"]
        found = problem_of_exception(error)
        if found is None:
            journal.event(
                "ERROR",
                "fault",
                request_id=trace.request_id,
                error=type(error).__name__,
                where=_where(error),
            )
            found = ProblemError("internal")
        await problem(found, trace)(scope, _no_body, send)

    return answer


async def _no_body() -> dict[str, Any]:
    return {"type": "http.disconnect"}


def _where(error: Exception) -> list[str]:
    """Return the innermost places an error went through; never the values that were there."""
    places, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}:{code.co_name}")
        trace = trace.tb_next
    return places[-8:]
