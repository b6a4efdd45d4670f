"""What is known about the request that is being answered, for all parts that take part in it."""

from contextvars import ContextVar
from time import monotonic
from typing import Final, NamedTuple

MOST_PARTS: Final = 256
"""Parts of one request that are noted; what is more is only counted."""
TRACE_DIGITS: Final = 32


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

    `ids` is the trace id, 32 hexadecimal digits, and the 16 of this request's own span. `caller` is
    the span that the request came from, `state` its tracestate, `asks` whether it wants a trace,
    which counts where the key `may_ask`. `components` maps a component to milliseconds, None until
    one was used; `ends_at` is the deadline on the monotonic clock.
    """

    __slots__ = (
        "asks",
        "caller",
        "client",
        "components",
        "ends_at",
        "ids",
        "in_body",
        "link",
        "lost",
        "may_ask",
        "numbers",
        "owner",
        "pieces",
        "request_id",
        "state",
    )

    def __init__(self, request_id: str, ids: str, client: str, ends_at: float) -> None:
        self.request_id = request_id
        self.ids = ids
        self.client = client
        self.ends_at = ends_at
        self.owner = self.caller = self.state = self.link = ""
        self.components: dict[str, float] | None = None
        self.pieces: list[Piece] | None = None
        self.numbers = self.lost = 0
        self.in_body = self.asks = self.may_ask = False

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
    ids = trace.ids
    return {"trace_id": ids[:TRACE_DIGITS], "span_id": ids[TRACE_DIGITS:]}
