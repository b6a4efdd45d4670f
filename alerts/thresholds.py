"""Every number that an alert of a family turns on and that tuning may move."""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from typing import Final


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Shares are between 0 and 1, `_s` are seconds, `_per_s` events per second."""

    # The runbook's own.
    error_ratio_high: float = 0.05
    error_ratio_very_high: float = 0.10
    slow_quantile: float = 0.95  # "response time" is the 95th percentile, as in the objective
    resource_ratio: float = 0.90  # of what a project says can be used up
    cache_hit_ratio: float = 0.70
    accuracy_low: float = 0.70
    # Many requests fail: what 45 s of a complete outage leave in two minutes. Half a minute, or
    # a minute in which two in three fail, wakes nobody.
    outage_ratio: float = 0.375
    # Fewer failures than these may be one person's bad luck at night.
    fewest_failures: int = 5
    fewest_slow: int = 5
    # Where two minutes bring fewer requests than this, chance says more than the fault does, and
    # shares are those of fifteen minutes: enough to page, and enough to stay.
    few_requests: int = 20
    sparse_ratio: float = 0.25
    sparse_still_ratio: float = 0.20
    # One route: it fails, it has trouble, it is slow.
    route_outage_ratio: float = 0.50
    route_error_ratio: float = 0.05
    route_slow_ratio: float = 0.25
    route_fewest: int = 10
    # Many are slow: half of them within two minutes, or a quarter for three.
    slow_outage_ratio: float = 0.50
    slow_many_ratio: float = 0.25
    # Traffic that vanishes: a holiday leaves some hundredths of what is usual; where two minutes
    # would usually bring two dozen requests, and three in four minutes brought some. From this
    # rate on two minutes without one are not what a holiday leaves: that would be seven.
    vanished_ratio: float = 0.03
    vanished_usual_per_s: float = 0.2
    vanished_minutes: int = 45
    vanished_busy_per_s: float = 2
    restarts: int = 2
    restarts_slow: int = 5
    slice_drop: float = 0.15
    cache_fewest: int = 100
    budget_left: float = 0.10

    @classmethod
    def of(cls, numbers: Mapping[str, float]) -> "Thresholds":
        """Return those that `numbers` has among others."""
        return cls(**{name: numbers[name] for name in FAMILIES})  # type: ignore[arg-type]  # as whole as they were


FAMILIES: Final = frozenset(one.name for one in fields(Thresholds))
"""The names of all of them."""
