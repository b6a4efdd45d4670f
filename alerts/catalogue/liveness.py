"""Is it there at all: never judged by traffic alone."""

from alerts.about import About, Stream
from alerts.expressions import number, quiet_while
from alerts.names import (
    NOT_THERE,
    PROBE_FAILING,
    SERIES_GONE,
    SERVICE_DOWN,
    TARGETS_MISSING,
    TOTAL,
    TRAFFIC_VANISHED,
    USUAL,
)
from alerts.rule import Alert, Priority, Severity
from slo.project.project import Project


def down(about: About) -> tuple[Alert, ...]:
    """Return the alerts that explain all others: the service or its metrics are not there."""
    up = _up(about.project)
    return (
        Alert(SERVICE_DOWN, f"sum({up}) == 0", Severity.CRITICAL, Priority.P1, hold="1m"),
        Alert(
            TARGETS_MISSING,
            # A target that is forgotten leaves a mark at once; a server that was restarted does
            # not, but ninety seconds hold a sample of any scrape interval up to a minute. The
            # hold lets a gap pass as a moving Prometheus makes it: three minutes without a mark.
            f"absent({up}) or absent_over_time({up}[90s])",
            Severity.CRITICAL,
            Priority.P1,
            hold="90s",
        ),
        *_series_gone(about, up),
    )


def _up(project: Project) -> str:
    return f"up{{{project.target}}}"


def _series_gone(about: About, up: str) -> tuple[Alert, ...]:
    requests, errors = about.project.roles.requests, about.errors
    if requests is None or errors is None:
        return ()
    counted = f"{requests.counter}{{{about.project.target}}}"
    return (
        Alert(
            SERIES_GONE,
            # Where nothing was scraped at all, `up` ends half a minute after the series count as
            # gone: less than the hold.
            f"count_over_time({TOTAL}{errors.own}[1d])"
            f" and on() (absent({counted}) or absent_over_time({counted}[2m]))"
            f" and on() (sum(last_over_time({up}[150s])) > 0)",
            Severity.CRITICAL,
            Priority.P2,
            hold="1m",
        ),
    )


def crash_looping(about: About) -> tuple[Alert, ...]:
    """Return the alert on restarts that do not end."""
    if about.project.roles.started is None:
        return ()
    restarts, slowly = number(about.limits.restarts), number(about.limits.restarts_slow)
    started = f"{about.project.roles.started}{{{about.project.target}}}"
    return (
        Alert(
            "CrashLooping",
            f"max(changes({started}[15m])) > {restarts} or max(changes({started}[1h])) > {slowly}",
            Severity.CRITICAL,
            Priority.P2,
            keep="15m",
        ),
    )


def traffic_vanished(about: About, errors: Stream) -> tuple[Alert, ...]:
    """Return the alert on requests that no longer come."""
    usual, limits = about.read(USUAL), about.limits
    return (
        Alert(
            TRAFFIC_VANISHED,
            f"{TOTAL}{errors.own} < on() {number(limits.vanished_ratio)} * {usual}"
            f" and on() {usual} > {number(limits.vanished_usual_per_s)}"
            f" and {_some_up(about)}" + quiet_while(*NOT_THERE, PROBE_FAILING),
            Severity.CRITICAL,
            Priority.P1,
        ),
    )


def partly_down(about: About) -> Alert:
    """Return the alert on some of the instances."""
    return Alert(
        "InstanceDown",
        f"count({_up(about.project)} == 0) and {_some_up(about)}",
        Severity.WARNING,
        Priority.P3,
        hold="5m",
        keep="15m",
    )


def _some_up(about: About) -> str:
    return f"on() (sum({_up(about.project)}) > 0)"


def watchdog() -> Alert:
    """Return the alert that always fires, so that its end shows that nobody watches."""
    return Alert("Watchdog", "vector(1)", Severity.INFO, Priority.P4, keep="0s")
