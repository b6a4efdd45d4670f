"""Keeping the trace of a request that stands out: as an example of its counts, and to be sent."""

from bisect import bisect_left
from time import monotonic, time
from typing import Final

from service.observe.conventions import Ended
from service.observe.current import Trace
from service.observe.outbox import Outbox
from service.observe.tail import FAULT, Pace, Reason, Tail
from service.telemetry import DURATIONS, FAILURES, REQUESTS, Telemetry

Labels = tuple[str, str, str]  # method, route and status, as they are counted
_NO_ROUTE: Final = ""


class Keeper:
    """Looks at what may stand out, and keeps it where that is allowed."""

    def __init__(self, tail: Tail, outbox: Outbox, telemetry: Telemetry) -> None:
        self._tail, self._outbox, self._telemetry = tail, outbox, telemetry
        self._paces: dict[tuple[str, str], Pace] = {}
        self.sample_below = tail.sample_below

    def pace_of(self, method: str, route: str) -> Pace:
        """Return how long the requests of a route take."""
        return self._paces.setdefault((method, route), Pace(self._tail.rules.slow_s))

    def consider(
        self,
        trace: Trace,
        labels: Labels,
        pace: Pace,
        status: int,
        began: float,
        seconds: float,
    ) -> None:
        """Keep a request that has just ended, if it stands out and there is room."""
        if len(pace.recent) >= pace.enough:
            pace.look()
        why = self._tail.reason(trace, pace, status, seconds)
        if why is None:
            return
        method, route, counted = labels
        ended = Ended(trace, method, route, status, began, seconds, time(), why)
        if not self._keep(ended, why):
            return
        exemplars, edges = self._telemetry.exemplars, self._telemetry.duration_edges
        at, ids = ended.ended_at, trace.trace_id + trace.span_id
        bucket = bisect_left(edges, seconds)
        exemplars.set((DURATIONS, method, route, bucket), ids, seconds, at)
        if status >= FAULT:
            exemplars.set((REQUESTS, method, route, counted), ids, 1.0, at)
        for piece in trace.pieces or ():
            if piece.error:
                component = piece.name if piece.kind == "dependency" else piece.kind
                exemplars.set((FAILURES, component, piece.error), ids, 1.0, at)

    def work_ended(self, trace: Trace, name: str, began: float, *, failed: bool) -> None:
        """Keep work that no request waits for, by the same rules."""
        seconds = monotonic() - began
        pace = self.pace_of(_NO_ROUTE, name)
        is_slow = seconds > pace.keep_above
        pace.saw(seconds)
        why: Reason | None = "failed" if failed else "slow" if is_slow else None
        if why is not None:
            status = FAULT if failed else 0
            self._keep(Ended(trace, "", name, status, began, seconds, time(), why), why)

    def _keep(self, ended: Ended, why: Reason) -> bool:
        if not self._outbox:
            return False
        if not self._tail.admits(why):
            self._telemetry.traces_dropped.add("rate")
            return False
        if not self._outbox.put(ended):
            return False
        self._telemetry.traces_kept.add(why)
        return True
