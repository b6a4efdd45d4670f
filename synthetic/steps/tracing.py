"""Naming what is sent, so that whoever answers can say what became of it.

https://www.w3.org/TR/trace-context/: a trace id for all that belongs together, a span id for each
request, and the wish that the trace be kept, which a service heeds for those it trusts.
"""

from typing import Final

TRACEPARENT: Final = "traceparent"
REQUEST_ID: Final = "X-Request-ID"
_WISHED: Final = "01"
_MICRO: Final = 1_000_000
_MOST: Final = 1 << 48


def traceparent(trace_id: str, span_id: str, *, flags: str = _WISHED) -> dict[str, str]:
    """Return the header that makes a request part of a trace; the ids are 32 and 16 hex digits."""
    return {TRACEPARENT: f"00-{trace_id}-{span_id}-{flags}"}


def trace_id_in(header: str) -> str:
    """Return the trace id of a traceparent, empty where there is none."""
    return header.split("-")[1] if header.count("-") >= 3 else ""  # noqa: PLR2004 -- four parts


class Named:
    """The names of the requests of one load run; each follows from who sends it and when.

    So a request is found again from its sample alone: `run` is 8 hex digits, `worker` the number of
    the process, `due_s` the intended start in seconds of the run.
    """

    __slots__ = ("_run", "_worker")

    def __init__(self, run: str, worker: int) -> None:
        self._run, self._worker = run, worker

    def request_id(self, due_s: float) -> str:
        """Return the id that the service's log has the request under."""
        return f"load-{self._run}-{self._worker}-{self._micros(due_s)}"

    def trace_id(self, due_s: float) -> str:
        """Return the trace that the request is."""
        return f"{self._run}{self._worker + 1:012x}{self._micros(due_s):012x}"

    def lines(self, due_s: float) -> bytes:
        """Return the two header lines of a request; its trace is kept only if it stands out."""
        micros = self._micros(due_s)
        sender = self._worker + 1
        return (
            f"{REQUEST_ID}: load-{self._run}-{self._worker}-{micros}\r\n"
            f"{TRACEPARENT}: 00-{self._run}{sender:012x}{micros:012x}"
            f"-{sender:04x}{micros:012x}-00\r\n"
        ).encode()

    @staticmethod
    def _micros(due_s: float) -> int:
        return round(due_s * _MICRO) % _MOST
