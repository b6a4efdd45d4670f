"""Every series that an alert looks at, as it is when all is well."""

import time
from collections.abc import Mapping
from typing import Final

from alerts.names import DAY_OFF, DAYS_OFF_END
from tests.support.calendar_alerts import SERVICE
from tests.support.exporter import Exporter

A, B, PROBER, NODE, SPARE = "a", "b", "prober", "node", "spare"
ACCURACY = 'parsing_accuracy_ratio{suite="golden",slice="%s"}'
PROBE = 'probe_success{journey="create"}'


def requests(x: Exporter, good: float, bad: float, route: str = "/events") -> None:
    """Let so many requests a second to a route be answered, and so many fail."""
    for status, per_s in (("200", good), ("500", bad)):
        labels = f'method="GET",route="{route}",status="{status}"'
        x.rate(A, f"http_requests_total{{{labels}}}", per_s)


def speeds(
    x: Exporter, total: float, over_1s: float, over_2s: float, route: str = "/events"
) -> None:
    """Let so many of a route's requests a second take longer than one and two seconds."""
    edges = (("1.0", total - over_1s), ("2.0", total - over_2s), ("+Inf", total))
    for edge, per_s in edges:
        labels = f'method="GET",route="{route}",le="{edge}"'
        x.rate(A, f"http_request_duration_seconds_bucket{{{labels}}}", per_s)


def healthy(x: Exporter, per_s: float = 0.5) -> None:
    """Give every series that an alert looks at a value that is well, and every target back.

    Much less traffic than while it is bad, or much more, so that long windows see only the latter.
    """
    x.broken.clear()
    x.unknown.clear()
    x.targets = {"calendar-api": [A, B], "prober": [PROBER], "node": [NODE], "spare": [SPARE]}
    requests(x, per_s, 0)
    requests(x, per_s / 40, 0, "/calendar.ics")
    requests(x, per_s / 40, 0, "/slots")
    speeds(x, per_s, 0, 0)
    speeds(x, per_s / 40, 0, 0, "/calendar.ics")
    for series, value in _LEVELS.items():
        x.level(A, series, value)
    for series, usual in _RATES.items():
        x.rate(A, series, usual)
    x.level(PROBER, PROBE, 1)
    x.level(PROBER, OFF, 0)
    x.level(PROBER, OFF_END, time.time() + 365 * DAY_S)
    for part, value in (("all", 0.92), ("recurrence", 0.9)):
        x.level(PROBER, ACCURACY % part, value)
    x.rate(NODE, 'node_cpu_seconds_total{cpu="0",mode="idle"}', 0.7)
    x.level(NODE, "node_memory_MemTotal_bytes", 1e9)
    x.level(NODE, "node_memory_MemAvailable_bytes", 5e8)
    disk = '{device="sda",fstype="ext4",mountpoint="/"}'
    x.level(NODE, f"node_filesystem_size_bytes{disk}", 1e9)
    x.level(NODE, f"node_filesystem_avail_bytes{disk}", 5e8)
    for series in OLD:
        x.level(SPARE, series, None)


_LEVELS: Final[Mapping[str, float]] = {
    'dependency_up{dependency="mongodb"}': 1,
    'dependency_up{dependency="redis"}': 1,
    "process_start_time_seconds": 1000,
    "process_resident_memory_bytes": 5e8,
    "process_memory_limit_bytes": 1e9,
    "process_open_fds": 10,
    "process_max_fds": 1000,
    "review_queue_size": 3,
    "mongodb_replication_lag_seconds": 0.1,
    'mongodb_pool_connections{state="waiting"}': 0,
    'service_mode{mode="normal"}': 1,
    'service_mode{mode="read_only"}': 0,
}
COMMANDS: Final = 'mongodb_command_duration_seconds_bucket{command="find",le="%s"}'
_RATES: Final[Mapping[str, float]] = {
    'auth_failures_total{reason="wrong"}': 0,
    'events_given_total{key_group="07",way="list"}': 0,
    'component_failures_total{component="llm",reason="timeout"}': 0,
    COMMANDS % "0.1": 30,
    COMMANDS % "1.0": 30,
    COMMANDS % "5.0": 30,
    COMMANDS % "+Inf": 30,
    'cache_hits_total{tier="memory"}': 900,
    'cache_misses_total{tier="memory"}': 100,
    'parsing_requests_total{outcome="understood",source="rules"}': 50,
    'parsing_requests_total{outcome="error",source="rules"}': 0,
}
DAY_S: Final = 86_400
OFF: Final = f'{DAY_OFF}{{service="{SERVICE}"}}'
OFF_END: Final = f'{DAYS_OFF_END}{{service="{SERVICE}"}}'


def _opened(alert: str, severity: str, ago_s: float) -> dict[str, float]:
    """Return the two series of an alert that has been open for so long, with a topic of its own."""
    labels = f'alertname="{alert}",severity="{severity}",topic="Old{alert}",service="{SERVICE}"'
    return {
        f'ALERTS{{{labels},alertstate="firing"}}': 1.0,
        f"ALERTS_FOR_STATE{{{labels}}}": time.time() - ago_s,
    }


# A P2 of half a day is with the last level; a ticket of two days was open on a day before this.
OLD: Final[Mapping[str, float]] = {
    **_opened("AuthFailuresHigh", "warning", DAY_S / 2),
    **_opened("DiskNearlyFull", "warning", 2 * DAY_S),
}
