"""What a capacity report goes by: the newest whole climb, days of traffic, processor time."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

import numpy as np

from kit.pure.answers import Answer, Floats
from kit.pure.moments import local_at
from reports.capacity.growth import Day
from reports.period.evidence import Record

HOUR_S: Final = 3600
FEWEST_OF_A_WEEK: Final = 4
"""So many whole days of the last week must be measured to say which hour was its busiest."""


def newest_climb(loads: Sequence[Record], end: datetime) -> tuple[Record | None, list[str]]:
    """Return the newest whole climb, and what is wrong with those since."""
    climbs = [r for r in loads if r.data.get("capacity") and r.at < end]
    left_out: list[str] = []
    for one in sorted(climbs, key=lambda r: (r.at, r.id), reverse=True):
        why = _flaw(one)
        if why is None:
            return one, left_out
        left_out.append(f"climb {one.id} is left out: {why}")
    return None, left_out


def _flaw(climb: Record) -> str | None:
    """Return why a climb shows no safe rate: it is void, or a person ended it half way."""
    if climb.data.get("void_reason"):
        return f"it is void ({climb.data['void_reason']})"
    return "it was interrupted" if climb.data.get("interrupted") else None


def busiest_of(days: tuple[Day, ...], today: date) -> float | None:
    """Return the busiest hour of the last week, None where most of that week was not measured."""
    last = [one.per_s for one in days if one.day >= today - timedelta(days=7)]
    return max(last) if len(last) >= FEWEST_OF_A_WEEK else None


def days_of(answer: Answer | None, zone: ZoneInfo) -> tuple[Day, ...]:
    """Return the busiest hour of each whole local day; hours are known by their end."""
    if answer is None or not answer.series:
        return ()
    one, hours = answer.series[0], dict[date, list[float]]()
    for time, value in zip(one.times, one.values, strict=True):
        day = local_at(time - HOUR_S, zone).date()
        if np.isfinite(value):
            hours.setdefault(day, []).append(float(value) / HOUR_S)
    whole = 20  # an hour or two may be missing, and a day may have 23
    return tuple(Day(day, max(v)) for day, v in sorted(hours.items()) if len(v) >= whole)


def processor(answers: Mapping[str, Answer]) -> tuple[float | None, float | None]:
    """Return processor seconds a request, and cores used in the busiest of the last 672 hours."""
    requests, processor = (_values(answers.get(name)) for name in ("requests", "cpu"))
    shared = min(len(requests), len(processor), 672)
    if not shared:
        return None, None
    asked, used = requests[-shared:] / HOUR_S, processor[-shared:]
    known = np.isfinite(asked) & np.isfinite(used) & (asked > 0)
    if not known.any():
        return None, None
    cost = float(used[known].sum() / asked[known].sum())
    return cost, float(used[known][int(np.argmax(asked[known]))])


def _values(answer: Answer | None) -> Floats:
    return answer.series[0].values if answer is not None and answer.series else np.array([])
