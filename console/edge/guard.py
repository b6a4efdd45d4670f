"""What stands before every page: whose name was asked for, from where, and with which cookie."""

import ipaddress
from collections.abc import Iterable
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from console.edge.session import Session

_OPEN: Final = frozenset({"/login", "/healthz"})
_STATIC: Final = "/static/"
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "X-Frame-Options": "DENY",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cache-Control": "no-store",
}
_SAFE: Final = frozenset({"GET", "HEAD"})
_OURS: Final = frozenset({"", "same-origin", "none"})


class Guard:
    """Refuses foreign names and foreign pages, asks for the cookie, and sets the policy.

    A name that resolves to this address without being ours is what DNS rebinding needs; a literal
    address cannot be rebound. `names` are those under which the console may be asked for.
    """

    def __init__(self, app: ASGIApp, *, names: Iterable[str], session: Session | None) -> None:
        self._app = app
        self._names = frozenset(name.casefold() for name in names) | {"localhost"}
        self._session = session

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, or hand on."""
        if scope["type"] != "http":
            if scope["type"] == "lifespan":
                await self._app(scope, receive, send)
            return
        refusal = self._refusal(scope)

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    if name not in headers:
                        headers[name] = value
            await send(message)

        await (refusal or self._app)(scope, receive, guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if not self._is_ours(headers.get("host", "")):
            return PlainTextResponse(
                "This name is not the console's: start it with --name NAME to be asked under it.\n",
                421,
            )
        if not _is_from_here(scope["method"], headers):
            return PlainTextResponse("Refused: the request comes from another site.\n", 403)
        path = scope["path"]
        if self._session is None or path in _OPEN or path.startswith(_STATIC):
            return None
        if self._session.holds(headers.get("cookie", "")):
            return None
        if scope["method"] in _SAFE and headers.get("sec-fetch-mode", "navigate") == "navigate":
            return RedirectResponse("/login", 303)
        return PlainTextResponse("Log in at /login.\n", 401)

    def _is_ours(self, host: str) -> bool:
        name = _name_of(host)
        if name is None:
            return False
        if name in self._names:
            return True
        try:
            ipaddress.ip_address(name)
        except ValueError:
            return False
        return True


def _name_of(host: str) -> str | None:
    """Return the name in a Host header without its port; None for what is none."""
    if not host or any(letter in host for letter in "/@\\ ?#,"):
        return None
    if host.startswith("["):
        name, bracket, rest = host[1:].partition("]")
        return name if bracket and (not rest or rest[1:].isdecimal()) else None
    name, _, port = host.partition(":")
    return name.casefold().rstrip(".") if not port or port.isdecimal() else None


def _is_from_here(method: str, headers: Headers) -> bool:
    """Say whether a request comes from a page of ours, or from a person who follows a link."""
    site = headers.get("sec-fetch-site", "")
    origin = headers.get("origin")
    if method not in _SAFE:
        own = origin is None or origin.split("://", 1)[-1].casefold() == headers["host"].casefold()
        return own and site in _OURS
    if site in _OURS:
        return True
    return (
        headers.get("sec-fetch-mode") == "navigate" and headers.get("sec-fetch-dest") == "document"
    )
