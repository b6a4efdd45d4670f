"""Where a month is heading: the slope of each figure's daily values."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from kit.pure.answers import Floats, on_grid, summed
from kit.pure.inference import theil_sen
from reports.period.evidence import Evidence
from reports.period.quantiles import Estimate, histogram, quantile

FEWEST_DAYS: Final = 14
_WEEK: Final = 7.0


@dataclass(frozen=True, slots=True)
class Trend:
    """The daily values of one figure; `unit` is requests, share, seconds or bytes.

    `per_week` is the Theil-Sen slope (Sen 1968) in the figure's unit, with its 95 % interval.
    `direction` is rising or falling when the whole interval agrees, else level.
    """

    name: str
    unit: str
    first: float
    last: float
    per_week: Estimate
    direction: str
    days: tuple[tuple[date, float], ...]


def trends(evidence: Evidence) -> tuple[Trend, ...]:
    """Return a trend for each figure with at least fourteen days of values."""
    slots = evidence.slots()
    requests, failed = (
        _total(evidence.columns(f"requests:{part}", slots).values(), len(slots))
        for part in ("all", "failed")
    )
    hits, misses = (
        _total(evidence.columns(f"cache:{side}", slots).values(), len(slots))
        for side in ("hits", "misses")
    )
    whole = evidence.columns("accuracy", slots, lambda one: one.label("slice")).get("all")
    memory = _total(evidence.columns("memory", slots).values(), len(slots))
    per_day = {
        ("requests a day", "requests"): _daily(slots.days, requests),
        ("error rate", "share"): _ratio(slots.days, failed, requests),
        ("p95", "seconds"): _p95(evidence),
        ("parsing accuracy", "share"): {}
        if whole is None
        else _daily(slots.days, whole, mean=True),
        ("cache hits", "share"): _ratio(slots.days, hits, hits + misses),
        ("memory of all instances", "bytes"): _daily(slots.days, memory, mean=True),
    }
    found = [_trend(name, unit, values) for (name, unit), values in per_day.items()]
    return tuple(one for one in found if one is not None)


def _trend(name: str, unit: str, values: dict[date, float]) -> Trend | None:
    if len(values) < FEWEST_DAYS:
        return None
    days = sorted(values)
    across = np.array([(day - days[0]).days / _WEEK for day in days])
    up = np.array([values[day] for day in days])
    slope = theil_sen(up, across)
    direction = "rising" if slope.low > 0 else "falling" if slope.high < 0 else "level"
    first, last = (float(np.median(part)) for part in (up[:7], up[-7:]))
    estimate = Estimate(slope.value, slope.low, slope.high)
    return Trend(
        name, unit, first, last, estimate, direction, tuple(zip(days, up.tolist(), strict=True))
    )


def _total(columns: Iterable[Floats], length: int) -> Floats:
    return summed(list(columns), length)


def _daily(days: tuple[date, ...], values: Floats, *, mean: bool = False) -> dict[date, float]:
    grouped: dict[date, list[float]] = defaultdict(list)
    for day, value in zip(days, values, strict=True):
        if np.isfinite(value):
            grouped[day].append(float(value))
    return {day: sum(v) / (len(v) if mean else 1) for day, v in grouped.items()}


def _ratio(days: tuple[date, ...], part: Floats, whole: Floats) -> dict[date, float]:
    above, below = _daily(days, np.nan_to_num(part)), _daily(days, whole)
    return {day: above[day] / total for day, total in below.items() if total > 0}


def _p95(evidence: Evidence) -> dict[date, float]:
    slots, series = evidence.slots(), evidence.answer("latency").series
    found = histogram(series, [on_grid(one, slots.ends) for one in series])
    if found is None:
        return {}
    rows: dict[date, list[int]] = defaultdict(list)
    for number, day in enumerate(slots.days):
        rows[day].append(number)
    values = {day: quantile(found.rows(chosen), 0.95) for day, chosen in rows.items()}
    return {day: value for day, value in values.items() if value is not None}
