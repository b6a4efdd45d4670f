"""Answers come late: most of them, too many, or those of one route."""

from datetime import timedelta
from typing import Final

from alerts.about import About, Stream
from alerts.expressions import counted, number, per, quiet_while
from alerts.names import (
    BAD,
    BASE,
    CAUSES,
    MANY_FAIL,
    MANY_SLOW,
    ROUTE_BAD,
    ROUTE_TOTAL,
    SLOW_1S,
    SLOW_2S,
    TOTAL,
    burn_alert,
    over_early,
    ratio,
)
from alerts.rule import Alert, Priority, Severity
from alerts.trouble import Trouble

_M: Final = timedelta(minutes=1)


def slow(about: About, latency: Stream) -> tuple[Alert, ...]:
    """Return the alerts on slow requests, the worst first."""
    own, limits = latency.own, about.limits
    known = (*CAUSES, MANY_FAIL, MANY_SLOW, *_burns(about))
    allowed = number(1 - limits.slow_quantile)
    return (
        Alert(
            MANY_SLOW,
            f"({ratio(BASE)}{own} > {number(limits.slow_outage_ratio)}"
            f" or min_over_time({ratio(BASE)}{own}[3m]) > {number(limits.slow_many_ratio)})"
            f" and on() {BAD}{own} * {per(BASE)} >= {number(limits.fewest_slow)}"
            + quiet_while(*CAUSES, MANY_FAIL),
            Severity.CRITICAL,
            Priority.P2,
        ),
        Alert(
            SLOW_2S,
            f"{ratio(5 * _M)}{own} > {allowed}"
            f" and on() {counted(BAD + own, 5 * _M)} >= {number(limits.fewest_slow)}"
            + quiet_while(*known),
            Severity.WARNING,
            Priority.P2,
            hold="5m",
            keep="15m",
        ),
        *_early(about, own, known),
    )


def _burns(about: About) -> tuple[str, ...]:
    return tuple(burn_alert(each.name, fast=True) for each in about.about(Trouble.LATENCY))


def _early(about: About, own: str, known: tuple[str, ...]) -> tuple[Alert, ...]:
    """Return the alert on the project's earlier edge, where it names one."""
    latency, limits = about.project.roles.latency, about.limits
    if latency is None or latency.early is None:
        return ()
    over = about.read(over_early(latency.early))
    share = f"sum_over_time({over}[5m]) / on() sum_over_time({TOTAL}{own}[5m])"
    return (
        Alert(
            SLOW_1S,
            f"{share} > {number(1 - limits.slow_quantile)}"
            f" and on() {counted(over, 5 * _M)} >= {number(limits.fewest_slow)}"
            + quiet_while(*known, SLOW_2S),
            Severity.WARNING,
            Priority.P3,
            hold="10m",
            keep="15m",
        ),
    )


def route_slow(about: About, latency: Stream) -> tuple[Alert, ...]:
    """Return the alert on one slow route; none where nothing tells routes apart."""
    if latency.route is None:
        return ()
    own, limits = latency.own, about.limits
    bad, total = f"avg_over_time({ROUTE_BAD}{own}[10m])", f"avg_over_time({ROUTE_TOTAL}{own}[10m])"
    known = (*CAUSES, MANY_FAIL, MANY_SLOW, *_burns(about), SLOW_2S)
    return (
        Alert(
            "RouteSlow",
            f"{bad} / {total} > {number(limits.route_slow_ratio)}"
            f" and {counted(ROUTE_BAD + own, 10 * _M)} >= {number(limits.route_fewest)}"
            + quiet_while(*known),
            Severity.WARNING,
            Priority.P2,
            hold="5m",
            keep="15m",
        ),
    )
