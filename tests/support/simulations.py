"""Services that did not change, to learn how often they are blamed, and months without a trend."""

from dataclasses import dataclass

import numpy as np

from kit.pure.inference import trend
from reports.period.likeness import Hours, rise
from reports.period.regressions import SURE

FEWEST_EXCESS = 30.0


@dataclass(frozen=True, slots=True)
class Service:
    """Shares of slow requests by night and at noon, and how the days differ from each other.

    `drift` is the standard deviation of a day's logarithm, `stays` how much of it a day leaves to
    the next; `factor` is by how much the share rises with the deploy.
    """

    night: float = 0.006
    noon: float = 0.012
    drift: float = 0.0
    stays: float = 0.6
    weekend: float = 0.6
    a_day: float = 48_000.0
    factor: float = 1.0


def is_blamed(
    service: Service, rng: np.random.Generator, *, days: int = 14, deployed_h: int = 9
) -> bool:
    """Return whether a deploy `deployed_h` hours before the end of the last day but … is blamed.

    The deploy is at `deployed_h` o'clock of the last whole day that is left after it.
    """
    at = np.arange(days * 24)
    hour, day = at % 24, at // 24
    level = service.night + (service.noon - service.night) * (1 - np.cos(hour / 12 * np.pi)) / 2
    is_weekend = day % 7 >= 5
    moved = _drift(days, service, rng)[day]
    since = at >= (days - 2) * 24 + deployed_h
    share = level * np.where(is_weekend, service.weekend, 1.0) * np.exp(moved)
    share = np.minimum(np.where(since, share * service.factor, share), 1.0)
    total = rng.poisson(service.a_day / 24 * (1 + 0.7 * np.sin((hour - 6) / 12 * np.pi)))
    bad = rng.binomial(total, share)
    like = (hour + 24 * is_weekend).astype(np.int64)
    hours = Hours(bad.astype(float), total.astype(float), like, day, hour)
    found = rise(hours, ~since, since)
    if found is None or not found.is_telling or found.likely >= SURE:
        return False
    return (found.since - found.before) * float(total[since].sum()) >= FEWEST_EXCESS


def is_trend(
    stays: float, rng: np.random.Generator, *, days: int = 30, weekend: float = 1.0
) -> bool:
    """Return whether a month without a trend, whose days resemble the day before, has one."""
    warm = 60
    noise = rng.normal(size=days + warm)
    values = np.zeros(days + warm)
    for number in range(1, days + warm):
        values[number] = stays * values[number - 1] + noise[number]
    at = np.arange(days, dtype=float)
    found = trend(values[warm:] - weekend * (at % 7 >= 5), at)
    return found.low > 0 or found.high < 0


def _drift(days: int, service: Service, rng: np.random.Generator) -> np.ndarray:
    new = rng.normal(0, service.drift * np.sqrt(1 - service.stays**2), days)
    found = np.zeros(days)
    for day in range(1, days):
        found[day] = service.stays * found[day - 1] + new[day]
    return found
