"""Faults by which every alert of the catalogue fires on a real Prometheus."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from tests.support.alert_health import (
    ACCURACY,
    COMMANDS,
    DAY_S,
    NODE,
    OFF,
    OFF_END,
    OLD,
    PROBE,
    PROBER,
    SPARE,
    A,
    B,
    requests,
    speeds,
)
from tests.support.exporter import Exporter

Fault = Callable[[Exporter], None]


@dataclass(frozen=True, slots=True)
class Stage:
    """A fault after `after` scrapes of health, and exactly the alerts that must come of it."""

    fault: Fault
    alerts: frozenset[str]
    after: int = 0


def _parts(x: Exporter) -> None:
    x.broken |= {B, SPARE_NODE}
    x.level(A, 'dependency_up{dependency="redis"}', 0)
    x.level(A, "process_start_time_seconds", lambda now: float(now // 2))
    x.level(A, "process_resident_memory_bytes", 9.5e8)
    x.level(A, "process_open_fds", 950)
    x.level(A, "review_queue_size", 300)
    x.level(A, "mongodb_replication_lag_seconds", 90)
    x.level(A, 'mongodb_pool_connections{state="waiting"}', 12)
    x.level(A, 'service_mode{mode="read_only"}', 1)
    x.rate(A, 'auth_failures_total{reason="wrong"}', 5)
    x.rate(A, COMMANDS % "0.1", 5)
    x.rate(A, COMMANDS % "1.0", 10)
    x.rate(A, 'parsing_requests_total{outcome="error",source="rules"}', 50)
    x.level(PROBER, PROBE, 0)
    x.level(PROBER, ACCURACY % "all", 0.5)
    x.rate(NODE, 'node_cpu_seconds_total{cpu="0",mode="idle"}', 0.1)
    x.level(NODE, 'node_filesystem_avail_bytes{device="sda",fstype="ext4",mountpoint="/"}', 1e8)
    x.level(PROBER, OFF_END, time.time() + 10 * DAY_S)
    for series, value in OLD.items():
        x.level(SPARE, series, value)


SPARE_NODE: Final = NODE + "-2"


def _two_nodes(x: Exporter) -> None:
    x.targets["node"] = [NODE, SPARE_NODE]
    _parts(x)


def _small(x: Exporter) -> None:
    requests(x, 60, 0)
    requests(x, 0, 0.1, "/calendar.ics")
    requests(x, 0.18, 0.02, "/slots")
    speeds(x, 60, 12, 0)
    x.rate(A, 'cache_hits_total{tier="memory"}', 10)
    x.rate(A, 'cache_misses_total{tier="memory"}', 990)
    x.level(PROBER, PROBE, None)
    x.level(PROBER, ACCURACY % "recurrence", 0.6)


def _fail(share: float, slow: float = 0.0) -> Fault:
    def fault(x: Exporter) -> None:
        requests(x, 40 * (1 - share), 40 * share)
        speeds(x, 40, 40 * slow, 40 * slow)
        for route in ("/calendar.ics", "/slots"):
            requests(x, 0, 0, route)
        speeds(x, 0, 0, 0, "/calendar.ics")

    return fault


def _night(x: Exporter) -> None:
    _fail(0)(x)
    requests(x, 0, 0.002)


def _slow_night(x: Exporter) -> None:
    _fail(0)(x)
    speeds(x, 0.05, 0.005, 0.005)
    x.level(PROBER, ACCURACY % "all", 1.5)


def _burning(x: Exporter) -> None:
    _fail(0.0492, slow=0.2)(x)
    x.level(PROBER, ACCURACY % "all", 0.75)


def _smouldering(x: Exporter) -> None:
    _fail(0.005)(x)
    x.rate(A, 'component_failures_total{component="llm",reason="timeout"}', 20)
    x.level(PROBER, ACCURACY % "all", 0.83)
    speeds(x, 1, 1, 1, "/calendar.ics")


def _empty(x: Exporter) -> None:
    _fail(0)(x)
    requests(x, 0, 0)
    for part in ("all", "recurrence"):
        x.level(PROBER, ACCURACY % part, None)


def _hushed(x: Exporter) -> None:
    _fail(0)(x)
    requests(x, 0.01, 0)
    x.level(PROBER, OFF, 1)


def _copied(x: Exporter) -> None:
    x.rate(A, 'events_given_total{key_group="07",way="list"}', 400)


def _without_series(x: Exporter) -> None:
    for key in [key for key in x.counters if key[1].startswith("http_")]:
        del x.counters[key]


def _stage(fault: Fault, *alerts: str, after: int = 0) -> Stage:
    return Stage(fault, frozenset(alerts), after)


WORLDS: Final[Mapping[str, tuple[Stage, ...]]] = {
    "causes": (
        _stage(lambda x: x.level(A, 'dependency_up{dependency="mongodb"}', 0),
               "DatabaseConnectionLost", after=5),
        _stage(lambda x: x.broken.update((A, B)), "ServiceDown"),
        _stage(lambda x: x.unknown.update((A, B)), "TargetsMissing"),
        _stage(_without_series, "SeriesGone"),
    ),
    "parts": (
        _stage(_two_nodes, "DependencyDown", "CrashLooping", "MemoryHigh", "FileDescriptorsHigh",
               "ReviewQueueLong", "ReplicationLagHigh", "DatabasePoolExhausted", "ModeNotNormal",
               "AuthFailuresHigh", "DatabaseSlow", "ParsingFails",
               "ProbeFailing", "AccuracyVeryLow", "CpuHigh", "DiskNearlyFull", "InstanceDown",
               "WatcherDown", "EscalatedToL2", "EscalatedToL3", "EscalatedToL4",
               "EscalatedToL5", "EscalatedTicket", "DaysOffEnding", after=45),
    ),
    "small": (
        _stage(_small, "RouteFailing", "RouteErrors", "ResponseTimeHigh", "CacheHitRateLow",
               "ProbesMissing", "AccuracySliceDropped", after=75),
    ),
    "outage": (_stage(_fail(1), "ManyRequestsFail", "BudgetNearlyExhausted"),),
    "a fifth": (_stage(_fail(0.2, slow=0.6), "ErrorRateVeryHigh", "ManyRequestsSlow"),),
    "some": (_stage(_fail(0.07, slow=0.07), "ErrorRateHigh", "ResponseTimeVeryHigh"),),
    "night": (_stage(_night, "SparseRequestsFail"),),
    "slow night": (_stage(_slow_night, "LatencyBudgetBurnSlow", "ObjectiveContradictory"),),
    "burning": (
        _stage(_burning, "AvailabilityBudgetBurnFast", "ErrorsBudgetBurnFast",
               "LatencyBudgetBurnFast", "AccuracyBudgetBurnFast", "AccuracyBelowObjective",
               "ResponseTimeVeryHigh"),
    ),
    "three in a hundred": (
        _stage(_fail(0.03), "AvailabilityBudgetBurnFast", "ErrorsBudgetBurnSlow"),
    ),
    "smouldering": (
        _stage(_smouldering, "AvailabilityBudgetBurnSlow", "AccuracyBelowObjective",
               "AccuracyBudgetBurnSlow", "RouteSlow", "ComponentFailing"),
    ),
    "silence": (_stage(_empty, "TrafficVanished", "AccuracyUnknown", after=65),),
    "a day off": (_stage(_hushed, "TrafficUnusual", after=65),),
    "copied": (_stage(_copied, "UnusualDataAccess", after=190),),
    "never seen": (_stage(_without_series, "SeriesMissing"),),
}  # fmt: skip
"""By world, what happens there in turn. The Watchdog fires in each of them."""
USUAL_PER_S: Final[Mapping[str, float]] = {"night": 0.1, "slow night": 0.01}
"""Requests a second before the fault, where they are not a half."""
FROM_THE_START: Final = frozenset({"never seen"})
"""Where the first fault is there before anything is scraped."""
