"""Which traces are meant: by the time they began, their route, why they were kept, their id."""

from collections.abc import Sequence
from datetime import datetime

from kit.pure.errors import BadInputError, NotEnoughDataError
from kit.pure.words import counted
from traces.span import Trace

_SHORTEST = 6


def between(traces: Sequence[Trace], since: datetime, until: datetime) -> list[Trace]:
    """Return those that ended in the time from `since` up to `until`."""
    first, last = since.timestamp() * 1e9, until.timestamp() * 1e9
    return [trace for trace in traces if first <= trace.root.end_ns < last]


def named(traces: Sequence[Trace], wanted: str) -> Trace:
    """Return the trace of a trace id, of its beginning, of a request id or a span id.

    Raises BadInputError where several are meant, NotEnoughDataError where none is kept.
    """
    found = [
        trace
        for trace in traces
        if wanted == trace.request_id or any(span.span_id == wanted for span in trace.spans)
    ] or [
        trace
        for trace in traces
        if len(wanted) >= _SHORTEST and trace.id.startswith(wanted.lower())
    ]
    if not found:
        raise NotEnoughDataError(
            f"no trace {wanted!r} among {counted(len(traces), 'trace')} that were kept",
            hint="most requests leave none: sre trace list says which did",
        )
    if len(found) > 1:
        requests = ", ".join(trace.request_id or trace.root.span_id for trace in found[:5])
        raise BadInputError(
            f"{wanted!r} means {counted(len(found), 'trace')}",
            hint=f"name one by its request: {requests}",
        )
    return found[0]
