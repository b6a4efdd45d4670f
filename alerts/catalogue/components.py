"""What the service stands on: database, cache, machine."""

from alerts.expressions import number, quiet_while, scraped
from alerts.names import (
    CAUSES,
    DATABASE_LOST,
    DEPENDENCY_DOWN,
    ERROR_PAGES,
    MANY_SLOW,
    TIER_HITS,
    TIER_MISSES,
    TOTAL,
)
from alerts.rule import Alert, Priority, Severity
from alerts.thresholds import Thresholds
from slo.objective import Objective
from slo.recorded import selector_of


def connections() -> tuple[Alert, ...]:
    """Return the alerts on lost connections. The service lives on without its cache."""
    main = scraped("dependency_up", 'dependency="mongodb"')
    other = scraped("dependency_up", 'dependency!="mongodb"')
    return (
        Alert(
            DATABASE_LOST,
            f"min by (dependency) ({main}) == 0",
            Severity.CRITICAL,
            Priority.P1,
            hold="1m",
        ),
        Alert(
            DEPENDENCY_DOWN,
            f"min by (dependency) ({other}) == 0",
            Severity.WARNING,
            Priority.P2,
            hold="1m",
        ),
    )


def database(limits: Thresholds) -> tuple[Alert, ...]:
    """Return the alert on a database that answers, but badly."""
    commands = "mongodb_command_duration_seconds_bucket"
    every = scraped(commands, 'le="+Inf"')
    return (
        Alert(
            "DatabaseSlow",
            f"histogram_quantile(0.95, sum by (le) (rate({scraped(commands)}[5m])))"
            f" > {number(limits.database_slow_s)}"
            f" and sum(rate({every}[5m])) * 300"
            f" >= {number(limits.database_fewest)}" + quiet_while(*CAUSES, MANY_SLOW),
            Severity.WARNING,
            Priority.P3,
            hold="5m",
            keep="15m",
        ),
    )


def component(errors: Objective, limits: Thresholds) -> tuple[Alert, ...]:
    """Return the alert on a part of the service that fails while requests are answered.

    Failures are held against the calls of the part, and against all requests, since a call that
    was not even tried has taken no time.
    """
    failures = f"sum by (component) (rate({scraped('component_failures_total')}[5m]))"
    called = scraped("component_latency_seconds_bucket", 'le="+Inf"')
    calls = f"sum by (component) (rate({called}[5m]))"
    share = number(limits.component_failure_share)
    return (
        Alert(
            "ComponentFailing",
            f"({failures} > on(component) {share} * {calls}"
            f" or {failures} > on() group_left() {share} * {TOTAL}{selector_of(errors)})"
            f" and {failures} * 300 >= {number(limits.component_fewest)}"
            + quiet_while(*CAUSES, *ERROR_PAGES, DEPENDENCY_DOWN),
            Severity.WARNING,
            Priority.P3,
            hold="5m",
            keep="15m",
        ),
    )


def cache(limits: Thresholds) -> tuple[Alert, ...]:
    """Return the alert on a cache that finds too little.

    A lookup goes on to the next tier when the first misses, so that only the misses of the last
    tier are lookups that nobody answered.
    """
    lookups = f"sum({TIER_HITS}) + sum({TIER_MISSES})"
    missed = f"min({TIER_MISSES} and ({TIER_HITS} + {TIER_MISSES} > 0))"
    return (
        Alert(
            "CacheHitRateLow",
            f"sum({TIER_HITS}) / (sum({TIER_HITS}) + {missed}) < {number(limits.cache_hit_ratio)}"
            f" and ({lookups}) * 600 >= {number(limits.cache_fewest)}"
            + quiet_while(*CAUSES, DEPENDENCY_DOWN),
            Severity.WARNING,
            Priority.P3,
            hold="10m",
            keep="15m",
        ),
    )


def machine(limits: Thresholds) -> tuple[Alert, ...]:
    """Return the alerts on memory, processor, disk and file descriptors.

    Machines are those of any job: whoever shares a Prometheus may share them, too.
    """
    used, limit = scraped("process_resident_memory_bytes"), scraped("process_memory_limit_bytes")
    files = f"{scraped('process_open_fds')} / {scraped('process_max_fds')}"
    memory, disk = number(limits.memory_ratio), number(limits.disk_ratio)
    kinds = 'fstype!~"tmpfs|ramfs|squashfs|iso9660"'
    return (
        Alert(
            "MemoryHigh",
            f"max({used} / ({limit} > 0))"
            f" > {memory}"
            " or max(1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)"
            f" > {memory}",
            Severity.CRITICAL,
            Priority.P2,
            hold="1m",
        ),
        Alert(
            "CpuHigh",
            'max(1 - avg by (instance) (rate(node_cpu_seconds_total{mode="idle"}[5m])))'
            f" > {number(limits.cpu_ratio)}",
            Severity.WARNING,
            Priority.P3,
            hold="10m",
            keep="15m",
        ),
        Alert(
            "DiskNearlyFull",
            f"max(1 - node_filesystem_avail_bytes{{{kinds}}}"
            f" / node_filesystem_size_bytes{{{kinds}}}) > {disk}",
            Severity.WARNING,
            Priority.P3,
            hold="5m",
            keep="15m",
        ),
        Alert(
            "FileDescriptorsHigh",
            f"max({files}) > {number(limits.descriptor_ratio)}",
            Severity.WARNING,
            Priority.P3,
            hold="5m",
            keep="15m",
        ),
    )
