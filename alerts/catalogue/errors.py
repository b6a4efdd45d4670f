"""Requests fail: all of them, many, a few for long, or those of one route."""

from datetime import timedelta
from typing import Final

from alerts.about import Stream
from alerts.expressions import counted, firing, number, per, quiet_after, quiet_while
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
    TOTAL,
    ratio,
)
from alerts.rule import Alert, Priority, Severity
from alerts.thresholds import Thresholds

_M: Final = timedelta(minutes=1)


def failing(errors: Stream, limits: Thresholds) -> tuple[Alert, ...]:
    """Return the alerts on the share of failing requests, the worst first."""
    own = errors.own
    now = f"{ratio(BASE)}{own}"
    enough = f" and on() {counted(BAD + own, 5 * _M)} >= {number(limits.fewest_failures)}"
    not_few = f" unless on() {_few(own, limits)}"
    return (
        _many(own, limits),
        Alert(
            ERRORS_VERY_HIGH,
            f"{now} > {number(limits.error_ratio_very_high)}"
            + enough
            + not_few
            + quiet_while(*CAUSES, MANY_FAIL, SPARSE_FAIL, ROUTE_FAILING),
            Severity.CRITICAL,
            Priority.P1,
            hold="3m",
        ),
        Alert(
            ERRORS_HIGH,
            f"{now} > {number(limits.error_ratio_high)}"
            + enough
            + not_few
            + quiet_while(*CAUSES, MANY_FAIL, ERRORS_VERY_HIGH, SPARSE_FAIL, ROUTE_FAILING),
            Severity.CRITICAL,
            Priority.P2,
            hold="4m",
            keep="10m",
        ),
        _sparse(own, limits),
    )


def _few(own: str, limits: Thresholds) -> str:
    """Return the condition that two minutes bring too few requests for a share of them."""
    return f"(avg_over_time({TOTAL}{own}[15m]) * {per(BASE)} < {number(limits.few_requests)})"


def _many(own: str, limits: Thresholds) -> Alert:
    """Return the alert on an outage. At night it stays until fifteen minutes are well again.

    There the share of two minutes comes and goes with every single request.
    """
    few = _few(own, limits)
    still = f"{ratio(15 * _M)}{own} > {number(limits.sparse_still_ratio)}"
    return Alert(
        MANY_FAIL,
        f"({ratio(BASE)}{own} > {number(limits.outage_ratio)}"
        f" and on() {BAD}{own} * {per(BASE)} >= {number(limits.fewest_failures)}"
        f" or {still} and on() {few} and on() {firing(MANY_FAIL)})"
        + quiet_while(*CAUSES)
        + f" unless on() ({firing(SPARSE_FAIL)} and on() {few})",
        Severity.CRITICAL,
        Priority.P1,
    )


def _sparse(own: str, limits: Thresholds) -> Alert:
    """Return the slow rule on counts, for nights when two minutes see hardly a request."""
    return Alert(
        SPARSE_FAIL,
        f"{ratio(15 * _M)}{own} > {number(limits.sparse_ratio)}"
        f" and on() {_few(own, limits)}"
        f" and on() {counted(BAD + own, 60 * _M)} >= {number(limits.fewest_failures)}"
        + quiet_after("30m", *CAUSES, MANY_FAIL, ERRORS_VERY_HIGH, ERRORS_HIGH),
        Severity.CRITICAL,
        Priority.P2,
        keep="15m",
    )


def route_failing(errors: Stream, limits: Thresholds) -> tuple[Alert, ...]:
    """Return the alerts on one route, silent while the whole service is known to fail.

    Several routes that fail at once, and a tenth of all requests with them, are no matter of one.
    Where nothing tells routes apart there are none.
    """
    if errors.route is None:
        return ()
    own = errors.own
    bad = f"avg_over_time({ROUTE_BAD}{own}[30m])"
    total = f"avg_over_time({ROUTE_TOTAL}{own}[30m])"
    wide = (*CAUSES, MANY_FAIL, ERRORS_VERY_HIGH, ERRORS_HIGH, SPARSE_FAIL)
    failing = f"{ROUTE_BAD}{own} / {ROUTE_TOTAL}{own} > {number(limits.route_outage_ratio)}"
    return (
        Alert(
            ROUTE_FAILING,
            f"{failing} and {ROUTE_BAD}{own} * {per(BASE)} >= {number(limits.route_fewest)}"
            + quiet_while(*wide)
            + f" unless on() (count({failing}) > 1 and on() {ratio(BASE)}{own}"
            f" > {number(limits.error_ratio_very_high)})",
            Severity.CRITICAL,
            Priority.P2,
        ),
        Alert(
            ROUTE_ERRORS,
            f"{bad} / {total} > {number(limits.route_error_ratio)}"
            f" and {ROUTE_BAD}{own} / {ROUTE_TOTAL}{own} > {number(limits.route_error_ratio)}"
            f" and {counted(ROUTE_BAD + own, 30 * _M)} >= {number(limits.route_fewest)}"
            + quiet_while(*wide)
            + f" unless on({errors.route}) {firing(ROUTE_FAILING)}",
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
