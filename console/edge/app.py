"""The console as a web application: read-only, without state of its own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Event
from typing import Final

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from console.edge import live, login, pages_alerts, pages_now, pages_objectives, pages_runs
from console.edge.about import About
from console.edge.guard import Guard
from console.edge.kept import Kept
from console.edge.rendering import assets, environment
from console.edge.session import Session
from console.edge.shared import Site
from kit.edge.tls import authorities
from kit.pure.errors import BadInputError, HarnessError, NotEnoughDataError

_TITLES: Final = {404: "There is nothing here", 400: "That cannot be", 422: "That cannot be"}


def build(
    about: About,
    *,
    names: tuple[str, ...] = (),
    session: Session | None = None,
    wait_s: float = 3.0,
    stopping: Event | None = None,
) -> FastAPI:
    """Return the console; with a `session` its pages want the cookie that the token gives.

    Streams end when `stopping` is set; `wait_s` bounds what a page waits for its sources.
    """
    authorities()  # read once, and not while the first page waits
    stopping = stopping or Event()
    kept = Kept(wait_s=wait_s, stopping=stopping)
    site = Site(about, kept, environment(), session, stopping)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        yield
        kept.close()

    app = FastAPI(
        title="Console", openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan
    )
    for part in (pages_now, pages_objectives, pages_runs, pages_alerts, live):
        app.include_router(part.router(site))
    if session is not None:
        app.include_router(login.router(site, session))
    _add_static(app)
    _add_errors(app, site)
    app.add_middleware(Guard, names=names, session=session)
    return app


def _add_static(app: FastAPI) -> None:
    kept = assets()

    @app.get("/static/{name}", include_in_schema=False)
    async def static(name: str) -> Response:
        if name not in kept:
            raise HTTPException(404)
        content, kind = kept[name]
        return Response(content, media_type=kind, headers={"Cache-Control": "max-age=300"})

    @app.get("/healthz", response_class=PlainTextResponse)
    async def healthz() -> str:
        """Answer as long as the process lives."""
        return "ok\n"


def _add_errors(app: FastAPI, site: Site) -> None:
    @app.exception_handler(HarnessError)
    def known(_request: Request, error: HarnessError) -> Response:
        if isinstance(error, NotEnoughDataError):
            return _told(site, 404, str(error), error.hint)
        status = 400 if isinstance(error, BadInputError) else 200  # what is away is said, too
        return _told(site, status, str(error), error.hint)

    @app.exception_handler(HTTPException)
    def http(_request: Request, error: HTTPException) -> Response:
        return _told(site, error.status_code, str(error.detail), "")

    @app.exception_handler(RequestValidationError)
    def invalid(_request: Request, error: RequestValidationError) -> Response:
        first = error.errors()[0]
        where = ".".join(str(each) for each in first["loc"][1:])
        return _told(site, 422, f"{where}: {first['msg']}", "Go back and choose from the page.")


def _told(site: Site, status: int, problem: str, hint: str) -> Response:
    title = _TITLES.get(status, "This cannot be shown")
    return site.page("error.html.j2", "", status, title=title, problem=problem, hint=hint)
