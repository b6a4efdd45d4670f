"""The hours of a window, with the local day and hour of each."""

from dataclasses import dataclass
from datetime import date
from math import isfinite

import numpy as np

from kit.pure.answers import Floats
from kit.pure.moments import local_at
from reports.period.window import Window


@dataclass(frozen=True, slots=True, eq=False)
class Slots:
    """Equal stretches of `step_s` seconds; `ends` (seconds since the epoch) are asked about."""

    step_s: int
    begins: Floats
    days: tuple[date, ...]
    hours: tuple[int, ...]

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
    shown = [local_at(begin, window.zone) for begin in begins]
    return Slots(step_s, begins, tuple(x.date() for x in shown), tuple(x.hour for x in shown))
