"""Latency: percentiles, their change, hours of the week, slowest routes."""

from collections import defaultdict
from dataclasses import dataclass
from math import isfinite
from typing import Final

import numpy as np

from kit.pure.answers import Series, on_grid
from kit.pure.estimate import Estimate
from reports.period.evidence import Evidence
from reports.period.quantiles import Histogram, bucket_of, change, histogram, quantile
from reports.period.slots import Slots

LEVELS: Final = (0.5, 0.95, 0.99)
_BLOCK_HOURS: Final = 6
_MOST_ROUTES: Final = 10


@dataclass(frozen=True, slots=True)
class Percentile:
    """One percentile in seconds, in this window and before; `change` is a share of before.

    It lies in a bucket from `low_s` to `high_s`; None is no edge above, and `this_s` then the last.
    """

    level: float
    this_s: float | None
    before_s: float | None
    change: Estimate | None
    low_s: float | None = None
    high_s: float | None = None

    @property
    def is_over(self) -> bool:
        """Say whether it lies above the last edge, so that only a least value is known."""
        return self.this_s is not None and self.low_s is not None and self.high_s is None


@dataclass(frozen=True, slots=True)
class RouteLatency:
    """The latency of one route, in seconds."""

    route: str
    requests: float
    p50_s: float | None
    p95_s: float | None
    before_p95_s: float | None


@dataclass(frozen=True, slots=True)
class Latency:
    """`heat_s[weekday][hour]` is the p95 in seconds (Monday is 0), None without requests."""

    percentiles: tuple[Percentile, ...]
    routes: tuple[RouteLatency, ...]
    heat_s: tuple[tuple[float | None, ...], ...]
    problem: str | None


def latency(evidence: Evidence) -> Latency:
    """Return the section on latency."""
    answer = evidence.answer("latency")
    slots, earlier = evidence.slots(), evidence.slots_before()
    this, before = _histogram(answer.series, slots), _histogram(answer.series, earlier)
    whole, whole_before = (None if one is None else one.total() for one in (this, before))
    percentiles = tuple(
        Percentile(
            level,
            None if whole is None else quantile(whole, level),
            None if whole_before is None else quantile(whole_before, level),
            _change(this, before, slots, level),
            *_bucket(whole, level),
        )
        for level in LEVELS
    )
    lacking = this is None and evidence.project.roles.latency is not None
    problem = answer.problem or ("no latency was recorded" if lacking else None)
    return Latency(percentiles, _routes(evidence), _heat(this, slots), problem)


def _bucket(whole: Histogram | None, level: float) -> tuple[float | None, float | None]:
    found = None if whole is None else bucket_of(whole, level)
    if found is None:
        return None, None
    return found[0], found[1] if isfinite(found[1]) else None


def _histogram(series: tuple[Series, ...], slots: Slots) -> Histogram | None:
    return histogram(series, [on_grid(one, slots.ends) for one in series])


def _change(
    this: Histogram | None, before: Histogram | None, slots: Slots, level: float
) -> Estimate | None:
    if this is None or before is None:
        return None
    per_block = _BLOCK_HOURS * 3600 // slots.step_s
    if len(this.counts) < 8 * per_block:  # a day or so: hours are the blocks
        per_block = 1
    now, then = _blocks(this, per_block), _blocks(before, per_block)
    # Weeks of 167 and 169 hours are compared block by block, from their start.
    shared = min(len(now.counts), len(then.counts))
    now, then = now.rows(range(shared)), then.rows(range(shared))
    a_day = 24 // _BLOCK_HOURS
    strata = [i % a_day if per_block > 1 else i * a_day // shared for i in range(shared)]
    return change(now, then, level, strata)


def _blocks(found: Histogram, size: int) -> Histogram:
    starts = np.arange(0, len(found.counts), size)
    return Histogram(found.edges_s, np.add.reduceat(np.nan_to_num(found.counts), starts, axis=0))


def _routes(evidence: Evidence) -> tuple[RouteLatency, ...]:
    this, before = (
        _by_route(evidence, slots) for slots in (evidence.slots(), evidence.slots_before())
    )
    # What a scrape gap hides from the hours is in the total of the window.
    counted = sum(float(found.counts[0, -1]) for found in this.values())
    scale = (evidence.requests or counted) / counted if counted else 0.0
    rows = [
        RouteLatency(
            route,
            float(found.counts[0, -1]) * scale,
            quantile(found, 0.5),
            quantile(found, 0.95),
            quantile(before[route], 0.95) if route in before else None,
        )
        for route, found in this.items()
        if found.counts[0, -1] >= 1
    ]
    return tuple(sorted(rows, key=lambda r: (-(r.p95_s or 0), r.route))[:_MOST_ROUTES])


def _by_route(evidence: Evidence, slots: Slots) -> dict[str, Histogram]:
    grouped: dict[str, list[Series]] = defaultdict(list)
    for one in evidence.answer("latency").series:
        grouped[one.label("route")].append(one)
    found = {route: _histogram(tuple(group), slots) for route, group in sorted(grouped.items())}
    return {route: one.total() for route, one in found.items() if one is not None}


def _heat(found: Histogram | None, slots: Slots) -> tuple[tuple[float | None, ...], ...]:
    if found is None:
        return ()
    cells: dict[tuple[int, int], list[int]] = defaultdict(list)
    for i, (day, hour) in enumerate(zip(slots.days, slots.hours, strict=True)):
        cells[day.weekday(), hour].append(i)
    return tuple(
        tuple(_p95(found, cells.get((weekday, hour), [])) for hour in range(24))
        for weekday in range(7)
    )


def _p95(found: Histogram, rows: list[int]) -> float | None:
    return quantile(found.rows(rows), 0.95) if rows else None
