"""What spends a budget: bad events by a label, and how the budget went down."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np

from kit.pure.answers import Floats, Series
from slo.objective import Objective, Ratio
from slo.promql import bad_of, by_label, total_of


@dataclass(frozen=True, slots=True)
class Spender:
    """One value of a label: its bad events and all of them, and its share of what is spent."""

    name: str
    bad: float
    total: float
    share: float


def by(objective: Objective, label: str, window: timedelta) -> tuple[str, str] | None:
    """Return (bad, total) per second by a label; None where the queries cannot be split so."""
    indicator = objective.indicator
    if not isinstance(indicator, Ratio):
        return None
    try:
        parts = Ratio(
            by_label(indicator.total, label),
            None if indicator.good is None else by_label(indicator.good, label),
            None if indicator.bad is None else by_label(indicator.bad, label),
        )
        return bad_of(parts, window, none_is_zero=True), total_of(parts, window)
    except ValueError:
        return None


def spenders(
    bad: Sequence[Series],
    total: Sequence[Series],
    label: str,
    seconds: float,
    renamed: Mapping[str, str] | None = None,
) -> tuple[Spender, ...]:
    """Return who spends, the largest first; `renamed` puts values together under other names."""
    sides: list[dict[str, float]] = []
    for found in (bad, total):
        side: dict[str, float] = {}
        for series in found:
            value = series.label(label)
            name = value if renamed is None else renamed.get(value, "unknown")
            side[name] = side.get(name, 0.0) + max(0.0, series.last or 0.0) * seconds
        sides.append(side)
    spent = sum(sides[0].values())
    rows = [
        Spender(name, sides[0].get(name, 0.0), all_of_it, sides[0].get(name, 0.0) / (spent or 1.0))
        for name, all_of_it in sides[1].items()
    ]
    return tuple(sorted(rows, key=lambda each: (-each.bad, each.name)))


def left_over_time(
    bad: Series | None, total: Series | None, objective: Objective, step_s: float
) -> tuple[Floats, Floats]:
    """Return (times, share of the budget left) after each slot of a window.

    The budget is that of all events of the window, so that the last value is what is left now.
    """
    if total is None or not len(total.times):
        return np.zeros(0), np.zeros(0)
    counted = np.nan_to_num(total.values) * step_s
    lost = np.zeros(len(counted))
    if bad is not None:
        places = np.searchsorted(total.times, bad.times)
        good = (places < len(counted)) & np.isin(bad.times, total.times)
        lost[places[good]] = np.nan_to_num(bad.values[good]) * step_s
    allowed = counted.sum() * objective.budget
    if allowed <= 0:
        return np.zeros(0), np.zeros(0)
    return total.times, 1.0 - np.cumsum(lost) / allowed
