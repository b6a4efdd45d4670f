"""What is known about the request that is being answered, for all parts that take part in it."""

from contextvars import ContextVar


class Trace:
    """The identity of one request, who makes it, and how long its parts took.

    `components` maps a component to milliseconds; `ends_at` and `body_ends_at` are deadlines on
    the monotonic clock, the second for the body to have arrived.
    """

    __slots__ = (
        "body_ends_at", "client", "components", "ends_at", "in_body", "owner", "request_id",
        "trace_id",
    )  # fmt: skip

    def __init__(
        self, request_id: str, trace_id: str, client: str, *, ends_at: float, body_ends_at: float
    ) -> None:
        self.request_id, self.trace_id, self.client = request_id, trace_id, client
        self.ends_at, self.body_ends_at = ends_at, body_ends_at
        self.owner = ""
        self.components: dict[str, float] = {}
        self.in_body = False

    def is_late(self, now: float) -> bool:
        """Return whether the request, or the body it waits for, takes longer than allowed."""
        return self.ends_at <= now or (self.in_body and self.body_ends_at <= now)


CURRENT: ContextVar[Trace | None] = ContextVar("trace", default=None)


def took(component: str, seconds: float) -> None:
    """Note that a part of the current request took so long."""
    trace = CURRENT.get()
    if trace is not None:
        before = trace.components.get(component, 0.0)
        trace.components[component] = round(before + seconds * 1000, 3)
