"""Every metric that the product exposes, with its kind, labels and scrape job."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from kit.pure.fields import closest


class Kind(StrEnum):
    """What may be done with a series: `rate` wants a counter, comparison wants a gauge."""

    COUNTER = "counter"
    GAUGE = "gauge"
    HISTOGRAM = "histogram"


@dataclass(frozen=True, slots=True)
class Metric:
    """A metric family; histograms are exposed as `name_bucket`, `name_count` and `name_sum`.

    `jobs` are the scrape jobs that show it; empty where any may. `values` are the closed values of
    a label; a label without them is open.
    """

    name: str
    kind: Kind
    labels: frozenset[str]
    jobs: frozenset[str]
    unit: str = ""
    help: str = ""
    values: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def series_names(self) -> tuple[str, ...]:
        """Return the names under which Prometheus stores the family."""
        if self.kind is Kind.HISTOGRAM:
            return tuple(f"{self.name}_{part}" for part in ("bucket", "count", "sum"))
        return (self.name,)


SERVICE: Final = "calendar-assistant"
"""Whose metrics these are, as objectives name it."""

OWN_ALERTS: Final = f'service=~"|{SERVICE}"'
"""Matches the service's alerts in what was recorded: before they named it, they named none."""

API: Final = "calendar-api"
PROBER: Final = "prober"
NODE: Final = "node"


def _metric(name: str, kind: Kind, labels: str = "", jobs: str = API) -> Metric:
    return Metric(name, kind, frozenset(labels.split()), frozenset(jobs.split()))


_C, _G, _H = Kind.COUNTER, Kind.GAUGE, Kind.HISTOGRAM

METRICS: Final = (
    _metric("http_requests_total", _C, "method route status"),
    _metric("http_request_duration_seconds", _H, "method route"),
    _metric("http_requests_in_progress", _G),
    _metric("component_latency_seconds", _H, "component"),
    _metric("component_failures_total", _C, "component reason"),
    _metric("calendar_operations_total", _C, "operation outcome"),
    _metric("active_users", _G),
    _metric("feature_usage_total", _C, "feature"),
    _metric("feedback_total", _C, "rating"),
    _metric("auth_failures_total", _C, "reason"),
    _metric("parsing_requests_total", _C, "outcome source"),
    _metric("parsing_confidence", _H),
    _metric("parsing_accuracy_ratio", _G, "suite slice", f"{API} {PROBER}"),
    _metric("review_queue_size", _G),
    _metric("cache_hits_total", _C, "tier"),
    _metric("cache_misses_total", _C, "tier"),
    _metric("cache_entries", _G, "tier"),
    _metric("dependency_up", _G, "dependency"),
    _metric("mongodb_pool_connections", _G, "state"),
    _metric("mongodb_command_duration_seconds", _H, "command"),
    _metric("mongodb_replication_lag_seconds", _G),
    _metric("probe_success", _G, "journey", PROBER),
    _metric("probe_duration_seconds", _G, "journey", PROBER),
    _metric("service_build_info", _G, "version revision"),
    _metric("service_mode", _G, "mode"),
    _metric("process_memory_limit_bytes", _G),
    _metric("process_resident_memory_bytes", _G, "", f"{API} {PROBER} {NODE}"),
    _metric("process_start_time_seconds", _G, "", f"{API} {PROBER} {NODE}"),
    _metric("process_cpu_seconds_total", _C, "", f"{API} {PROBER} {NODE}"),
    _metric("process_open_fds", _G, "", f"{API} {PROBER} {NODE}"),
    _metric("process_max_fds", _G, "", f"{API} {PROBER} {NODE}"),
    _metric("node_cpu_seconds_total", _C, "cpu mode", NODE),
    _metric("node_memory_MemAvailable_bytes", _G, "", NODE),
    _metric("node_memory_MemTotal_bytes", _G, "", NODE),
    _metric("node_filesystem_avail_bytes", _G, "device fstype mountpoint", NODE),
    _metric("node_filesystem_size_bytes", _G, "device fstype mountpoint", NODE),
    _metric("node_filesystem_readonly", _G, "device fstype mountpoint", NODE),
    _metric("node_network_receive_bytes_total", _C, "device", NODE),
    _metric("node_network_transmit_bytes_total", _C, "device", NODE),
    _metric("up", _G, "", f"{API} {PROBER} {NODE}"),
)

TARGET_LABELS: Final = frozenset({"job", "instance"})
"""Labels that Prometheus itself puts on every scraped series."""


def series_of(metrics: tuple[Metric, ...] = METRICS) -> dict[str, Metric]:
    """Return each series name with the metric that it belongs to."""
    return {name: metric for metric in metrics for name in metric.series_names()}


def catalogue_advice(series: str, known: Iterable[str]) -> str:
    """Return what to do about a series that is not known: the nearest, or where to declare it."""
    found = closest(series, known)
    declare = "a new metric of the calendar is declared in slo/catalogue.py"
    return f"{found} {declare}" if found.startswith("did") else declare
