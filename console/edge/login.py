"""The one form of the console: a token goes in, a cookie comes out."""

from typing import Final
from urllib.parse import parse_qs

from fastapi import APIRouter
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from console.edge.session import COOKIE, LASTS_S, Session
from console.edge.shared import Site

_MOST_BYTES: Final = 4096
_BODY: Final = {
    "requestBody": {
        "content": {
            "application/x-www-form-urlencoded": {
                "schema": {"type": "object", "properties": {"token": {"type": "string"}}}
            }
        }
    },
    "responses": {
        "303": {"description": "The cookie is set."},
        "403": {"description": "The token is wrong."},
        "413": {"description": "That is no token."},
        "429": {"description": "Too many wrong ones."},
    },
}


def router(site: Site, session: Session) -> APIRouter:
    """Return the routes of logging in and out."""
    made = APIRouter()

    @made.get("/login", response_class=HTMLResponse)
    def form() -> Response:
        """Show the form."""
        return site.page("login.html.j2", "", problem="")

    @made.post("/login", response_class=HTMLResponse, openapi_extra=_BODY)
    async def enter(request: Request) -> Response:
        """Set the cookie for the right token."""
        body = bytearray()
        async for part in request.stream():
            body += part
            if len(body) > _MOST_BYTES:
                return site.page("login.html.j2", "", 413, problem="That is no token.")
        given = parse_qs(bytes(body).decode(errors="replace")).get("token", [""])[0].strip()
        opens = session.opens(given, request.client.host if request.client else "")
        if not opens:
            status, said = (
                (429, "Too many tries: wait a minute.")
                if opens is None
                else (403, "That is not the token.")
            )
            return site.page("login.html.j2", "", status, problem=said)
        answer = RedirectResponse("/", 303)
        secure = request.url.scheme == "https"
        answer.set_cookie(
            COOKIE,
            session.cookie(),
            max_age=LASTS_S,
            httponly=True,
            samesite="strict",
            secure=secure,
        )
        return answer

    @made.post("/logout", response_class=HTMLResponse)
    async def leave() -> Response:
        """Take the cookie back."""
        answer = RedirectResponse("/login", 303)
        answer.delete_cookie(COOKIE, httponly=True, samesite="strict")
        return answer

    return made
