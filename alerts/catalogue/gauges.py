"""Alerts on the highest value of one gauge: a row each, of which the cases follow, too."""

from dataclasses import dataclass
from datetime import timedelta

from alerts.expressions import number, scraped
from alerts.rule import Alert, Priority, Severity
from alerts.thresholds import Thresholds
from kit.pure.durations import to_prometheus


@dataclass(frozen=True, slots=True)
class GaugeAlert:
    """Fires when a gauge of any instance is above `limit`; `usual` is its value on a good day."""

    name: str
    series: str
    limit: float
    usual: float
    severity: Severity
    priority: Priority
    hold_min: int
    keep_min: int
    matcher: str = ""

    def alert(self) -> Alert:
        """Return the rule."""
        matchers = (self.matcher,) if self.matcher else ()
        return Alert(
            self.name,
            f"max({scraped(self.series, *matchers)}) > {number(self.limit)}",
            self.severity,
            self.priority,
            hold=to_prometheus(timedelta(minutes=self.hold_min)),
            keep=to_prometheus(timedelta(minutes=self.keep_min)),
        )


def gauge_alerts(limits: Thresholds) -> tuple[GaugeAlert, ...]:
    """Return every alert of this kind."""
    return (
        GaugeAlert(
            "ReplicationLagHigh", "mongodb_replication_lag_seconds", limits.replication_lag_s,
            usual=1, severity=Severity.WARNING, priority=Priority.P3, hold_min=5, keep_min=15,
        ),
        GaugeAlert(
            "DatabasePoolExhausted", "mongodb_pool_connections", limits.pool_waiting,
            usual=0, severity=Severity.WARNING, priority=Priority.P3, hold_min=5, keep_min=15,
            matcher='state="waiting"',
        ),
        GaugeAlert(
            "ReviewQueueLong", "review_queue_size", limits.review_queue,
            usual=10, severity=Severity.INFO, priority=Priority.P4, hold_min=30, keep_min=60,
        ),
    )  # fmt: skip
