"""Requests fail: all of them, many, a few for long, or those of one route."""

from datetime import timedelta
from typing import Final

from alerts.expressions import firing, number, per, quiet_after, quiet_while
from alerts.names import (
    BAD,
    BASE,
    CAUSES,
    ERROR_PAGES,
    ERRORS_HIGH,
    ERRORS_VERY_HIGH,
    MANY_FAIL,
    ROUTE_BAD,
    ROUTE_ERRORS,
    ROUTE_FAILING,
    ROUTE_TOTAL,
    SPARSE_FAIL,
    ratio,
)
from alerts.rule import Alert, Priority, Severity
from alerts.thresholds import Thresholds

_M: Final = timedelta(minutes=1)


def failing(slo: str, limits: Thresholds) -> tuple[Alert, ...]:
    """Return the alerts on the share of failing requests, the worst first."""
    own = f'{{slo="{slo}"}}'
    now = f"{ratio(BASE)}{own}"
    enough = (
        f" and on() avg_over_time({BAD}{own}[5m]) * {per(5 * _M)}"
        f" >= {number(limits.fewest_failures)}"
    )
    return (
        Alert(
            MANY_FAIL,
            f"{now} > {number(limits.outage_ratio)}"
            f" and on() {BAD}{own} * {per(BASE)} >= {number(limits.fewest_failures)}"
            + quiet_while(*CAUSES),
            Severity.CRITICAL,
            Priority.P1,
        ),
        Alert(
            ERRORS_VERY_HIGH,
            f"{now} > {number(limits.error_ratio_very_high)}"
            + enough
            + quiet_while(*CAUSES, MANY_FAIL, SPARSE_FAIL, ROUTE_FAILING),
            Severity.CRITICAL,
            Priority.P1,
            hold="3m",
        ),
        Alert(
            ERRORS_HIGH,
            f"{now} > {number(limits.error_ratio_high)}"
            + enough
            + quiet_while(*CAUSES, MANY_FAIL, ERRORS_VERY_HIGH, SPARSE_FAIL, ROUTE_FAILING),
            Severity.CRITICAL,
            Priority.P2,
            hold="4m",
            keep="10m",
        ),
        _sparse(own, limits),
    )


def _sparse(own: str, limits: Thresholds) -> Alert:
    """Return the slow rule on counts, for nights when two minutes see hardly a request."""
    hour = 60 * _M
    return Alert(
        SPARSE_FAIL,
        f"{ratio(15 * _M)}{own} > {number(limits.sparse_ratio)}"
        f" and on() avg_over_time({BAD}{own}[1h]) * {per(hour)}"
        f" >= {number(limits.fewest_failures)}"
        + quiet_while(*CAUSES)
        + quiet_after("30m", MANY_FAIL, ERRORS_VERY_HIGH, ERRORS_HIGH),
        Severity.CRITICAL,
        Priority.P2,
        keep="15m",
    )


def route_failing(slo: str, limits: Thresholds) -> tuple[Alert, ...]:
    """Return the alerts on one route, silent while the whole service is known to fail."""
    own = f'{{slo="{slo}"}}'
    bad = f"avg_over_time({ROUTE_BAD}{own}[30m])"
    total = f"avg_over_time({ROUTE_TOTAL}{own}[30m])"
    wide = (*CAUSES, MANY_FAIL, ERRORS_VERY_HIGH, ERRORS_HIGH, SPARSE_FAIL)
    return (
        Alert(
            ROUTE_FAILING,
            f"{ROUTE_BAD}{own} / {ROUTE_TOTAL}{own} > {number(limits.route_outage_ratio)}"
            f" and {ROUTE_BAD}{own} * {per(BASE)} >= {number(limits.route_fewest)}"
            + quiet_while(*wide),
            Severity.CRITICAL,
            Priority.P2,
        ),
        Alert(
            ROUTE_ERRORS,
            f"{bad} / {total} > {number(limits.route_error_ratio)}"
            f" and {ROUTE_BAD}{own} / {ROUTE_TOTAL}{own} > {number(limits.route_error_ratio)}"
            f" and {bad} * {per(30 * _M)} >= {number(limits.route_fewest)}"
            + quiet_while(*wide)
            + f" unless on(route) {firing(ROUTE_FAILING)}",
            Severity.WARNING,
            Priority.P3,
            hold="5m",
            keep="15m",
        ),
    )


def known_errors() -> str:
    """Return the clause that keeps slower error alerts silent while a faster one fires."""
    return quiet_while(*CAUSES, *ERROR_PAGES)


def just_paged() -> str:
    """Return the clause that keeps tickets silent for an hour after a page on errors."""
    return quiet_after("1h", *CAUSES, *ERROR_PAGES)
