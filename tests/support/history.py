"""Four weeks of a service's life, minute by minute, of which every figure is known.

February 2026 in UTC: 28 days that begin and end on a Sunday, so that the month is four weeks and
its last week ends with it. What happens: a scrape gap, less accuracy for a day, Redis away for half
an hour, an outage, and a deploy after which one route is slow; one instance leaks memory.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Floats = NDArray[np.float64]

START: Final = datetime(2026, 2, 1, tzinfo=UTC)
END: Final = datetime(2026, 3, 1, tzinfo=UTC)
WEEK: Final = END - timedelta(days=7)
MINUTES: Final = 28 * 24 * 60
GAP: Final = (datetime(2026, 2, 23, 3, tzinfo=UTC), datetime(2026, 2, 23, 5, tzinfo=UTC))
DROP: Final = (datetime(2026, 2, 24, tzinfo=UTC), datetime(2026, 2, 25, tzinfo=UTC))
REDIS: Final = (datetime(2026, 2, 24, 16, tzinfo=UTC), datetime(2026, 2, 24, 16, 30, tzinfo=UTC))
OUTAGE: Final = (datetime(2026, 2, 25, 10, tzinfo=UTC), datetime(2026, 2, 25, 10, 40, tzinfo=UTC))
RESTART: Final = datetime(2026, 2, 12, 3, 30, tzinfo=UTC)
DEPLOY: Final = datetime(2026, 2, 26, 14, tzinfo=UTC)
OLD, NEW = "1.4.2", "1.5.0"
USUAL, DROPPED = 0.93, 0.88
MIB: Final = 2**20
LEAK_PER_DAY: Final = 24 * MIB
LIMIT: Final = 1024 * MIB
ROUTES: Final = ("/parse", "/events")
EDGES: Final = (0.1, 0.25, 0.5, 1.0, 2.0, 4.0)
FAST_S, SLOW_S = 0.2, 3.0
# Shares of fast requests up to each edge but the last; slow ones lie between 2 and 4 s.
_FAST: Final = (0.5, 0.8, 0.92, 0.98, 1.0)


def minute(moment: datetime) -> int:
    """Return how many minutes after the start a moment is."""
    return round((moment - START).total_seconds() / 60)


def during(span: tuple[datetime, datetime]) -> slice:
    """Return the minutes (by their end) of a span."""
    return slice(minute(span[0]) + 1, minute(span[1]) + 1)


@dataclass(frozen=True, slots=True)
class History:
    """Counts for the minute that ends at index i, from `START`; index 0 is empty."""

    total: Mapping[str, Ints]
    failed: Mapping[str, Ints]
    slow: Mapping[str, Ints]
    users: Ints
    hits: Ints
    misses: Ints
    noise: Floats = field(repr=False)

    def requests(self, since: datetime, until: datetime) -> int:
        """Return how many requests there were."""
        return sum(int(t[during((since, until))].sum()) for t in self.total.values())

    def failures(self, since: datetime, until: datetime) -> int:
        """Return how many failed."""
        return sum(int(f[during((since, until))].sum()) for f in self.failed.values())

    def slows(self, since: datetime, until: datetime, route: str | None = None) -> int:
        """Return how many took longer than two seconds."""
        chosen = [route] if route else ROUTES
        return sum(int(self.slow[r][during((since, until))].sum()) for r in chosen)


def history() -> History:
    """Return the one and only history."""
    at = np.arange(MINUTES + 1)
    day = 0.55 + 0.45 * np.sin((at / 1440 - 0.3) * 2 * np.pi)
    total = {"/parse": np.rint(80 * day).astype(int), "/events": np.rint(50 * day).astype(int)}
    failing = np.full(MINUTES + 1, 0.0002)
    failing[during(OUTAGE)] = 0.8
    slowness = {route: np.full(MINUTES + 1, 0.01) for route in ROUTES}
    slowness["/parse"][minute(DEPLOY) + 1 :] = 0.12
    for counts in total.values():
        counts[0] = 0
    hits = np.rint(60 * day).astype(int)
    return History(
        total,
        {r: _share(total[r], failing) for r in ROUTES},
        {r: _share(total[r], slowness[r]) for r in ROUTES},
        np.rint(200 * day).astype(int),
        _share(hits, np.full(MINUTES + 1, 0.8)),
        hits - _share(hits, np.full(MINUTES + 1, 0.8)),
        np.random.default_rng(3).normal(0, 2 * MIB, MINUTES + 1),
    )


def chunks(found: History, *, hours: int = 8) -> Iterator[str]:
    """Yield OpenMetrics texts of a few hours each, in the order of time."""
    series = list(_series(found))
    for first in range(0, MINUTES + 1, hours * 60):
        chosen = np.arange(first, min(first + hours * 60, MINUTES + 1))
        yield _text(series, chosen)


Named = tuple[str, Floats]


def _text(series: list[Named], chosen: Ints) -> str:
    gap = np.zeros(MINUTES + 1, bool)
    gap[during(GAP)] = True
    start = int(START.timestamp())
    lines = []
    for name, values in series:
        here = [i for i in chosen.tolist() if not gap[i] and values[i] == values[i]]
        lines += [f"{name} {values[i]:.10g} {start + 60 * i}" for i in here]
    return "\n".join([*lines, "# EOF", ""])


def _series(found: History) -> Iterator[Named]:
    api = 'job="calendar-api",instance='
    for number in (0, 1):
        own = f'{api}"api-{number + 1}"'
        starts = [0, minute(DEPLOY)] if number else [0, minute(RESTART), minute(DEPLOY)]
        for route in ROUTES:
            yield from _of_route(found, route, number, own, starts)
        # A probe that always fails is no traffic, and must spend no budget.
        probe = f'method="GET",route="/readyz",status="503",{own}'
        yield f"http_requests_total{{{probe}}}", _counter(np.ones(MINUTES + 1, int), starts)
        for name, counts in (("hits", found.hits), ("misses", found.misses)):
            yield (
                f'cache_{name}_total{{tier="redis",{own}}}',
                _counter(_half(counts, number), starts),
            )
        yield f"process_start_time_seconds{{{own}}}", _start_times(starts)
        yield f"process_resident_memory_bytes{{{own}}}", _memory(found, starts, leaks=number == 1)
        yield f"process_cpu_seconds_total{{{own}}}", _counter(np.full(MINUTES + 1, 6), starts)
        yield f"process_memory_limit_bytes{{{own}}}", np.full(MINUTES + 1, float(LIMIT))
        yield f"up{{{own}}}", np.ones(MINUTES + 1)
        yield f"active_users{{{own}}}", found.users.astype(float)
        yield f'dependency_up{{dependency="redis",{own}}}', _away(REDIS)
        yield f'dependency_up{{dependency="mongodb",{own}}}', np.ones(MINUTES + 1)
        old, new = np.ones(MINUTES + 1), np.ones(MINUTES + 1)
        old[minute(DEPLOY) :], new[: minute(DEPLOY)] = np.nan, np.nan
        yield f'service_build_info{{version="{OLD}",revision="a",{own}}}', old
        yield f'service_build_info{{version="{NEW}",revision="b",{own}}}', new
    prober = 'job="prober",instance="prober-1"'
    accuracy = np.full(MINUTES + 1, USUAL)
    accuracy[during(DROP)] = DROPPED
    yield f'parsing_accuracy_ratio{{suite="golden",slice="all",{prober}}}', accuracy
    yield f"up{{{prober}}}", np.ones(MINUTES + 1)
    yield from _alerts()


def _of_route(
    found: History, route: str, number: int, own: str, starts: list[int]
) -> Iterator[Named]:
    total, failed = _half(found.total[route], number), _half(found.failed[route], number)
    failed = np.minimum(failed, total)
    for status, counts in (("200", total - failed), ("503", failed)):
        labels = f'method="POST",route="{route}",status="{status}",{own}'
        yield f"http_requests_total{{{labels}}}", _counter(counts, starts)
    slow = np.minimum(_half(found.slow[route], number), total)
    fast = total - slow
    own_labels = f'method="POST",route="{route}",{own}'
    spent = fast * FAST_S + slow * SLOW_S
    yield f"http_request_duration_seconds_sum{{{own_labels}}}", _counter(spent, starts)
    yield f"http_request_duration_seconds_count{{{own_labels}}}", _counter(total, starts)
    for edge, share in zip((*EDGES, np.inf), (*_FAST, None, None), strict=True):
        counts = total if share is None else fast if share == 1 else _share(fast, share)
        le = "+Inf" if edge == np.inf else f"{edge}"
        labels = f'method="POST",route="{route}",le="{le}",{own}'
        yield f"http_request_duration_seconds_bucket{{{labels}}}", _counter(counts, starts)


def _alerts() -> Iterator[Named]:
    def during_only(*spans: tuple[datetime, datetime]) -> Floats:
        values = np.full(MINUTES + 1, np.nan)
        for span in spans:
            values[during(span)] = 1
        return values

    real = (OUTAGE[0] + timedelta(minutes=3), OUTAGE[1] + timedelta(minutes=3))
    night = datetime(2026, 2, 27, 2, tzinfo=UTC)
    brief = [
        (night + timedelta(minutes=20 * n), night + timedelta(minutes=20 * n + 4)) for n in range(4)
    ]
    labels = 'alertstate="firing",severity="critical",priority="P1"'
    yield f'ALERTS{{alertname="ErrorRateHigh",{labels}}}', during_only(real)
    labels = 'alertstate="firing",severity="warning",priority="P3"'
    yield f'ALERTS{{alertname="CacheHitRateLow",{labels}}}', during_only(*brief)


def _share(counts: Ints, share: Floats | float) -> Ints:
    """Return that share of counts, spread evenly, as whole numbers."""
    return np.diff(np.floor(np.cumsum(counts * share) + 1e-9), prepend=0).astype(int)


def _half(counts: Ints, number: int) -> Ints:
    """Return what one of two instances has served of the counts."""
    return (counts + number) // 2


def _counter(counts: Ints | Floats, starts: list[int]) -> Floats:
    """Return a counter that begins at zero with each start of its process."""
    values = np.cumsum(counts).astype(float)
    for start in starts[1:]:
        values[start:] -= values[start - 1]
    return values


def _start_times(starts: list[int]) -> Floats:
    values = np.zeros(MINUTES + 1)
    for start in starts:
        values[start:] = START.timestamp() + 60 * start - 20
    return values


def _memory(found: History, starts: list[int], *, leaks: bool) -> Floats:
    values = 300.0 * MIB + found.noise
    if leaks:
        for start in starts:
            age = np.arange(MINUTES + 1 - start) / 1440
            values[start:] = 300 * MIB + found.noise[start:] + LEAK_PER_DAY * age
    return values


def _away(span: tuple[datetime, datetime]) -> Floats:
    values = np.ones(MINUTES + 1)
    values[during(span)] = 0
    return values
