"""Every number that an alert turns on and that tuning may move."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Thresholds:
    """Shares are between 0 and 1, `_s` are seconds, `_per_s` events per second."""

    # The runbook's own.
    error_ratio_high: float = 0.05
    error_ratio_very_high: float = 0.10
    slow_quantile: float = 0.95  # "response time" is the 95th percentile, as in the objective
    memory_ratio: float = 0.90
    cpu_ratio: float = 0.80
    disk_ratio: float = 0.80
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
    # would usually bring two dozen requests.
    vanished_ratio: float = 0.03
    vanished_usual_per_s: float = 0.2
    restarts: int = 2
    restarts_slow: int = 5
    slice_drop: float = 0.15
    replication_lag_s: float = 60
    auth_failures_per_s: float = 1
    auth_failure_share: float = 0.20
    auth_fewest: int = 30
    review_queue: int = 200
    descriptor_ratio: float = 0.90
    component_failure_share: float = 0.20
    component_fewest: int = 15
    database_slow_s: float = 1
    database_fewest: int = 100
    pool_waiting: int = 10
    cache_fewest: int = 100
    parsing_failure_share: float = 0.10
    parsing_fewest: int = 20
    budget_left: float = 0.10
