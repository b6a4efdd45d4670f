"""The numbers that checks go by: those of the calendar's alerts, so that both say the same."""

from dataclasses import dataclass, fields
from functools import cache

from alerts.edge.shipped import limits_of
from slo.edge.project_file import shipped


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Shares are between 0 and 1, `_s` are seconds."""

    slow_quantile: float
    accuracy_low: float
    cache_hit_ratio: float
    cache_fewest: int
    route_fewest: int
    route_error_ratio: float
    memory_ratio: float
    cpu_ratio: float
    disk_ratio: float
    descriptor_ratio: float
    replication_lag_s: float
    database_slow_s: float
    database_fewest: int
    pool_waiting: int
    parsing_fewest: int


@cache
def own_limits() -> Limits:
    """Return the limits that the calendar's project states."""
    numbers = limits_of(shipped())
    return Limits(**{one.name: numbers[one.name] for one in fields(Limits)})  # type: ignore[arg-type]  # as whole as they are stated
