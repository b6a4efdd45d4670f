"""Three weeks around the change to summer time and a month's end, of which every figure is known.

16 March to 6 April 2026 in UTC, minute by minute, one instance in Berlin. A version makes one
route slow and the next mends it; requests fail for twenty minutes; nothing answers while the clocks
change, and counters begin again; for three quarters of an hour nobody scrapes.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from reports.gathered.samples import NAME, Labels, Samples

START: Final = datetime(2026, 3, 16, tzinfo=UTC)
END: Final = datetime(2026, 4, 6, tzinfo=UTC)
MINUTES: Final = 21 * 24 * 60
Span = tuple[datetime, datetime]
SLOW: Final = (datetime(2026, 3, 26, 13, tzinfo=UTC), datetime(2026, 3, 28, 13, tzinfo=UTC))
FAILING: Final = (datetime(2026, 3, 28, 20, tzinfo=UTC), datetime(2026, 3, 28, 20, 20, tzinfo=UTC))
DOWN: Final = (datetime(2026, 3, 29, 0, 50, tzinfo=UTC), datetime(2026, 3, 29, 1, 9, tzinfo=UTC))
GAP: Final = (datetime(2026, 4, 1, 3, tzinfo=UTC), datetime(2026, 4, 1, 3, 45, tzinfo=UTC))
VERSIONS: Final = ("2.3.9", "2.4.0", "2.4.1")
EDGES: Final = (0.5, 1.0, 2.0, 4.0)
ROUTES: Final = ("/events", "/parse")
Ints = np.ndarray


def minute(moment: datetime) -> int:
    """Return how many minutes after the start a moment is."""
    return round((moment - START) / timedelta(minutes=1))


def during(span: Span) -> slice:
    """Return the minutes (by their end) of a span."""
    return slice(minute(span[0]) + 1, minute(span[1]) + 1)


class Spring:
    """Whole numbers for the minute that ends at index i: requests, failed, slow, by route."""

    def __init__(self) -> None:
        at = np.arange(MINUTES + 1)
        day = 1 + 0.5 * np.sin((at / 1440 - 0.3) * 2 * np.pi)
        self.total = {"/events": np.rint(40 * day), "/parse": np.rint(60 * day)}
        for counts in self.total.values():
            counts[0] = 0
            counts[during(DOWN)] = 0
        failing = np.full(MINUTES + 1, 0.0005)
        failing[during(FAILING)] = 0.6
        self.failed = {route: _spread(self.total[route] * failing) for route in ROUTES}
        slowness = {route: np.full(MINUTES + 1, 0.01) for route in ROUTES}
        slowness["/events"][during(SLOW)] = 0.15
        self.slow = {route: _spread(self.total[route] * slowness[route]) for route in ROUTES}

    def count(self, what: dict[str, Ints], span: Span, route: str | None = None) -> float:
        """Return how many there were in a span."""
        return float(sum(what[one][during(span)].sum() for one in ([route] if route else ROUTES)))

    def samples(self) -> Samples:
        """Return what a Prometheus would have scraped, once a minute."""
        found = list(self._series())
        values = np.array([column for _, column in found], dtype=np.float64)
        is_down = np.zeros(MINUTES + 1, bool)
        is_down[during(DOWN)] = True
        values[1:, is_down] = np.nan  # the first is `up`
        values[:, during(GAP)] = np.nan
        times = np.asarray(START.timestamp() + 60.0 * np.arange(MINUTES + 1), dtype=np.float64)
        return Samples(times, tuple(labels for labels, _ in found), values)

    def _series(self) -> Iterator[tuple[Labels, np.ndarray]]:
        own = {"job": "calendar-api", "instance": "api-1"}
        up = np.ones(MINUTES + 1)
        up[during(DOWN)] = 0
        yield {NAME: "up", **own}, up
        for route in ROUTES:
            yield from self._of_route(route, own)
        starts = np.full(MINUTES + 1, START.timestamp() - 60)
        for moment in (*SLOW, DOWN[1]):
            starts[minute(moment) + 1 :] = moment.timestamp()
        yield {NAME: "process_start_time_seconds", **own}, starts
        bounds = (0, minute(SLOW[0]) + 1, minute(SLOW[1]) + 1, MINUTES + 1)
        for version, begin, end in zip(VERSIONS, bounds, bounds[1:], strict=False):
            live = np.full(MINUTES + 1, np.nan)
            live[begin:end] = 1
            yield {NAME: "service_build_info", "version": version, **own}, live

    def _of_route(self, route: str, own: Labels) -> Iterator[tuple[Labels, np.ndarray]]:
        asked = {"method": "POST", "route": route, **own}
        total, failed, slow = self.total[route], self.failed[route], self.slow[route]
        for status, counts in (("200", total - failed), ("503", failed)):
            yield {NAME: "http_requests_total", "status": status, **asked}, _counter(counts)
        timed = "http_request_duration_seconds"
        yield {NAME: f"{timed}_sum", **asked}, _counter(0.2 * (total - slow) + 3 * slow)
        yield {NAME: f"{timed}_count", **asked}, _counter(total)
        for edge in EDGES:
            counts = total - slow if edge < 3 else total
            yield {NAME: f"{timed}_bucket", "le": f"{edge}", **asked}, _counter(counts)
        yield {NAME: f"{timed}_bucket", "le": "+Inf", **asked}, _counter(total)


def _spread(counts: np.ndarray) -> np.ndarray:
    """Return whole numbers with the same sums."""
    whole: np.ndarray = np.diff(np.floor(np.cumsum(counts) + 1e-9), prepend=0)
    return whole


def _counter(counts: np.ndarray) -> np.ndarray:
    """Return a counter that begins again with each version, and after nothing answered."""
    values: np.ndarray = np.cumsum(counts)
    for moment in (*SLOW, DOWN[1]):
        values[minute(moment) :] -= values[minute(moment) - 1]
    return values
