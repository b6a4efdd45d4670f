"""Is it there at all: never judged by traffic alone."""

from datetime import timedelta
from typing import Final

from alerts.about import About, Stream
from alerts.expressions import firing, minutes_of, number, quiet_while
from alerts.names import (
    CAUSES,
    DAY_OFF,
    DAYS_OFF_END,
    DAYS_OFF_ENDING,
    MANY_FAIL,
    NOT_THERE,
    PROBE_FAILING,
    PROBES_MISSING,
    SERIES_GONE,
    SERIES_MISSING,
    SERVICE_DOWN,
    SPARSE_FAIL,
    TARGETS_MISSING,
    TOTAL,
    TRAFFIC_UNUSUAL,
    TRAFFIC_VANISHED,
    USUAL,
    WATCHER_DOWN,
)
from alerts.rule import Alert, Priority, Severity
from slo.project.project import Project

_HOUR_MIN: Final = 60


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
    some_up = f"on() (sum(last_over_time({up}[150s])) > 0)"
    return (
        Alert(
            SERIES_GONE,
            # Where nothing was scraped at all, `up` ends half a minute after the series count as
            # gone: less than the hold. Once it fires, it is not forgotten after a day.
            f"max(absent({counted}) or absent_over_time({counted}[2m]))"
            f" and on() (count_over_time({TOTAL}{errors.own}[1d]) or {firing(SERIES_GONE)})"
            f" and {some_up}{_since_start(about)}",
            Severity.CRITICAL,
            Priority.P2,
            hold="1m",
        ),
    )


def _since_start(about: About) -> str:
    """Return the clause that requests would usually have come since a process was started.

    Many clients show a series only after the first request: until some should have come, nobody
    knows, which is the ticket on missing series if it lasts.
    """
    if about.project.roles.started is None:
        return ""
    started = f"{about.project.roles.started}{{{about.project.target}}}"
    expected = f"(time() - max({started})) * on() {about.read(USUAL)}"
    return f" unless on() ({expected} < {number(about.limits.few_requests)})"


def series_missing(about: About) -> tuple[Alert, ...]:
    """Return the ticket on request series that the project file names and nobody has seen."""
    requests = about.project.roles.requests
    if requests is None or about.errors is None:
        return ()
    counted = f"{requests.counter}{{{about.project.target}}}"
    return (
        Alert(
            SERIES_MISSING,
            f"max(absent({counted})) and {_some_up(about)}" + quiet_while(*NOT_THERE),
            Severity.WARNING,
            Priority.P3,
            hold="30m",
            keep="15m",
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


def journeys_failing(about: About) -> tuple[Alert, ...]:
    """Return the page on what users do and cannot: two walks of a journey one after the other.

    A walk is shown for a minute, or for as much longer as the next one takes.
    """
    prober = about.project.roles.prober
    if prober is None:
        return ()
    walked = prober.walked
    return (
        Alert(
            PROBE_FAILING,
            f"count(max by (journey) (max_over_time({walked}[105s])) == 0"
            f" and max by (journey) ({walked} offset 2m))"
            + quiet_while(*CAUSES, MANY_FAIL, SPARSE_FAIL),
            Severity.CRITICAL,
            Priority.P1,
        ),
    )


def prober_gone(about: About) -> tuple[Alert, ...]:
    """Return the tickets on a prober that does not answer, or says nothing."""
    prober = about.project.roles.prober
    if prober is None:
        return ()
    down = f'count by (job) (up{{job="{prober.job}"}} == 0)'
    silent = f"max(absent({prober.walked})) unless on() {firing(WATCHER_DOWN, job=prober.job)}"
    return (
        Alert(WATCHER_DOWN, down, Severity.WARNING, Priority.P3, hold="5m", keep="15m"),
        Alert(PROBES_MISSING, silent, Severity.WARNING, Priority.P3, hold="10m", keep="15m"),
    )


def traffic_vanished(about: About, errors: Stream) -> tuple[Alert, ...]:
    """Return the alerts on requests that no longer come: the page, and the ticket when unsure.

    Both ask for a sudden end: much less than usual at this time, and than in the hour before, so
    that a holiday or a first Saturday, low from the night on, is none; and for requests in most
    minutes of an hour, so that what was only tried and left alone is none. Of two hours, because
    minutes in which nobody answered say nothing: requests may stay away once the service is back.
    It is sure where nothing comes at all, for longer where few are usual, or where the same weekday
    a week ago had more and today is no day off.
    """
    usual, limits, now = about.read(USUAL), about.limits, f"{TOTAL}{errors.own}"
    ratio, least = number(limits.vanished_ratio), number(limits.vanished_usual_per_s)
    hour = f"avg_over_time({now}[1h] offset 10m)"
    seen = f"count_over_time(({now} > 0){minutes_of(timedelta(hours=2))} offset 10m)"
    idle = f"count_over_time(({now} == 0){minutes_of(timedelta(hours=1))} offset 10m)"
    sudden = (
        f"({now} < {ratio} * {hour} and {hour} > {least}"
        f" and {seen} >= {number(limits.vanished_minutes)}"
        f" unless on() {idle} > {number(_HOUR_MIN - limits.vanished_minutes)})"
        f" and on() {usual} > {least}"
    )
    below = f"< on() {ratio} * {usual}"
    week = f"avg_over_time({now}[15m] offset 1w){_working(about)}"
    none = (
        f"({now} == 0 and on() {usual} > {number(limits.vanished_busy_per_s)})"
        f" or max_over_time({now}[3m]) == 0"
    )
    sure = f"({none} or (max_over_time({now}[5m]) {below} and on() ({week})))"
    # What is usual forgets how it was before, where no day is known; the page stays all the same.
    stays = f"{now} and on() ({now} == 0 or {now} {below}) and on() {firing(TRAFFIC_VANISHED)}"
    there = f" and {_some_up(about)}"
    return (
        Alert(
            TRAFFIC_VANISHED,
            f"({sudden} and on() {sure} or {stays}){there}"
            + quiet_while(*NOT_THERE, PROBE_FAILING),
            Severity.CRITICAL,
            Priority.P1,
        ),
        Alert(
            TRAFFIC_UNUSUAL,
            f"{sudden} and on() ({now} {below})"
            f" and on() avg_over_time({now}[15m] offset 1d){there}"
            + quiet_while(*NOT_THERE, PROBE_FAILING, TRAFFIC_VANISHED),
            Severity.WARNING,
            Priority.P3,
            hold="9m",  # from then on the hour before has low minutes of its own
            keep="15m",
        ),
    )


def _working(about: About) -> str:
    """Return the clause that asks for no day off, where the prober knows them."""
    if about.project.paths.days_off is None:
        return ""
    return f' unless on() ({DAY_OFF}{{service="{about.project.name}"}} == 1)'


def days_off_ending(about: About) -> tuple[Alert, ...]:
    """Return the ticket on a calendar of days off that is nearly over, or not there at all."""
    if about.project.paths.days_off is None:
        return ()
    end = f'{DAYS_OFF_END}{{service="{about.project.name}"}}'
    return (
        Alert(
            DAYS_OFF_ENDING,
            f"min({end}) - time() < {number(timedelta(days=30).total_seconds())}"
            f" or max(absent({end})) - 1",
            Severity.WARNING,
            Priority.P4,
            hold="1h",
            keep="1h",
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
