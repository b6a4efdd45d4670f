"""What people get: parsing accuracy, safe accounts, a queue that somebody works off."""

from datetime import timedelta
from typing import Final

from alerts.expressions import number, quiet_after, scraped
from alerts.names import ACCURACY_LOW, ACCURACY_VERY_LOW, TOTAL, ratio
from alerts.rule import Alert, Priority, Severity
from alerts.thresholds import Thresholds
from slo.objective import Objective
from slo.recorded import selector_of

_M: Final = timedelta(minutes=1)


def accuracy(objective: Objective, limits: Thresholds) -> tuple[Alert, ...]:
    """Return the alerts on parsing accuracy; its gauge moves when a golden run ends."""
    own = selector_of(objective)
    measured = scraped("parsing_accuracy_ratio")
    slices = scraped("parsing_accuracy_ratio", 'slice!="all"')
    before = f"avg_over_time({slices}[6h] offset 1h)"
    return (
        Alert(
            ACCURACY_VERY_LOW,
            f"{ratio(5 * _M)}{own} > {number(1 - limits.accuracy_low)}",
            Severity.CRITICAL,
            Priority.P2,
            hold="2m",
            keep="15m",
        ),
        Alert(
            ACCURACY_LOW,
            f"{ratio(30 * _M)}{own} > {number(objective.budget)}"
            + quiet_after("1h", ACCURACY_VERY_LOW),
            Severity.WARNING,
            Priority.P2,
            hold="5m",
            keep="1h",
        ),
        Alert(
            "AccuracySliceDropped",
            f"count(avg_over_time({slices}[30m]) < {before} - {number(limits.slice_drop)})"
            + quiet_after("1h", ACCURACY_VERY_LOW, ACCURACY_LOW),
            Severity.WARNING,
            Priority.P3,
            hold="15m",
            keep="1h",
        ),
        Alert(
            "AccuracyUnknown",
            f"count(count_over_time({measured}[1d])) unless on() count({measured})",
            Severity.WARNING,
            Priority.P4,
            hold="1h",
            keep="15m",
        ),
    )


def parsing(limits: Thresholds) -> tuple[Alert, ...]:
    """Return the alerts on parsing as it happens, and on the people who check it."""
    errors = scraped("parsing_requests_total", 'outcome="error"')
    other_mode = scraped("service_mode", 'mode!="normal"')
    failed = f"sum(rate({errors}[10m]))"
    return (
        Alert(
            "ParsingFails",
            f"{failed} / sum(rate({scraped('parsing_requests_total')}[10m]))"
            f" > {number(limits.parsing_failure_share)}"
            f" and {failed} * 600 >= {number(limits.parsing_fewest)}",
            Severity.WARNING,
            Priority.P3,
            hold="5m",
            keep="15m",
        ),
        Alert(
            "ModeNotNormal",
            f"max by (mode) ({other_mode}) == 1",
            Severity.INFO,
            Priority.P4,
            hold="4h",
            keep="0s",
        ),
    )


def security(errors: Objective, limits: Thresholds) -> tuple[Alert, ...]:
    """Return the alert on refused credentials."""
    refused = f"sum(rate({scraped('auth_failures_total')}[5m]))"
    return (
        Alert(
            "AuthFailuresHigh",
            f"{refused} > {number(limits.auth_failures_per_s)}"
            f" or ({refused} > on() {number(limits.auth_failure_share)} *"
            f" {TOTAL}{selector_of(errors)}"
            f" and {refused} * 300 >= {number(limits.auth_fewest)})",
            Severity.WARNING,
            Priority.P2,
            hold="5m",
            keep="15m",
        ),
    )
