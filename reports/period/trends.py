"""Where a month is heading: the slope of each figure's daily values."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from statistics import fmean
from typing import Final

import numpy as np

from kit.pure.answers import Floats, on_grid
from kit.pure.estimate import Estimate
from kit.pure.inference import trend
from reports.period.evidence import Evidence
from reports.period.quantiles import histogram, quantile
from reports.period.slots import Slots

FEWEST_DAYS: Final = 14
_WEEK: Final = 7.0


@dataclass(frozen=True, slots=True)
class Trend:
    """The daily values of one figure; `unit` is requests, share, seconds or bytes.

    `per_week` is the slope in the figure's unit, with a 95 % interval that allows for weekdays and
    for what a day has of the day before.
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
    requests, failed, hits, misses, memory = (
        evidence.total(name, slots)
        for name in ("requests:all", "requests:failed", "cache:hits", "cache:misses", "used:memory")
    )
    accuracy = evidence.columns("accuracy", slots, "slice").get("all", np.full(len(slots), np.nan))
    per_day = {
        ("requests a day", "requests"): _by_day(slots, requests),
        ("error rate", "share"): _ratio(slots, failed, requests),
        ("p95", "seconds"): _p95(evidence),
        (evidence.project.reports.accuracy, "share"): _by_day(slots, accuracy, fmean),
        ("cache hits", "share"): _ratio(slots, hits, hits + misses),
        ("memory of all instances", "bytes"): _by_day(slots, memory, fmean),
    }
    found = [_trend(name, unit, values) for (name, unit), values in per_day.items()]
    return tuple(one for one in found if one is not None)


def _trend(name: str, unit: str, values: dict[date, float]) -> Trend | None:
    if len(values) < FEWEST_DAYS:
        return None
    days = sorted(values)
    across = np.array([float((day - days[0]).days) for day in days])
    up = np.array([values[day] for day in days])
    slope = trend(up, across)
    direction = "rising" if slope.low > 0 else "falling" if slope.high < 0 else "level"
    first, last = (float(np.median(part)) for part in (up[:7], up[-7:]))
    estimate = Estimate(*(_WEEK * one for one in (slope.value, slope.low, slope.high)))
    return Trend(
        name, unit, first, last, estimate, direction, tuple(zip(days, up.tolist(), strict=True))
    )


def _by_day(
    slots: Slots, values: Floats, reduced: Callable[[list[float]], float] = sum
) -> dict[date, float]:
    return {day: reduced(found) for day, found in slots.by_day(values).items()}


def _ratio(slots: Slots, part: Floats, whole: Floats) -> dict[date, float]:
    above, below = _by_day(slots, np.nan_to_num(part)), _by_day(slots, whole)
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
