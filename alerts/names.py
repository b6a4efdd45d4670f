"""The name of every recorded series and of every alert that other rules refer to."""

from datetime import timedelta
from typing import Final

from kit.pure.durations import to_prometheus

BASE: Final = timedelta(minutes=2)
"""The shortest window: two samples even when scraping once a minute. Longer ones are made of it."""

TOTAL: Final = "slo:events_total:rate2m"  # {slo}: events per second
BAD: Final = "slo:events_bad:rate2m"  # {slo}: bad events per second
ROUTE_TOTAL: Final = "route:events_total:rate2m"  # {slo, route}
ROUTE_BAD: Final = "route:events_bad:rate2m"  # {slo, route}
PART_TOTAL: Final = "part:events_total:rate2m"  # {slo, and the label that splits it}
PART_BAD: Final = "part:events_bad:rate2m"  # {slo, and the label that splits it}
USUAL: Final = "job:http_requests_usual:rate15m"
TIER_HITS: Final = "tier:cache_hits:rate10m"
TIER_MISSES: Final = "tier:cache_misses:rate10m"
SPENT: Final = "slo:budget_spent:30d"  # {slo}: 1.0 is the whole budget, as `slo budget` has it
WATCHED: Final = "slo:budget_watched:30d"  # {slo}: the share of the period so far that was measured
PERIOD: Final = "slo:period:number"  # {slo}: how many calendar windows came before this one

SERVICE_DOWN: Final = "ServiceDown"
TARGETS_MISSING: Final = "TargetsMissing"
SERIES_GONE: Final = "SeriesGone"
OWN_CAUSE: Final = "%cause%"
"""Stands for the alerts of a project's own whose symptoms those of families are."""
DEPENDENCY_DOWN: Final = "DependencyDown"
RESOURCE_LOW: Final = "ResourceNearlyUsedUp"
MANY_FAIL: Final = "ManyRequestsFail"
ERRORS_VERY_HIGH: Final = "ErrorRateVeryHigh"
ERRORS_HIGH: Final = "ErrorRateHigh"
SPARSE_FAIL: Final = "SparseRequestsFail"
ROUTE_FAILING: Final = "RouteFailing"
ROUTE_ERRORS: Final = "RouteErrors"
MANY_SLOW: Final = "ManyRequestsSlow"
SLOW_2S: Final = "ResponseTimeVeryHigh"
SLOW_1S: Final = "ResponseTimeHigh"
PROBE_FAILING: Final = "ProbeFailing"
WATCHER_DOWN: Final = "WatcherDown"
PROBES_MISSING: Final = "ProbesMissing"
TRAFFIC_VANISHED: Final = "TrafficVanished"
TRAFFIC_UNUSUAL: Final = "TrafficUnusual"
SERIES_MISSING: Final = "SeriesMissing"
DAYS_OFF_ENDING: Final = "DaysOffEnding"
DAY_OFF: Final = "probe_day_off"  # {service}, by the prober: 1 on a day off
DAYS_OFF_END: Final = "probe_days_off_end_timestamp_seconds"  # {service}
CONTRADICTORY: Final = "ObjectiveContradictory"
ACCURACY_VERY_LOW: Final = "AccuracyVeryLow"
ACCURACY_LOW: Final = "AccuracyBelowObjective"

NOT_THERE: Final = (SERVICE_DOWN, TARGETS_MISSING, SERIES_GONE)
CAUSES: Final = (*NOT_THERE, OWN_CAUSE)
ERROR_PAGES: Final = (MANY_FAIL, ERRORS_VERY_HIGH, ERRORS_HIGH, SPARSE_FAIL, ROUTE_FAILING)


def total_in(window: timedelta) -> str:
    """Return the series {slo, service} of how many events there were within a window."""
    return f"slo:events_total:increase{to_prometheus(window)}"


def bad_in(window: timedelta) -> str:
    """Return the series {slo, service} of how many bad events there were within a window."""
    return f"slo:events_bad:increase{to_prometheus(window)}"


def ratio(window: timedelta) -> str:
    """Return the series {slo} with the share of bad events over a window."""
    return f"slo:bad_ratio:{to_prometheus(window)}"


def over_early(edge_s: float) -> str:
    """Return the series of the requests that took longer than a project's earlier edge."""
    edge = f"{edge_s:.0f}s" if edge_s == round(edge_s) else f"{edge_s * 1000:.0f}ms"
    return f"job:http_requests_over_{edge}:rate2m"


def policy_alert(objective: str, policy: str) -> str:
    """Return the name of the alert that a policy asks for: `MailDeliveryBurnMailPolicy`."""
    return f"{_title(objective)}Burn{_title(policy)}"


def unmeasured_alert(objective: str) -> str:
    """Return the name of the alert for when nothing is known of an objective."""
    return f"{_title(objective)}Unmeasured"


def gone_alert(objective: str) -> str:
    """Return the name of the page for when the series that an objective counts are gone."""
    return f"{_title(objective)}Gone"


def part_alert(objective: str) -> str:
    """Return the name of the alert on one value of the label by which an objective is split."""
    return f"{_title(objective)}PartBudgetBurn"


def burn_alert(objective: str, *, fast: bool) -> str:
    """Return the name of an objective's burn alert: `latency` to `LatencyBudgetBurnFast`."""
    return f"{_title(objective)}BudgetBurn{'Fast' if fast else 'Slow'}"


def _title(objective: str) -> str:
    return "".join(part.capitalize() for part in objective.split("-"))
