"""A trace as a value: the spans of one request, whoever recorded them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

KEPT: Final = "sre.kept"
"""The attribute in which a service says why it kept a trace: failed, slow, sampled, asked."""
REQUEST_ID: Final = "http.response.header.x-request-id"
_SERVER: Final = 2
_NS_IN_MS: Final = 1e6
UNKNOWN: Final = "unknown"

Attribute = str | int | float | bool | tuple[object, ...]


@dataclass(frozen=True, slots=True)
class Span:
    """One span: ids in lower-case hexadecimal, times in nanoseconds of Unix time."""

    trace_id: str
    span_id: str
    parent_id: str
    name: str
    kind: int
    start_ns: int
    end_ns: int
    attributes: Mapping[str, Attribute] = field(default_factory=dict)
    is_error: bool = False
    service: str = UNKNOWN
    version: str = UNKNOWN
    instance: str = UNKNOWN

    @property
    def ms(self) -> float:
        """Return how long it took, in milliseconds."""
        return (self.end_ns - self.start_ns) / _NS_IN_MS

    def text(self, name: str) -> str:
        """Return an attribute as text, empty when it is absent."""
        value = self.attributes.get(name, "")
        return ", ".join(map(str, value)) if isinstance(value, tuple) else str(value)


@dataclass(frozen=True, slots=True)
class Trace:
    """What one service did for one request: its own root, and the spans below it.

    `root` is the span that has no parent among these; where a caller's spans are here as well, the
    outermost of all.
    """

    root: Span
    spans: tuple[Span, ...]

    @property
    def id(self) -> str:
        """Return the trace id."""
        return self.root.trace_id

    @property
    def route(self) -> str:
        """Return what was asked: method and route template, else the name of the root."""
        route = self.root.text("http.route")
        return (
            f"{self.root.text('http.request.method')} {route}".strip() if route else self.root.name
        )

    @property
    def status(self) -> str:
        """Return the HTTP status, empty for what is no request."""
        return self.root.text("http.response.status_code")

    @property
    def request_id(self) -> str:
        """Return the id by which logs and callers name the request, if any."""
        return self.root.text(REQUEST_ID)

    @property
    def why(self) -> str:
        """Return why the service kept it; empty when it does not say."""
        return self.root.text(KEPT)


def traces_of(spans: Iterable[Span]) -> list[Trace]:
    """Return the traces that spans make up, in the order of their begin.

    A trace whose outer spans are missing is several: each part that hangs together is one, as are
    two requests that the same caller sent in one trace.
    """
    by_trace: dict[str, dict[str, Span]] = {}
    for span in spans:
        by_trace.setdefault(span.trace_id, {})[span.span_id] = span
    found = [trace for known in by_trace.values() for trace in _parts(known)]
    return sorted(found, key=lambda trace: (trace.root.start_ns, trace.id, trace.root.span_id))


def _parts(known: Mapping[str, Span]) -> Iterable[Trace]:
    below: dict[str, list[Span]] = {}
    roots = []
    for span in known.values():
        is_own = span.parent_id in known and span.parent_id != span.span_id
        below.setdefault(span.parent_id, []).append(span) if is_own else roots.append(span)
    for root in roots:
        spans, waiting, seen = [], [root], {root.span_id}
        while waiting:
            span = waiting.pop()
            spans.append(span)
            for child in below.get(span.span_id, ()):
                if child.span_id not in seen:
                    seen.add(child.span_id)
                    waiting.append(child)
        yield Trace(root, tuple(sorted(spans, key=lambda each: (each.start_ns, each.span_id))))
