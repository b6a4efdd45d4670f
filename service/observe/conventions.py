"""From what a request noted to spans, named as OpenTelemetry's semantic conventions have it.

All values come from closed sets: methods, route templates, commands, hosts of our own settings. Of
what people wrote nothing is in a span; what looks like a secret is masked all the same.
https://opentelemetry.io/docs/specs/semconv/
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from service.observe.current import Piece, Trace
from service.observe.parts import span_id_of

INTERNAL, SERVER, CLIENT = 1, 2, 3  # as opentelemetry.proto.trace.v1.Span.SpanKind numbers them
UNMATCHED: Final = "unmatched"
OTHER_METHOD: Final = "OTHER"
_NS: Final = 1_000_000_000
_FAULT: Final = 500
_USERINFO: Final = re.compile(r"(?<=://)[^/\s]+@")
_SECRETS: Final = re.compile(
    r"(?i)\bcal_[0-9a-f]{16}_[\w-]{43}|\bbearer\s+[^\s,;]+"
    r"|\b(?:api[-_]?key|token|secret|password|passwd|pwd)\s*[=:]\s*[^\s,;&]+"
)
_MASK: Final = "***"

Value = str | int | float | bool | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """One span as it goes out: ids in hexadecimal digits, times in nanoseconds of Unix time."""

    trace_id: str
    span_id: str
    parent_id: str
    state: str
    name: str
    kind: int
    start_ns: int
    end_ns: int
    attributes: Mapping[str, Value] = field(default_factory=dict)
    is_error: bool = False
    link: str = ""  # trace and span id of what began it, 48 digits


class Ended(NamedTuple):
    """A request that has ended and is kept; `began` is monotonic, `ended_at` is Unix time.

    `method` is empty for work that no request waits for; `route` then says which.
    """

    trace: Trace
    method: str
    route: str
    status: int
    began: float
    seconds: float
    ended_at: float
    why: str


def spans_of(ended: Ended) -> list[Span]:
    """Return the span of a request, then those of its parts."""
    trace = ended.trace
    offset = ended.ended_at - (ended.began + ended.seconds)
    trace_id, root = trace.trace_id, trace.span_id
    until = ended.began + ended.seconds  # what goes on after the answer is none of its time
    pieces = [piece for piece in [*(trace.pieces or ())] if piece.began <= until]

    def at(moment: float) -> int:
        return int((moment + offset) * _NS)

    known = {piece.number for piece in pieces}
    spans = [_root(ended, root, at)]
    last = at(until)
    for piece in pieces:
        parent = span_id_of(root, piece.parent) if piece.parent in known else root
        name, kind, attributes = _described(piece)
        spans.append(
            Span(
                trace_id,
                span_id_of(root, piece.number),
                parent,
                trace.state,
                name,
                kind,
                at(piece.began),
                min(at(piece.ended), last),
                masked(attributes),
                bool(piece.error),
            )
        )
    return spans


def _root(ended: Ended, root: str, at: Callable[[float], int]) -> Span:
    trace = ended.trace
    error = str(ended.status) if ended.status >= _FAULT else ""
    attributes: dict[str, Value] = {"sre.kept": ended.why}
    if ended.method:
        known = ended.method != OTHER_METHOD
        attributes["http.request.method"] = ended.method if known else "_OTHER"
        if ended.route != UNMATCHED:
            attributes["http.route"] = ended.route
        attributes["http.response.status_code"] = ended.status
        attributes["http.response.header.x-request-id"] = (trace.request_id,)
        words = [ended.method if known else "HTTP"]
        name = " ".join([*words, *([ended.route] if ended.route != UNMATCHED else [])])
    else:
        name = ended.route
    if error:
        attributes["error.type"] = error
    if trace.lost:
        attributes["sre.spans_dropped"] = trace.lost
    return Span(
        trace.trace_id,
        root,
        trace.caller,
        trace.state,
        name,
        SERVER if ended.method else INTERNAL,
        at(ended.began),
        at(ended.began + ended.seconds),
        masked(attributes),
        bool(error),
        trace.link,
    )


def _described(piece: Piece) -> tuple[str, int, dict[str, Value]]:
    """Return name, kind and attributes of a part."""
    attributes: dict[str, Value] = {}
    name, kind, details = piece.name, INTERNAL, piece.details
    if piece.kind in {"mongodb", "redis"}:
        kind = CLIENT
        attributes |= {"db.system.name": piece.kind, "db.operation.name": name}
        names = ("db.collection.name", "server.address", "server.port")
        for key, value in zip(names, details, strict=False):  # not all are known
            if value:
                attributes[key] = int(value) if key == "server.port" else value
        if collection := attributes.get("db.collection.name"):
            name = f"{name} {collection}"
    elif piece.kind == "llm":
        kind = CLIENT
        model, address = details
        attributes |= {"gen_ai.operation.name": name, "gen_ai.provider.name": "openai"}
        attributes |= {"gen_ai.request.model": model, "server.address": address}
        name = f"{name} {model}"
    elif piece.kind == "dependency":
        name = f"{name} call"
    elif piece.kind == "cache":
        (found,) = details or ("",)
        attributes |= {"cache.hit": found == "hit"}
    if piece.error:
        attributes["error.type"] = piece.error
    return name, kind, attributes


def masked(attributes: Mapping[str, Value]) -> Mapping[str, Value]:
    """Return the attributes without what opens something: keys, passwords, credentials in URLs."""
    return {name: _masked(value) for name, value in attributes.items()}


def _masked(value: Value) -> Value:
    if isinstance(value, str):
        return _SECRETS.sub(_MASK, _USERINFO.sub(f"{_MASK}@", value))
    if isinstance(value, tuple):
        return tuple(str(_masked(each)) for each in value)
    return value
