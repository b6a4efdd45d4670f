"""Responses made from bytes that are ready to send."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Final

import orjson
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from service.errors import PROBLEM_TYPE, ProblemError
from service.observe.current import Trace

RawHeaders = Sequence[tuple[bytes, bytes]]
_JSON: Final = (b"content-type", b"application/json")


class Ready(Response):
    """A response without the encoding work of Starlette's."""

    def __init__(self, status: int, body: bytes, headers: RawHeaders) -> None:
        self.status_code, self.body, self.background = status, body, None
        self.raw_headers = [*headers]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send both messages."""
        del receive
        rate: RawHeaders = scope.get("rate_headers", ())
        headers = [*self.raw_headers, *rate]
        if self.status_code not in (204, 304):
            headers.append((b"content-length", str(len(self.body)).encode("ascii")))
        await send({"type": "http.response.start", "status": self.status_code, "headers": headers})
        body = b"" if scope["method"] == "HEAD" else self.body
        await send({"type": "http.response.body", "body": body})


class Lines(Response):
    """A response that is sent as it is made; who breaks it off gets no last line."""

    def __init__(self, lines: AsyncIterator[bytes], content_type: str) -> None:
        self.status_code, self.background, self._lines = 200, None, lines
        self.raw_headers = [(b"content-type", content_type.encode("ascii"))]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Begin once there is a line, so that a failure before it has an answer of its own."""
        del receive
        rate: RawHeaders = scope.get("rate_headers", ())
        first = await anext(self._lines, b"")
        headers = [*self.raw_headers, *rate]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": first, "more_body": True})
        async for line in self._lines:
            await send({"type": "http.response.body", "body": line, "more_body": True})
        await send({"type": "http.response.body", "body": b""})


def json(value: object, status: int = 200, headers: Mapping[str, str] | None = None) -> Ready:
    """Return a JSON answer."""
    return Ready(status, orjson.dumps(value), (_JSON, *raw(headers or {})))


def json_bytes(body: bytes, headers: RawHeaders = (), status: int = 200) -> Ready:
    """Return an answer whose body is JSON already."""
    return Ready(status, body, (_JSON, *headers))


def text(body: bytes, content_type: str, headers: Mapping[str, str] | None = None) -> Ready:
    """Return an answer of another content type."""
    return Ready(200, body, ((b"content-type", content_type.encode("ascii")), *raw(headers or {})))


def empty(status: int = 204, headers: Mapping[str, str] | None = None) -> Ready:
    """Return an answer without a body."""
    return Ready(status, b"", raw(headers or {}))


def problem(error: ProblemError, trace: Trace | None) -> Ready:
    """Return the problem document of an error."""
    body = orjson.dumps(error.document(trace.request_id if trace else ""), default=str)
    content_type = (b"content-type", PROBLEM_TYPE.encode("ascii"))
    return Ready(error.status, body, (content_type, *raw(error.headers)))


def raw(headers: Mapping[str, str]) -> RawHeaders:
    """Return headers as ASGI wants them."""
    return [
        (name.lower().encode("latin-1"), value.encode("latin-1")) for name, value in headers.items()
    ]


def key_of(request: Request) -> str:
    """Return the id of the key that a request came with."""
    trace: Trace = request.scope["trace"]
    return trace.key_id


def owner_of(request: Request) -> str:
    """Return whose calendar a request is about."""
    trace: Trace = request.scope["trace"]
    return trace.owner
