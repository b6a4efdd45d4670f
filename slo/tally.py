"""What was counted for an objective, in events or in slices of time."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from slo.objective import Slices

Side = float | None
"""A count of one slice; None when nothing was there to count it."""


@dataclass(frozen=True, slots=True)
class Tally:
    """`bad` of `total` were bad; `missing` more would have been counted had anybody looked.

    `idle` slices had no events: they are in no other figure.
    """

    bad: float
    total: float
    missing: float = 0.0
    idle: float = 0.0

    def without(self, other: "Tally") -> "Tally":
        """Return what is left when what happened meanwhile is taken out; never below nothing."""
        total = max(0.0, self.total - other.total)
        return replace(self, bad=min(max(0.0, self.bad - other.bad), total), total=total)


def count_slices(slices: Slices, rows: Iterable[tuple[Side, Side]]) -> Tally:
    """Return the tally of slices, each given as its (total, bad) events.

    A slice without `total` is missing, one with 0 events is idle; failures that no series tells of
    did not happen. With `good_share` a slice is good or bad, otherwise bad by its share: all slices
    weigh the same. Source: OpenSLO v1, `budgetingMethod`.
    """
    bad = total = missing = idle = 0.0
    for events, failed in rows:
        if events is None:
            missing += 1
        elif events <= 0:
            idle += 1
        else:
            total += 1
            bad += _badness(slices, min(1.0, max(0.0, (failed or 0.0) / events)))
    return Tally(bad, total, missing, idle)


def _badness(slices: Slices, share: float) -> float:
    """Return how bad a slice is, between 0 and 1, from its share of bad events."""
    if slices.good_share is None:
        return share
    return float(1 - share < slices.good_share - 1e-9)  # quotients are not exact
