"""Answers come late: most of them, too many, or those of one route."""

from datetime import timedelta
from typing import Final

from alerts.expressions import number, per, quiet_while
from alerts.names import (
    BAD,
    BASE,
    CAUSES,
    MANY_FAIL,
    MANY_SLOW,
    OVER_1S,
    ROUTE_BAD,
    ROUTE_TOTAL,
    SLOW_1S,
    SLOW_2S,
    TOTAL,
    burn_alert,
    ratio,
)
from alerts.rule import Alert, Priority, Severity
from alerts.thresholds import Thresholds
from slo.objective import Objective
from slo.recorded import selector_of

_M: Final = timedelta(minutes=1)


def slow(objective: Objective, limits: Thresholds) -> tuple[Alert, ...]:
    """Return the alerts on slow requests, the worst first."""
    own = selector_of(objective)
    known = (*CAUSES, MANY_FAIL, MANY_SLOW, burn_alert(objective.name, fast=True))
    allowed = number(1 - limits.slow_quantile)
    over_1s = f"sum_over_time({OVER_1S}[5m]) / on() sum_over_time({TOTAL}{own}[5m])"
    slower = f"avg_over_time({OVER_1S}[5m])"
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
            f" and on() avg_over_time({BAD}{own}[5m]) * {per(5 * _M)}"
            f" >= {number(limits.fewest_slow)}" + quiet_while(*known),
            Severity.WARNING,
            Priority.P2,
            hold="5m",
            keep="15m",
        ),
        Alert(
            SLOW_1S,
            f"{over_1s} > {allowed}"
            f" and on() {slower} * {per(5 * _M)} >= {number(limits.fewest_slow)}"
            + quiet_while(*known, SLOW_2S),
            Severity.WARNING,
            Priority.P3,
            hold="10m",
            keep="15m",
        ),
    )


def route_slow(objective: Objective, limits: Thresholds) -> tuple[Alert, ...]:
    """Return the alert on one slow route."""
    own = selector_of(objective)
    bad, total = f"avg_over_time({ROUTE_BAD}{own}[10m])", f"avg_over_time({ROUTE_TOTAL}{own}[10m])"
    known = (*CAUSES, MANY_FAIL, MANY_SLOW, burn_alert(objective.name, fast=True), SLOW_2S)
    return (
        Alert(
            "RouteSlow",
            f"{bad} / {total} > {number(limits.route_slow_ratio)}"
            f" and {bad} * {per(10 * _M)} >= {number(limits.route_fewest)}" + quiet_while(*known),
            Severity.WARNING,
            Priority.P2,
            hold="5m",
            keep="15m",
        ),
    )
