"""Six weeks around a leap day, a month's end and two changes to summer time, every figure known.

20 February to 3 April 2028 in UTC, scraped each minute at seven seconds past it. Traffic jumps
about from minute to minute. Processes begin anew at local midnights, versions come with other
instances, and each instance counts from nothing again.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np

from reports.gathered.samples import NAME, Labels, Samples

START: Final = datetime(2028, 2, 20, tzinfo=UTC)
END: Final = datetime(2028, 4, 3, tzinfo=UTC)
MINUTES: Final = round((END - START) / timedelta(minutes=1))
LATE_S: Final = 7
Span = tuple[datetime, datetime]


def utc(month: int, day: int, hour: int = 0, minute: int = 0) -> datetime:
    """Return a moment of 2028."""
    return datetime(2028, month, day, hour, minute, tzinfo=UTC)


LEAP: Final = (utc(2, 29, 23, 40), utc(3, 1, 0, 20))
"""Requests fail over the end of February in UTC."""
CHANGE: Final = (utc(3, 12, 6, 45), utc(3, 12, 7, 15))
"""Nothing answers while the clocks of New York change."""
DEPLOY: Final = utc(3, 8, 15, 30)
"""Another version, of which each instance has another name, is slow on one route."""
RESTARTS: Final = (utc(3, 6, 5), utc(3, 12, 18, 30), utc(3, 25, 9, 17))
"""Midnight of a Monday in New York, of one in Kolkata, and some other time."""
ROUTES: Final = ("/events", "/parse")
EDGES: Final = (0.5, 1.0, 2.0, 4.0)
Ints = np.ndarray


def minute(moment: datetime) -> int:
    """Return how many minutes after the start a moment is."""
    return round((moment - START) / timedelta(minutes=1))


def during(span: Span) -> slice:
    """Return the minutes (by their end) of a span."""
    return slice(minute(span[0]) + 1, minute(span[1]) + 1)


@dataclass(frozen=True, slots=True)
class Life:
    """One instance: its name and version, and in which minutes it counts."""

    name: str
    version: str
    span: Span


class Leap:
    """Whole numbers for the minute that ends at index i: requests, failed, slow, by route."""

    def __init__(self) -> None:
        draw = np.random.default_rng(29)
        at = np.arange(MINUTES + 1)
        day = 1 + 0.6 * np.sin((at / 1440 - 0.3) * 2 * np.pi)
        self.total = {"/events": draw.poisson(30 * day), "/parse": draw.poisson(50 * day)}
        for counts in self.total.values():
            counts[0] = 0
            counts[during(CHANGE)] = 0
        failing = np.full(MINUTES + 1, 0.0005)
        failing[during(LEAP)] = 0.5
        slowness = {route: np.full(MINUTES + 1, 0.01) for route in ROUTES}
        slowness["/parse"][minute(DEPLOY) + 1 :] = 0.08
        self.failed = {one: draw.binomial(self.total[one], failing) for one in ROUTES}
        self.slow = {one: draw.binomial(self.total[one], slowness[one]) for one in ROUTES}

    def count(self, what: dict[str, Ints], span: Span) -> int:
        """Return how many there were in a span."""
        return sum(int(what[one][during(span)].sum()) for one in ROUTES)

    def samples(self) -> Samples:
        """Return what a Prometheus would have scraped."""
        found = [row for life in LIVES for row in self._of(life)]
        values = np.array([column for _, column in found], dtype=np.float64)
        times = np.asarray(
            START.timestamp() + LATE_S + 60.0 * np.arange(MINUTES + 1), dtype=np.float64
        )
        return Samples(times, tuple(labels for labels, _ in found), values)

    def _of(self, life: Life) -> Iterator[tuple[Labels, np.ndarray]]:
        own = {"job": "calendar-api", "instance": life.name}
        alive = np.zeros(MINUTES + 1, bool)
        alive[max(minute(life.span[0]), 0) : minute(life.span[1]) + 1] = True
        answers = alive.copy()
        answers[during(CHANGE)] = False
        bounds = (life.span[0], *(x for x in RESTARTS if life.span[0] < x < life.span[1]))
        if life.span[0] < CHANGE[0] < life.span[1]:
            bounds = tuple(sorted((*bounds, CHANGE[1])))

        def column(values: np.ndarray, where: np.ndarray) -> np.ndarray:
            return np.where(where, values, np.nan)

        def counter(counts: np.ndarray) -> np.ndarray:
            values = np.cumsum(np.where(alive, counts, 0))
            for moment in bounds:
                values[minute(moment) + 1 :] -= values[minute(moment)]
            return column(values, answers)

        yield {NAME: "up", **own}, column(answers.astype(float), alive)
        starts = np.zeros(MINUTES + 1)
        for moment in bounds:
            starts[minute(moment) + 1 :] = moment.timestamp() + LATE_S
        yield {NAME: "process_start_time_seconds", **own}, column(starts, answers)
        info = {NAME: "service_build_info", "version": life.version, **own}
        yield info, column(np.ones(MINUTES + 1), answers)
        share = int(life.name[-1]), 2
        for route in ROUTES:
            asked = {"method": "POST", "route": route, **own}
            total, failed, slow = (
                (one[route] + share[0]) // share[1] for one in (self.total, self.failed, self.slow)
            )
            for status, counts in (("200", total - failed), ("503", failed)):
                yield {NAME: "http_requests_total", "status": status, **asked}, counter(counts)
            timed = "http_request_duration_seconds"
            spent = 0.2 * (total - slow) + 3.0 * slow
            yield {NAME: f"{timed}_sum", **asked}, counter(spent)
            yield {NAME: f"{timed}_count", **asked}, counter(total)
            for edge in (*EDGES, np.inf):
                counts = total - slow if edge < 3 else total
                le = "+Inf" if edge == np.inf else f"{edge}"
                yield {NAME: f"{timed}_bucket", "le": le, **asked}, counter(counts)


LIVES: Final = (
    Life("old-0", "3.0.0", (START, DEPLOY)),
    Life("old-1", "3.0.0", (START, DEPLOY)),
    Life("new-0", "3.1.0", (DEPLOY, END)),
    Life("new-1", "3.1.0", (DEPLOY, END)),
)
