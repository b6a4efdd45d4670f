"""What is known about the request that is being answered, for all parts that take part in it."""

from contextvars import ContextVar
from time import monotonic


class Trace:
    """The identity of one request, who makes it, and how long its parts took.

    `components` maps a component to milliseconds, None until one was used; `ends_at` is the
    deadline on the monotonic clock.
    """

    __slots__ = ("client", "components", "ends_at", "in_body", "owner", "request_id", "trace_id")

    def __init__(self, request_id: str, trace_id: str, client: str, ends_at: float) -> None:
        self.request_id = request_id
        self.trace_id = trace_id
        self.client = client
        self.ends_at = ends_at
        self.owner = ""
        self.components: dict[str, float] | None = None
        self.in_body = False


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
