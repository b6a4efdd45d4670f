"""GET /: the assistant's own page, its style, its script and its icon."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter
from starlette.requests import Request

from service.api.responses import Ready, text
from service.components import Components
from service.observe.middleware import POLICY, POLICY_HEADER

_FOLDER: Final = Path(__file__).resolve().parents[1] / "page"
_PAGE: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    b"form-action 'none'; base-uri 'none'; frame-ancestors 'none'; "
    b"require-trusted-types-for 'script'"
)
_FILES: Final = (
    ("/", "index.html", "text/html; charset=utf-8"),
    ("/assistant.css", "assistant.css", "text/css; charset=utf-8"),
    ("/assistant.js", "assistant.js", "text/javascript; charset=utf-8"),
    ("/assistant.svg", "icon.svg", "image/svg+xml"),
)


def add(router: APIRouter, components: Components) -> None:
    """Add the routes; the page has the policy that it needs, every other answer none at all."""
    del components
    for path, name, kind in _FILES:
        _add_file(router, path, (_FOLDER / name).read_bytes(), kind)


def _add_file(router: APIRouter, path: str, content: bytes, kind: str) -> None:
    cached = {"Cache-Control": "no-cache"}

    @router.get(path, include_in_schema=False)
    async def file(request: Request) -> Ready:
        """Show the assistant's page, or a file of it."""
        request.scope[POLICY] = (POLICY_HEADER, _PAGE)
        return text(content, kind, cached)
