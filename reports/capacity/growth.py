"""A forecast of the busiest hour: a growth trend under the rhythm of the week."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kit.pure.inference import student_quantile

FEWEST_DAYS: Final = 21
HORIZON_DAYS: Final = 364
_PARAMETERS: Final = 8  # seven weekdays and the slope
_TAIL: Final = 0.975


@dataclass(frozen=True, slots=True)
class Day:
    """The mean rate of a day's busiest hour, in requests per second."""

    day: date
    per_s: float


@dataclass(frozen=True, slots=True)
class Ahead:
    """A forecast of one day's busiest hour with its 95 % prediction interval."""

    day: date
    per_s: float
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Growth:
    """`per_week` is the growth a week as a share (0.01 is one per cent), with its 95 % interval."""

    per_week: float
    per_week_low: float
    per_week_high: float
    ahead: tuple[Ahead, ...]


def growth(days: tuple[Day, ...], *, horizon_days: int = HORIZON_DAYS) -> Growth | None:
    """Return the forecast, None with fewer than three weeks of days with traffic.

    Ordinary least squares of the logarithm on a level for each weekday and a line of time; the
    intervals are those of prediction with Student's t (Montgomery, Peck and Vining 2012, chapter
    3). Growth by a constant share each week is assumed: a launch is not foreseen.
    """
    known = [one for one in days if one.per_s > 0]
    if len(known) < FEWEST_DAYS:
        return None
    first = known[0].day
    design = np.array([_row(one.day, first) for one in known])
    observed = np.log([one.per_s for one in known])
    best, *_ = np.linalg.lstsq(design, observed, rcond=None)
    freedom = len(known) - _PARAMETERS
    residual = float(((observed - design @ best) ** 2).sum()) / freedom
    spread = np.linalg.pinv(design.T @ design)
    t = student_quantile(_TAIL, freedom)
    slope, half = float(best[-1]), t * float(np.sqrt(residual * spread[-1, -1]))
    last = known[-1].day
    ahead = []
    for number in range(1, horizon_days + 1):
        day = last + timedelta(days=number)
        row = np.array(_row(day, first))
        middle = float(row @ best)
        reach = t * float(np.sqrt(residual * (1 + row @ spread @ row)))
        ahead.append(Ahead(day, *_exp(middle, middle - reach, middle + reach)))
    rate, low, high = np.expm1([slope, slope - half, slope + half]).tolist()
    return Growth(rate, low, high, tuple(ahead))


def reached(found: Growth, limit_per_s: float, which: str) -> date | None:
    """Return the first day ahead whose `per_s`, `low` or `high` is at the limit, None for never."""
    return next((one.day for one in found.ahead if getattr(one, which) >= limit_per_s), None)


def _row(day: date, first: date) -> list[float]:
    return [float(day.weekday() == n) for n in range(7)] + [(day - first).days / 7]


def _exp(*values: float) -> list[float]:
    found: NDArray[np.float64] = np.exp(np.array(values))
    return [float(v) for v in found]
