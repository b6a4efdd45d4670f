"""What Prometheus answers, as plain values."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Series:
    """One series: `times` are seconds since the epoch in rising order, `values` beside them."""

    labels: Mapping[str, str]
    times: Floats
    values: Floats

    def label(self, name: str) -> str:
        """Return a label's value; "" when the series lacks it, as Prometheus has it."""
        return self.labels.get(name, "")

    @property
    def last(self) -> float | None:
        """Return the newest value, None when there is none or it is not a number."""
        if not len(self.values) or not np.isfinite(self.values[-1]):
            return None
        return float(self.values[-1])


@dataclass(frozen=True, slots=True, eq=False)
class Answer:
    """The series of one query; `problem` says why they are missing or not to be trusted."""

    series: tuple[Series, ...] = ()
    problem: str | None = None

    @property
    def value(self) -> float | None:
        """Return the newest value of the only series; None for nothing or for many."""
        return self.series[0].last if len(self.series) == 1 else None

    @property
    def count(self) -> float | None:
        """Return the value, 0.0 for a whole answer without any series, None for a failed one.

        Prometheus has no zero for what never was: no series of failures is no failure.
        """
        return 0.0 if not self.series and self.problem is None else self.value

    @property
    def trouble(self) -> str | None:
        """Return why the one number asked for is not known; None for a number or no sample."""
        if self.problem is None and self.series and self.value is None:
            return f"{len(self.series)} series where one number was asked for, or it is none"
        return self.problem


NOTHING: Final = Answer(problem="it was not asked")


def digest(answers: Mapping[str, Answer]) -> str:
    """Return 16 hexadecimal digits that change when any answer does."""
    state = hashlib.sha256()
    for name in sorted(answers):
        answer = answers[name]
        state.update(f"{name}\0{answer.problem or ''}\0".encode())
        for one in sorted(answer.series, key=_order):
            state.update(repr(_order(one)).encode())
            state.update(one.times.tobytes())
            state.update(one.values.tobytes())
    return state.hexdigest()[:16]


def on_grid(series: Series, grid: Floats) -> Floats:
    """Return the values at the instants of `grid`, NaN where the series has none.

    `grid` is in rising order; instants are equal within half a second.
    """
    out = np.full(len(grid), np.nan)
    if not len(series.times):
        return out
    places = np.clip(np.searchsorted(series.times, grid - 0.5), 0, len(series.times) - 1)
    found = np.abs(series.times[places] - grid) < 0.5  # noqa: PLR2004 -- half a second, as said
    out[found] = series.values[places[found]]
    return out


def summed(rows: Sequence[Floats], length: int) -> Floats:
    """Return the sum of rows, each NaN as nothing; NaN where no row has a number."""
    if not rows:
        return np.full(length, np.nan)
    table = np.vstack(rows)
    total: Floats = np.nansum(table, axis=0)
    total[np.isnan(table).all(axis=0)] = np.nan
    return total


def _order(series: Series) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(series.labels.items()))
