"""The application: routes, the middleware around them, and the start and end of it all."""

import logging
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from copy import copy
from typing import Final

import orjson
from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.requests import Request
from starlette.types import ASGIApp

from service.api import (
    account,
    admin,
    cache,
    docs,
    events,
    feedback,
    free,
    health,
    ics,
    occurrences,
    page,
    parse,
    quick,
    subscriptions,
)
from service.api.openapi import document_of
from service.api.responses import Ready, json_bytes, problem
from service.api.route import problem_of_exception, route_class, statuses_of
from service.api.route_docs import ANYWHERE, WITH_KEY
from service.assembly import Service, assemble
from service.errors import CODES, ProblemError
from service.json_values import JsonObject
from service.networks import networks_of
from service.observe.collector import Collector
from service.observe.conventions import OTHER_METHOD, UNMATCHED
from service.observe.current import Trace
from service.observe.deadlines import Deadlines
from service.observe.journal import Journal, JournalHandler
from service.observe.keeper import Keeper
from service.observe.middleware import Answer, App, Observe, Scope, Send
from service.observe.outbox import Outbox, resource_of
from service.observe.proxies import TrustedProxies
from service.observe.tail import Rules, Tail
from service.observe.traces_log import TracesLog
from service.parsing import warm_up
from service.settings import Settings
from service.telemetry import Telemetry, known_dependencies

SERVICE: Final = "calendar-api"
_RESOURCES: Final = (
    *(page, parse, quick, events, occurrences, free, ics, subscriptions, feedback, account),
    *(cache, health, admin),
)
_METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", OTHER_METHOD)
_ANY_STATUS: Final = tuple(str(CODES[code][0]) for code in (*ANYWHERE, *WITH_KEY))
_UNFORESEEN: Final = ("2xx", "3xx", "4xx", "5xx")


class CalendarService(FastAPI):
    """FastAPI with one middleware around its router, instead of its stack of five."""

    observe: Callable[[App], Observe]

    def build_middleware_stack(self) -> ASGIApp:
        """Return the router inside the middleware that counts, logs and answers errors."""
        return self.observe(self.router)


def create() -> FastAPI:
    """Return the service as the environment configures it; the factory that uvicorn calls."""
    return build_app(Settings())


def build_app(settings: Settings) -> FastAPI:
    """Return the service. It connects to nothing before it is started."""
    used = [
        name
        for name in known_dependencies()
        if name != "redis" or settings.redis_url.get_secret_value()
    ]
    telemetry = Telemetry(settings.metrics_dir, dependencies=used)
    journal = Journal(settings.log_dir, on_drop=lambda n: telemetry.lines_dropped.add(by=n))
    deadlines = Deadlines(
        whole_s=settings.request_deadline_s,
        body_s=settings.body_deadline_s,
        in_progress=telemetry.in_progress,
    )
    outbox = _outbox(settings, telemetry)
    keeper = Keeper(Tail(_rules(settings), time.monotonic), outbox, telemetry)
    service = assemble(settings, telemetry, journal, keeper)
    components = service.components
    app = CalendarService(
        title="Calendar assistant",
        version=settings.version,
        openapi_url=None,
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan(service, deadlines, outbox),
    )
    app.router.redirect_slashes = False
    app.router.route_class = route_class(components.admission.admit, settings.body_limit_bytes)
    for resource in _RESOURCES:
        resource.add(app.router, components)
    document = _document(app, keys=settings.auth == "on")
    _add_document(app, document)
    docs.add(app.router, document)
    _answer_heads(app)
    requests = telemetry.foresee(_foreseen(app))
    app.observe = lambda router: Observe(
        router,
        requests=requests,
        journal=journal,
        deadlines=deadlines,
        answer=_answer(journal, _methods(app)),
        keeper=keeper,
        proxies=TrustedProxies(networks_of(settings.trusted_proxies)),
    )
    return app


def _rules(settings: Settings) -> Rules:
    return Rules(
        slow_s=settings.traces_slow_s,
        sample=settings.traces_sample,
        per_second=settings.traces_per_second,
        asked_per_second=settings.traces_asked_per_second,
    )


def _outbox(settings: Settings, telemetry: Telemetry) -> Outbox:
    """Return where traces go: a collector, the folder of logs, both, or nowhere."""
    resource = resource_of(SERVICE, settings.version, settings.revision)
    url, headers = settings.traces_url.get_secret_value(), settings.traces_header_pairs()
    return Outbox(
        resource,
        collector=Collector(url, headers, resource) if url else None,
        file=TracesLog(settings.log_dir) if settings.log_dir is not None else None,
        on_drop=lambda reason, count: telemetry.traces_dropped.add(reason, by=count),
    )


def _lifespan(
    service: Service, deadlines: Deadlines, outbox: Outbox
) -> Callable[[FastAPI], AbstractAsyncContextManager[None]]:
    journal = service.components.journal

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        handler = JournalHandler(journal)
        logging.getLogger().addHandler(handler)
        journal.start()
        deadlines.watch.start()
        outbox.start()
        await service.start()
        warm_up()  # so that the first sentence waits for no rule to be compiled
        journal.event("INFO", "started", version=service.components.settings.version)
        try:
            yield
        finally:
            await service.stop()
            await deadlines.watch.stop()
            await outbox.stop()
            journal.event("INFO", "stopped")
            logging.getLogger().removeHandler(handler)
            await journal.stop()

    return lifespan


def _document(app: CalendarService, *, keys: bool) -> Callable[[], JsonObject]:
    """Return what makes the OpenAPI document, once, when it is asked for."""
    made: list[JsonObject] = []

    def document() -> JsonObject:
        if not made:
            made.append(document_of(app, keys=keys))
        return made[0]

    return document


def _add_document(app: CalendarService, document: Callable[[], JsonObject]) -> None:
    made: list[bytes] = []

    @app.router.get("/openapi.json", include_in_schema=False)
    async def openapi(_request: Request) -> Ready:
        if not made:
            made.append(orjson.dumps(document()))
        return json_bytes(made[0])


def _answer_heads(app: FastAPI) -> None:
    """Answer HEAD wherever GET is answered (RFC 9110, 9.3.2); the server leaves the body out."""
    for route in [*app.routes]:
        if isinstance(route, APIRoute) and "GET" in (route.methods or ()):
            twin = copy(route)
            twin.methods, twin.include_in_schema = {"HEAD"}, False
            app.router.routes.append(twin)


def _foreseen(app: FastAPI) -> list[tuple[str, str, tuple[str, ...]]]:
    """Return every (method, route template, statuses) that can occur."""
    found = [
        (method, route.path, (*statuses_of(route, _ANY_STATUS), *_UNFORESEEN))
        for route in app.routes
        if isinstance(route, APIRoute)
        for method in sorted((route.methods or set()) - {"HEAD"})  # counted with GET
    ]
    templates = {route for _, route, _ in found}
    found += [(OTHER_METHOD, template, ("405", "4xx")) for template in sorted(templates)]
    found += [(method, UNMATCHED, ("404", "405", "500", *_UNFORESEEN)) for method in _METHODS]
    return [(m, r, tuple(dict.fromkeys(statuses))) for m, r, statuses in found]


def _methods(app: FastAPI) -> dict[str, list[str]]:
    """Return the methods of each path."""
    found: dict[str, set[str]] = {}
    for route in app.routes:
        if isinstance(route, APIRoute):
            found.setdefault(route.path, set()).update(route.methods or ())
    return {path: sorted(methods) for path, methods in found.items()}


def _answer(journal: Journal, methods: dict[str, list[str]]) -> Answer:
    async def answer(error: Exception, scope: Scope, send: Send) -> None:
        trace: Trace = scope["trace"]
        found = problem_of_exception(error)
        if found is not None and found.code == "method_not_allowed":
            found.headers = {"Allow": ", ".join(methods[scope["route"].path])}
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


async def _no_body() -> dict[str, str]:
    return {"type": "http.disconnect"}


def _where(error: Exception) -> list[str]:
    """Return the innermost places an error went through; never the values that were there."""
    places, trace = [], error.__traceback__
    while trace is not None:
        code = trace.tb_frame.f_code
        places.append(f"{code.co_filename.rsplit('/', 2)[-1]}:{trace.tb_lineno}:{code.co_name}")
        trace = trace.tb_next
    return places[-8:]
