"""Is it there at all: never judged by traffic alone."""

from typing import Final

from alerts.expressions import firing, number, quiet_while, scraped
from alerts.names import (
    CAUSES,
    MANY_FAIL,
    NOT_THERE,
    PROBE_FAILING,
    SERIES_GONE,
    SERVICE_DOWN,
    SPARSE_FAIL,
    TARGETS_MISSING,
    TOTAL,
    TRAFFIC_VANISHED,
    USUAL,
)
from alerts.rule import Alert, Priority, Severity
from alerts.thresholds import Thresholds
from slo.catalogue import NODE, PROBER
from slo.objective import Objective
from slo.recorded import selector_of

_UP: Final = 'up{job="calendar-api"}'
_SOME_UP: Final = f"on() (sum({_UP}) > 0)"
_REQUESTS: Final = 'http_requests_total{job="calendar-api"}'
_PROBE: Final = scraped("probe_success")
_STARTED: Final = 'process_start_time_seconds{job="calendar-api"}'


def down(errors: Objective) -> tuple[Alert, ...]:
    """Return the alerts that explain all others: the service or its metrics are not there."""
    seen = f"{TOTAL}{selector_of(errors)}"
    return (
        Alert(SERVICE_DOWN, f"sum({_UP}) == 0", Severity.CRITICAL, Priority.P1, hold="1m"),
        Alert(
            TARGETS_MISSING,
            # A target that is forgotten leaves a mark at once; a server that was restarted does
            # not, but ninety seconds hold a sample of any scrape interval up to a minute. The
            # hold lets a gap pass as a moving Prometheus makes it: three minutes without a mark.
            f"absent({_UP}) or absent_over_time({_UP}[90s])",
            Severity.CRITICAL,
            Priority.P1,
            hold="90s",
        ),
        Alert(
            SERIES_GONE,
            # Where nothing was scraped at all, `up` ends half a minute after the series count as
            # gone: less than the hold.
            f"count_over_time({seen}[1d])"
            f" and on() (absent({_REQUESTS}) or absent_over_time({_REQUESTS}[2m]))"
            f" and on() (sum(last_over_time({_UP}[150s])) > 0)",
            Severity.CRITICAL,
            Priority.P2,
            hold="1m",
        ),
    )


def partly_down(errors: Objective, limits: Thresholds) -> tuple[Alert, ...]:
    """Return the alerts on instances, restarts, probes and traffic."""
    restarts, slowly = number(limits.restarts), number(limits.restarts_slow)
    # Two runs that fail by chance one after the other fill a shorter window.
    probe = f"max by (journey) (max_over_time({_PROBE}[150s]))"
    now = f"{TOTAL}{selector_of(errors)}"
    return (
        Alert(
            "CrashLooping",
            f"max(changes({_STARTED}[15m])) > {restarts}"
            f" or max(changes({_STARTED}[1h])) > {slowly}",
            Severity.CRITICAL,
            Priority.P2,
            keep="15m",
        ),
        Alert(
            PROBE_FAILING,
            # A prober that has just begun has not failed for so long.
            f"count({probe} == 0 and max by (journey) ({_PROBE} offset 2m))"
            + quiet_while(*CAUSES, MANY_FAIL, SPARSE_FAIL),
            Severity.CRITICAL,
            Priority.P1,
        ),
        Alert(
            TRAFFIC_VANISHED,
            f"{now} < on() {number(limits.vanished_ratio)} * {USUAL}"
            f" and on() {USUAL} > {number(limits.vanished_usual_per_s)} and {_SOME_UP}"
            + quiet_while(*NOT_THERE, PROBE_FAILING),
            Severity.CRITICAL,
            Priority.P1,
        ),
        Alert(
            "InstanceDown",
            f"count({_UP} == 0) and {_SOME_UP}",
            Severity.WARNING,
            Priority.P3,
            hold="5m",
            keep="15m",
        ),
    )


def watchers() -> tuple[Alert, ...]:
    """Return the alerts on the watching itself."""
    return (
        Alert(
            "WatcherDown",
            f'count by (job) (up{{job=~"{PROBER}|{NODE}"}} == 0)',
            Severity.WARNING,
            Priority.P3,
            hold="5m",
            keep="15m",
        ),
        Alert(
            "ProbesMissing",
            f"count(count_over_time({_PROBE}[1d])) unless on() count({_PROBE})"
            f" unless on() {firing('WatcherDown', job=PROBER)}",
            Severity.WARNING,
            Priority.P3,
            hold="10m",
            keep="15m",
        ),
        Alert("Watchdog", "vector(1)", Severity.INFO, Priority.P4, keep="0s"),
    )
