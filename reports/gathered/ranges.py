"""Prometheus's functions over a stretch of time, on many series at once.

Each takes a table with a row for each series and a column for each of `times` (NaN where a series
has no sample), and the stretch's length and end; it returns a value for each row, NaN for none.
"""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np

from kit.pure.answers import Floats

Ranged = Callable[[Floats, Floats, float, float], Floats]
_NEAR: Final = 1.1
_FEWEST: Final = 2


def increase(table: Floats, times: Floats, length_s: float, end_s: float) -> Floats:
    """Return by how much counters grew, resets allowed for, up to both ends of the stretch.

    Source: Prometheus 3, promql/functions.go, extrapolatedRate.
    """
    known = ~np.isnan(table)
    out = np.full(len(table), np.nan)
    enough = known.sum(axis=1) >= _FEWEST
    if not enough.any():
        return out
    table, known = table[enough], known[enough]
    count = known.sum(axis=1)
    first, last = known.argmax(axis=1), table.shape[1] - 1 - known[:, ::-1].argmax(axis=1)
    every = np.arange(len(table))
    begun, ended = table[every, first], table[every, last]
    grown = ended - begun + _before_resets(table, known)
    sampled = times[last] - times[first]
    usual = sampled / (count - 1)
    to_start = times[first] - (end_s - length_s)
    to_start = np.where(to_start >= usual * _NEAR, usual / 2, to_start)
    # A counter was never below zero: it is not extrapolated to before that.
    with np.errstate(divide="ignore", invalid="ignore"):
        to_zero = np.where((grown > 0) & (begun >= 0), sampled * begun / grown, np.inf)
    to_end = end_s - times[last]
    to_end = np.where(to_end >= usual * _NEAR, usual / 2, to_end)
    out[enough] = grown * (sampled + np.minimum(to_start, to_zero) + to_end) / sampled
    return out


def _before_resets(table: Floats, known: np.ndarray) -> Floats:
    """Return the sum of what each counter had reached whenever it fell."""
    places = np.where(known, np.arange(table.shape[1]), 0)
    filled = np.take_along_axis(table, np.maximum.accumulate(places, axis=1), axis=1)
    before, after = filled[:, :-1], filled[:, 1:]
    lost: Floats = np.where(after < before, before, 0.0).sum(axis=1)
    return lost


def rate(table: Floats, times: Floats, length_s: float, end_s: float) -> Floats:
    """Return the increase a second."""
    return increase(table, times, length_s, end_s) / length_s


def _plain(reduced: Callable[[Floats], Floats]) -> Ranged:
    def over_time(table: Floats, _times: Floats, _length_s: float, _end_s: float) -> Floats:
        out = np.full(len(table), np.nan)
        some = (~np.isnan(table)).any(axis=1)
        out[some] = reduced(table[some])
        return out

    return over_time


def newest(table: Floats) -> Floats:
    """Return the last number of each row."""
    last = table.shape[1] - 1 - (~np.isnan(table))[:, ::-1].argmax(axis=1)
    newest: Floats = table[np.arange(len(table)), last]
    return newest


RANGED: Final[Mapping[str, Ranged]] = MappingProxyType(
    {
        "increase": increase,
        "rate": rate,
        "avg_over_time": _plain(lambda table: np.nanmean(table, axis=1)),
        "max_over_time": _plain(lambda table: np.nanmax(table, axis=1)),
        "min_over_time": _plain(lambda table: np.nanmin(table, axis=1)),
        "sum_over_time": _plain(lambda table: np.nansum(table, axis=1)),
        "last_over_time": _plain(newest),
        "count_over_time": _plain(lambda table: (~np.isnan(table)).sum(axis=1).astype(float)),
    }
)
