"""What a Prometheus server says of the metrics that rules read."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from slo.catalogue import Kind

_TYPES: Final = {
    "counter": Kind.COUNTER, "gauge": Kind.GAUGE, "histogram": Kind.HISTOGRAM,
    "info": Kind.GAUGE, "stateset": Kind.GAUGE,
}  # fmt: skip
_PARTS: Final = ("_bucket", "_count", "_sum")


@dataclass(frozen=True, slots=True)
class Live:
    """`series` holds the labels of each series of the metrics that were asked for.

    A metric that exists and was not asked for, or has too many series, is in `metrics` only.
    `firing` is by (file, line) how many series an alert would give now, `refused` why not. `notes`
    say what the server was not asked, or did not answer.
    """

    metrics: frozenset[str]
    types: Mapping[str, str] = field(default_factory=dict)
    series: Mapping[str, tuple[Mapping[str, str], ...]] = field(default_factory=dict)
    scrape_s: float | None = None
    retention_s: float | None = None
    external_labels: frozenset[str] | None = None
    firing: Mapping[tuple[str, int], int] = field(default_factory=dict)
    refused: Mapping[tuple[str, int], str] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    def kind(self, metric: str) -> Kind | None:
        """Return what the server's metadata call a series; None where they say nothing."""
        for name in (metric, metric.removesuffix("_total"), f"{metric}_total"):
            if (found := _TYPES.get(self.types.get(name, ""))) is not None:
                return found
        for part in _PARTS:
            family = metric.removesuffix(part)
            told = self.types.get(family) if family != metric else None
            if told == "histogram" or (told == "summary" and part != "_bucket"):
                return Kind.HISTOGRAM
        return None

    def labels(self, metric: str) -> frozenset[str]:
        """Return the labels that at least one series of a metric has."""
        return frozenset(label for each in self.series.get(metric, ()) for label in each)

    def values(self, metric: str, label: str) -> frozenset[str]:
        """Return the values of a label of a metric."""
        return frozenset(each[label] for each in self.series.get(metric, ()) if label in each)
