"""Noting what a request does: which part, from when until when, inside which other one.

A part costs less than a microsecond, and becomes a span of OpenTelemetry only if its request is
kept in the end.
"""

import re
from contextvars import ContextVar, Token
from time import monotonic
from types import TracebackType
from typing import Final, Self

from service.observe.current import CURRENT, Piece, Trace

INSIDE: Final[ContextVar[int]] = ContextVar("inside", default=0)
"""The number of the part around what runs now, 0 in none."""
HIT: Final = "hit"
MISS: Final = "miss"
_REASON: Final = re.compile(r"[a-z_]{1,40}")  # a word of ours; others may be anybody's text
_SPREAD: Final = 0x9E3779B97F4A7C15  # odd: no two numbers of a request share a span id
_ALL: Final = (1 << 64) - 1


class Part:
    """A part of the current request: `with Part("redis", "MGET"):`; elsewhere it does nothing.

    `details` are what its kind says beside its name (`service.observe.conventions`); `error` may be
    set for a failure that is not raised.
    """

    __slots__ = ("_began", "_kind", "_name", "_parent", "_token", "_trace", "details", "error",
                 "number")  # fmt: skip

    def __init__(self, kind: str, name: str, *details: str) -> None:
        self._kind, self._name, self.details = kind, name, details
        self.error, self.number = "", 0
        self._token: Token[int] | None = None

    def __enter__(self) -> Self:
        trace = self._trace = CURRENT.get()
        if trace is not None and (number := trace.next_number()):
            self.number, self._parent = number, INSIDE.get()
            self._token = INSIDE.set(number)
            self._began = monotonic()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        where: TracebackType | None,
    ) -> None:
        if self._token is None or self._trace is None:
            return
        INSIDE.reset(self._token)
        if error is not None and not self.error:
            self.error = error_type(error)
        self._trace.note(
            Piece(
                self.number,
                self._parent,
                self._kind,
                self._name,
                self._began,
                monotonic(),
                self.error,
                self.details,
            )
        )

    def traceparent(self) -> dict[str, str]:
        """Return the headers that carry the trace on to whom this part asks; none outside one."""
        trace = self._trace
        if trace is None:
            return {}
        flags = "01" if trace.asks and trace.may_ask else "00"
        span = span_id_of(trace.span_id, self.number)
        headers = {"traceparent": f"00-{trace.trace_id}-{span}-{flags}"}
        if trace.state:
            headers["tracestate"] = trace.state
        return headers


class Stages:
    """Notes stages that follow one another; safe to call in a thread of its own.

    Begins inside the part that is current where it is made. `end` ends the last stage.
    """

    __slots__ = ("_began", "_kind", "_name", "_number", "_parent", "_trace")

    def __init__(self, kind: str) -> None:
        self._trace: Trace | None = CURRENT.get()
        self._kind, self._parent, self._number = kind, INSIDE.get(), 0
        self._name, self._began = "", 0.0

    def __call__(self, name: str) -> None:
        """Note that a stage begins, and so the one before it ends."""
        if self._trace is None:
            return
        self.end()
        self._number = self._trace.next_number()
        self._name, self._began = name, monotonic()

    def end(self) -> None:
        """Note that the last stage has ended."""
        if self._trace is not None and self._number:
            self._trace.note(
                Piece(
                    self._number,
                    self._parent,
                    self._kind,
                    self._name,
                    self._began,
                    monotonic(),
                    "",
                    (),
                )
            )
            self._number = 0


def span_id_of(root: str, number: int) -> str:
    """Return the span id of a part of a request, from the request's own; the same each time."""
    return f"{(int(root, 16) + number * _SPREAD) & _ALL or 1:016x}"


def error_type(error: BaseException) -> str:
    """Return what kind of error it is: a reason of ours where it has one, never its text."""
    reason = getattr(error, "reason", "") or getattr(error, "code", "")
    if isinstance(reason, str) and _REASON.fullmatch(reason):
        return reason
    return type(error).__name__
