"""What the prober exports: success and duration of the last walk, and how many there were."""

from collections.abc import Callable, Sequence
from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge

from synthetic.days_off import DaysOff
from synthetic.edge.journeys.prober import ProbeResult
from synthetic.steps.step import Journey


class ProbeMetrics:
    """The prober's metrics on a registry of their own; every journey has its series from the start.

    Before the first walk `probe_success` is NaN: not yet known is neither up nor down.
    """

    def __init__(self, journeys: Sequence[Journey]) -> None:
        self.registry = CollectorRegistry()
        labels = ("journey",)
        self._success = Gauge(
            "probe_success",
            "1 when the last walk succeeded, else 0",
            labels,
            registry=self.registry,
        )
        self._duration = Gauge(
            "probe_duration_seconds", "How long the last walk took", labels, registry=self.registry
        )
        self._walks = Counter(
            "probe_walks", "Walks so far, by result", ("journey", "result"), registry=self.registry
        )
        for journey in journeys:
            self._success.labels(journey.name).set(float("nan"))
            self._duration.labels(journey.name).set(float("nan"))
            for result in ("success", "failure"):
                self._walks.labels(journey.name, result)

    def show_days_off(self, of: DaysOff, service: str, clock: Callable[[], datetime]) -> None:
        """Say at each scrape whether it is a day off, and how long the list of them reaches."""
        off = Gauge(
            "probe_day_off", "1 on a day off, else 0", ("service",), registry=self.registry
        ).labels(service)
        off.set_function(lambda: float(of.is_off(clock())))
        end = Gauge(
            "probe_days_off_end_timestamp_seconds",
            "When the last day off ends that is listed",
            ("service",),
            registry=self.registry,
        )
        end.labels(service).set(of.end())

    def take(self, result: ProbeResult) -> None:
        """Remember the result of a walk."""
        self._success.labels(result.journey).set(float(result.success))
        self._duration.labels(result.journey).set(result.duration_s)
        self._walks.labels(result.journey, "success" if result.success else "failure").inc()
