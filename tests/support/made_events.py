"""Events that were made one by one, as a Prometheus would have scraped them, and their count.

Nothing here knows a query: what a service counted in a span is found by counting its events.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Flags = NDArray[np.bool_]
HANDLERS: Final = ("/orders", "/orders/{id}")
EDGE_S: Final = 0.3
_UP_S: Final = 120


@dataclass(frozen=True, slots=True)
class Span:
    """From `start`, without it, to `end`, with it."""

    start: datetime
    end: datetime

    @property
    def seconds(self) -> float:
        """Return how long it is."""
        return self.end.timestamp() - self.start.timestamp()

    def holds(self, times: Floats) -> Flags:
        """Say of each moment whether it lies in the span."""
        found: Flags = (times > self.start.timestamp()) & (times <= self.end.timestamp())
        return found


@dataclass(frozen=True, slots=True)
class Counts:
    """How many events there were, and by how many each count may be off when it is scraped.

    Between the ends of a range and the samples next to them, at most one interval away, Prometheus
    does not see events: it goes on at the range's mean rate, for at most 1.1 intervals at each end.
    """

    bad: int
    total: int
    bad_off: float
    total_off: float

    def share(self) -> tuple[float, float, float]:
        """Return the share of bad events: the least it may come out as, what it is, the most."""
        least = max(0.0, self.bad - self.bad_off) / (self.total + self.total_off)
        most = (self.bad + self.bad_off) / max(1.0, self.total - self.total_off)
        return least - 1e-9, self.bad / self.total, most + 1e-9


@dataclass(frozen=True, slots=True)
class Made:
    """The events of a service: when each was, where, whether it failed, whether it was slow."""

    job: str
    span: Span
    every_s: int
    times: Floats
    second_handler: Flags
    failed: Flags
    slow: Flags
    gaps: tuple[Span, ...] = ()

    def counted(self, span: Span, bad: str) -> Counts:
        """Count the events of a span; `bad` is failed or slow."""
        inside = span.holds(self.times)
        marked = self.failed if bad == "failed" else self.slow
        begin = max(span.start, self.span.start)
        end = min(span.end, self.span.end)
        edge = timedelta(seconds=1.1 * self.every_s)
        edges = Span(begin, begin + edge).holds(self.times) | Span(end - edge, end).holds(
            self.times
        )
        share = 2.2 * self.every_s / Span(begin, end).seconds
        total, wrong = int(inside.sum()), int((inside & marked).sum())
        return Counts(
            wrong,
            total,
            share * wrong + int((edges & marked).sum()),
            share * total + int(edges.sum()),
        )

    def seen(self) -> "Made":
        """Return the history without the events of its gaps: a rule of then knew none of them."""
        kept = ~np.logical_or.reduce(
            [gap.holds(self.times) for gap in self.gaps] or [self.times < 0]
        )
        return replace(
            self,
            times=self.times[kept],
            second_handler=self.second_handler[kept],
            failed=self.failed[kept],
            slow=self.slow[kept],
        )

    def watched(self, span: Span) -> float:
        """Return the share of a span in which the service was scraped."""
        begin, end = max(span.start, self.span.start), min(span.end, self.span.end)
        lost = sum(gap.seconds for gap in self.gaps if begin <= gap.start and gap.end <= end)
        return (Span(begin, end).seconds - lost) / span.seconds

    def lines(self) -> Iterator[str]:
        """Yield the samples of every series, in OpenMetrics."""
        scrapes = self._scrapes(self.every_s)
        for number, handler in enumerate(HANDLERS):
            here = self.second_handler == bool(number)
            own = f'handler="{handler}",method="GET",job="{self.job}",instance="{self.job}:80"'
            for code, chosen in (("200", here & ~self.failed), ("500", here & self.failed)):
                yield from self._counter("http_requests_total", own, chosen, scrapes, code=code)
            name = "http_request_duration_seconds"
            for le, chosen in ((f"{EDGE_S}", here & ~self.slow), ("+Inf", here)):
                yield from self._counter(f"{name}_bucket", own, chosen, scrapes, le=le)
            yield from self._counter(f"{name}_count", own, here, scrapes)
            yield from self._counter(f"{name}_sum", own, here, scrapes)
        labels = f'job="{self.job}",instance="{self.job}:80"'
        yield from (f"up{{{labels}}} 1 {at:.0f}" for at in self._scrapes(min(self.every_s, _UP_S)))

    def _counter(
        self, name: str, own: str, chosen: Flags, scrapes: Floats, **labels: str
    ) -> Iterator[str]:
        values = np.searchsorted(self.times[chosen], scrapes, side="right")
        more = "".join(f',{label}="{value}"' for label, value in labels.items())
        for at, value in zip(scrapes.tolist(), values.tolist(), strict=True):
            yield f"{name}{{{own}{more}}} {value} {at:.0f}"

    def _scrapes(self, every_s: int) -> Floats:
        start, end = self.span.start.timestamp(), self.span.end.timestamp()
        found = np.arange(start, end + 1, every_s)
        for gap in self.gaps:
            found = found[~gap.holds(found)]
        return found


def made(
    job: str,
    span: Span,
    *,
    every_s: int,
    a_minute: float,
    failing: float,
    slow: float = 0.02,
    gaps: tuple[Span, ...] = (),
) -> Made:
    """Make events at random moments; `failing` and `slow` are the chances of each to be that.

    In the second half of the span four times as many fail as in the first.
    """
    rng = np.random.default_rng(len(job))
    start, length = span.start.timestamp(), span.seconds
    times = np.sort(start + rng.uniform(0, length, round(a_minute * length / 60)))
    chance = np.where(times > start + length / 2, 1.6, 0.4) * failing
    dice = rng.uniform(size=(3, len(times)))
    return Made(job, span, every_s, times, dice[0] < 0.3, dice[1] < chance, dice[2] < slow, gaps)


def as_text(histories: tuple[Made, ...]) -> str:
    """Return everything as one OpenMetrics text."""
    return "\n".join([*(line for one in histories for line in one.lines()), "# EOF", ""])
