"""Where the time of a trace went: each instant belongs to the innermost span that was running."""

from collections.abc import Mapping
from typing import Final

from traces.span import Span, Trace

_SYSTEMS: Final = {
    "mongodb": "MongoDB", "redis": "Redis", "postgresql": "PostgreSQL", "mysql": "MySQL",
}  # fmt: skip
OWN: Final = "own code"
_NS_IN_MS: Final = 1e6


def kind_of(span: Span, trace: Trace) -> str:
    """Return what a span's own time is spent on, in words that sort spans of many requests.

    By the semantic conventions: system and operation of a database, the model that is asked, the
    host of an outgoing request; the root is the service's own code, other spans go by their names.
    """
    if span is trace.root:
        return OWN
    system = span.text("db.system.name") or span.text("db.system")
    if system:
        operation = span.text("db.operation.name") or span.text("db.operation")
        return f"{_SYSTEMS.get(system, system)} {operation}".strip()
    if span.text("gen_ai.operation.name"):
        return f"language model {span.text('gen_ai.operation.name')}"
    return span.name or OWN


def own_ms(trace: Trace) -> dict[str, float]:
    """Return the milliseconds of each span, by its id, in which none below it was running.

    They add up to the root's duration: instants at which several innermost spans run side by side
    are shared among them, and what lies outside the root is left out.
    """
    parents = {span.span_id: span.parent_id for span in trace.spans}
    first, last = trace.root.start_ns, trace.root.end_ns
    edges: list[tuple[int, int, str]] = []
    for span in trace.spans:
        start, end = max(span.start_ns, first), min(span.end_ns, last)
        if end > start:
            edges += [(start, 1, span.span_id), (end, 0, span.span_id)]
    own = dict.fromkeys(parents, 0.0)
    running: dict[str, int] = {}  # how many of its children run, by span
    before = first
    for at, begins, span_id in sorted(edges):
        if at > before:
            innermost = [each for each, children in running.items() if not children]
            for each in innermost:
                own[each] += (at - before) / len(innermost) / _NS_IN_MS
            before = at
        _step(running, parents, span_id, begins=bool(begins))
    return own


def _step(
    running: dict[str, int], parents: Mapping[str, str], span_id: str, *, begins: bool
) -> None:
    """Note that a span begins or ends; its parent has one more, or one less, that runs."""
    parent = parents[span_id]
    if begins:
        children = sum(1 for each in running if parents[each] == span_id)
        running[span_id] = children
    else:
        running.pop(span_id, None)
    if parent in running and parent != span_id:
        running[parent] += 1 if begins else -1


def by_kind(trace: Trace) -> dict[str, float]:
    """Return the milliseconds of a trace by what they were spent on; their sum is its duration."""
    own = own_ms(trace)
    found: dict[str, float] = {}
    for span in trace.spans:
        kind = kind_of(span, trace)
        found[kind] = found.get(kind, 0.0) + own[span.span_id]
    return {kind: ms for kind, ms in found.items() if ms > 0}
