"""What is known about the request that is being answered, for all parts that take part in it."""

from contextvars import ContextVar
from math import inf
from time import monotonic
from typing import Final, NamedTuple, Self

MOST_PARTS: Final = 256
"""Parts of one request that are noted; what is more is only counted."""
TRACE_DIGITS: Final = 32
SPAN_DIGITS: Final = 16


class Piece(NamedTuple):
    """One part of a request, as it was noted; times are of the monotonic clock, in seconds.

    `number` is its own, from 1 on; `parent` that of the part around it, 0 for the request itself.
    `kind` and `details` say what was done; `error` why it failed, empty where it did not.
    """

    number: int
    parent: int
    kind: str
    name: str
    began: float
    ended: float
    error: str
    details: tuple[str, ...]


class Trace:
    """The identity of one request, who makes it, and how long its parts took.

    `trace_id` has 32 hexadecimal digits, `span_id`, that of the request itself, 16. `caller` is the
    span that the request came from, `state` its tracestate, `asks` whether it wants a trace, which
    counts where its key, `key_id`, `may_ask`. `components` maps a component to milliseconds, None
    until one was used; `ends_at` is the deadline on the monotonic clock; `status` 0 until the
    answer begins.

    What most requests never change stands in the class, and there is no constructor: so making one
    costs less than half.
    """

    request_id: str
    trace_id: str
    span_id: str
    client: str
    ends_at: float
    owner = key_id = caller = state = link = ""
    components: dict[str, float] | None = None
    pieces: list[Piece] | None = None
    numbers = lost = status = 0
    in_body = asks = may_ask = False

    @classmethod
    def of(cls, request_id: str, ids: str, *, ends_at: float = inf) -> Self:
        """Return one with the ids of trace and span in one text, for what no middleware sees."""
        trace = cls()
        trace.request_id, trace.client, trace.ends_at = request_id, "", ends_at
        trace.trace_id, trace.span_id = ids[:TRACE_DIGITS], ids[TRACE_DIGITS:]
        return trace

    def next_number(self) -> int:
        """Return the number of the part that begins now; 0 when there are too many."""
        if self.numbers >= MOST_PARTS:
            self.lost += 1
            return 0
        if self.pieces is None:
            self.pieces = []
        self.numbers += 1
        return self.numbers

    def note(self, piece: Piece) -> None:
        """Note a part that has ended, and got a number when it began."""
        if self.pieces is not None:
            self.pieces.append(piece)


CURRENT: ContextVar[Trace | None] = ContextVar("trace", default=None)


def go_on(seconds: float) -> None:
    """Give the current request so much time from now on: a part of its work is done."""
    trace = CURRENT.get()
    if trace is not None:
        trace.ends_at = monotonic() + seconds


def took(component: str, seconds: float) -> None:
    """Note that a part of the current request took so long."""
    trace = CURRENT.get()
    if trace is not None:
        if trace.components is None:
            trace.components = {}
        before = trace.components.get(component, 0.0)
        trace.components[component] = round(before + seconds * 1000, 3)


def named() -> dict[str, str]:
    """Return what ties a log line to the request that is being answered, if there is one."""
    trace = CURRENT.get()
    if trace is None:
        return {}
    return {"trace_id": trace.trace_id, "span_id": trace.span_id}
