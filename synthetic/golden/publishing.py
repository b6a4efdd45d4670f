"""Publish the measured accuracy, so that the accuracy objective and its alerts see it."""

from prometheus_client import CollectorRegistry, Gauge

from slo.project.roles import Accuracy
from synthetic.golden.case import WHOLE
from synthetic.golden.gate import Policy, judged_labels
from synthetic.golden.record import SUITE
from synthetic.golden.run_value import GoldenRun


class AccuracyMetrics:
    """The project's accuracy by suite and slice, and when it was measured, on a given registry.

    There is no series before the first run: nothing measured is neither good nor bad.
    """

    def __init__(self, registry: CollectorRegistry, role: Accuracy) -> None:
        self._slice, self._whole = role.slice or "slice", role.whole or WHOLE
        self._ratio = Gauge(
            role.gauge,
            "Share of golden cases parsed right, by slice; `all` is the whole set",
            ("suite", self._slice),
            registry=registry,
        )
        self._at = Gauge(
            f"{role.gauge.removesuffix('_ratio')}_measured_timestamp_seconds",
            "When the accuracy was last measured",
            ("suite",),
            registry=registry,
        )

    def take(self, run: GoldenRun, *, at_s: float) -> bool:
        """Publish a run that ended at `at_s` (Unix time); return whether it could be judged.

        A run in which too many cases got no answer says something about availability, not about
        accuracy: the figures before it stay.
        """
        if len(run.unanswered) > run.total * Policy().void_share:
            return False
        for label in judged_labels(run):
            results = run.with_label(label)
            right = sum(result.right for result in results)
            shown = self._whole if label == WHOLE else label
            self._ratio.labels(SUITE, shown).set(right / len(results))
        self._at.labels(SUITE).set(at_s)
        return True
