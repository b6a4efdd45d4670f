"""The hours of a window, with the local day and hour of each."""

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import isfinite
from zoneinfo import ZoneInfo

import numpy as np

from kit.pure.answers import Floats
from kit.pure.moments import local_at
from reports.period.window import Window


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """Equal stretches of `step_s` seconds; `ends` (seconds since the epoch) are asked about."""

    step_s: int
    begins: Floats
    zone: ZoneInfo

    @property
    def days(self) -> tuple[date, ...]:
        """Return the local day of each slot."""
        return _clock(float(self.begins[0]), self.step_s, len(self), self.zone)[0]

    @property
    def hours(self) -> tuple[int, ...]:
        """Return the local hour of each slot."""
        return _clock(float(self.begins[0]), self.step_s, len(self), self.zone)[1]

    @property
    def ends(self) -> Floats:
        """Return the instants at which a slot's increase is known."""
        ends: Floats = self.begins + self.step_s
        return ends

    def __len__(self) -> int:
        return len(self.begins)

    def by_day(self, values: Floats) -> dict[date, list[float]]:
        """Return the known values of each local day that has any, oldest first."""
        grouped: dict[date, list[float]] = {}
        for day, value in zip(self.days, values.tolist(), strict=True):
            if isfinite(value):
                grouped.setdefault(day, []).append(value)
        return grouped


def known(values: Floats) -> Floats:
    """Return the values that are numbers."""
    return values[np.isfinite(values)]


def mean_of(values: Floats) -> float | None:
    """Return the mean of the known values, None without any."""
    return float(found.mean()) if len(found := known(values)) else None


def highest_of(values: Floats) -> float | None:
    """Return the highest of the known values, None without any."""
    return max(known(values).tolist(), default=None)


def slots_of(window: Window, step_s: int, first_s: int | None = None) -> Slots:
    """Return the slots of a window, from its first instant (or another one) on."""
    start_s = window.start_s if first_s is None else first_s
    begins = np.arange(start_s, window.end_s, step_s, dtype=np.float64)
    return Slots(step_s, begins, window.zone)


@lru_cache(maxsize=16)
def _clock(
    first_s: float, step_s: int, count: int, zone: ZoneInfo
) -> tuple[tuple[date, ...], tuple[int, ...]]:
    """Return local days and hours of equal slots; figures of one report ask for the same."""
    shown = [local_at(first_s + step_s * number, zone) for number in range(count)]
    return tuple(one.date() for one in shown), tuple(one.hour for one in shown)
