"""What each route says about itself in the OpenAPI document."""

from collections.abc import Mapping, Sequence
from typing import Final

from service.api.route import KNOWN_KEYS_KEY, PUBLIC, SCOPE_KEY
from service.api.schemas import ProblemOut
from service.errors import CODES, PROBLEM_TYPE
from service.json_values import JsonMapping, JsonObject

# Problems that any route can end with, whatever it does.
ANYWHERE: Final = ("bad_request", "internal", "deadline_exceeded")
WITH_KEY: Final = ("unauthorized", "forbidden", "rate_limited")
WITH_BODY: Final = (
    "invalid_json", "duplicate_header", "body_timeout", "body_too_large",
    "unsupported_media_type", "invalid_request",
)  # fmt: skip
WITH_DATABASE: Final = ("dependency_unavailable", "newer_event")
WRITES: Final = ("read_only",)

_RETRY_AFTER: Final = {"description": "Seconds to wait.", "schema": {"type": "integer"}}


def route(
    *,
    scope: str = PUBLIC,
    known_keys: bool = False,
    problems: Sequence[str] = (),
    parameters: Sequence[JsonMapping] = (),
    answers: Mapping[int, JsonMapping] | None = None,
    request_body: JsonMapping | None = None,
) -> JsonObject:
    """Return the options of a route decorator: what it can answer, and who may ask.

    With `known_keys` it is open, while MongoDB is away, to keys that were good lately.
    """
    codes = [*ANYWHERE, *(WITH_KEY if scope != PUBLIC else ()), *problems]
    extra: JsonObject = {SCOPE_KEY: scope, "parameters": [_REQUEST_ID, *parameters]}
    if scope != PUBLIC:
        extra["security"] = [{"key": []}]
    if known_keys:
        extra[KNOWN_KEYS_KEY] = True
    if request_body is not None:
        extra["requestBody"] = request_body
    responses = _problems(codes) | dict(answers or {})
    return {"responses": responses, "openapi_extra": extra}


def _problems(codes: Sequence[str]) -> dict[int, JsonObject]:
    by_status: dict[int, list[str]] = {}
    for code in dict.fromkeys(codes):
        by_status.setdefault(CODES[code][0], []).append(code)
    return {
        status: {
            "model": ProblemOut,
            "description": " ".join(f"`{code}`: {CODES[code][1]}" for code in found),
            "content": {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemOut"}}},
            "headers": {
                **_COMMON_HEADERS,
                **({"Retry-After": _RETRY_AFTER} if status in {429, 503} else {}),
            },
        }
        for status, found in sorted(by_status.items())
    }


def header(name: str, description: str, pattern: str = "") -> JsonObject:
    """Return the description of a request header; what does not fit the pattern is refused."""
    schema = {"type": "string"} | ({"pattern": pattern} if pattern else {})
    return {
        "name": name,
        "in": "header",
        "required": False,
        "description": description,
        "schema": schema,
    }


def answered(description: str, **headers: str) -> JsonObject:
    """Return the description of an answer with its headers."""
    named = {
        name.replace("_", "-"): {"description": text, "schema": {"type": "string"}}
        for name, text in headers.items()
    }
    return {"description": description, "headers": {**_COMMON_HEADERS, **named}}


_COMMON_HEADERS: Final = {
    "X-Request-ID": {"description": "The id in the logs.", "schema": {"type": "string"}}
}
_REQUEST_ID: Final = header("X-Request-ID", "An id of your own for this request, for the logs.")
IF_MATCH: Final = header("If-Match", "The ETag that the event must still have, or `*`.")
IF_NONE_MATCH: Final = header("If-None-Match", "The ETag you have; 304 when it is still right.")
IDEMPOTENCY_KEY: Final = header(
    "Idempotency-Key",
    "The same key gives the same answer for a day; nothing is created twice.",
    r"^[!-~]{1,128}$",
)
