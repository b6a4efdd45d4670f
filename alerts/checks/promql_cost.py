"""promql/cost: what is read over days is read from recorded series, and never of every metric."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.series_match import series_of
from alerts.checks.subject import Around, Subject
from alerts.checks.tree import Node
from slo.catalogue import Kind, Metric

NAME: Final = "promql/cost"
_LONG_S: Final = 6 * 3600
_MOST_SAMPLES: Final = 5_000_000
"""A tenth of what Prometheus lets a query load unless told otherwise (--query.max-samples)."""
_FEW_LABELS: Final = 2
"""A metric of no more labels has a handful of series, which cost nothing over a day."""
_MOST_STEPS: Final = 11_000
"""What Prometheus allows a range query; a subquery has no bound of its own."""


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield long windows over raw series of many labels, and selectors of all metrics."""
    known = around.metrics or {}
    for node in subject.nodes:
        if node.kind == "matrix":
            name = node.kids[0].name
            metric = known.get(name)
            if metric is None:
                yield from _of_others(subject, around, node)
            elif not _has_few(metric) and node.range_s > _LONG_S:
                yield subject.problem(
                    NAME, f"reads {node.range_s / 3600:g} h of raw series",
                    "record a short rate and read that", fragment=node.text, level=Level.WARNING,
                )  # fmt: skip
        elif node.kind == "subquery":
            steps = node.range_s / (node.step_s or around.scrape)
            if steps > _MOST_STEPS:
                yield subject.problem(
                    NAME, f"the expression is evaluated {steps:,.0f} times each time",
                    "lengthen the step, or record the expression", fragment=node.text,
                    level=Level.WARNING,
                )  # fmt: skip
        elif node.kind == "vector" and not node.name:
            asked = [m for m in node.matchers if m[0] == "__name__"]
            if all(op in {"!=", "!~"} or value.startswith(".") for _, op, value in asked):
                yield subject.problem(
                    NAME, "it reads every metric that has these labels", "name the metric",
                    fragment=node.text, level=Level.WARNING,
                )  # fmt: skip


def _of_others(subject: Subject, around: Around, node: Node) -> Iterator[Problem]:
    """Yield windows that hold millions of samples of a server: only it knows how many series."""
    series = series_of(node, around.live) if around.live else None
    samples = len(series or ()) * node.range_s / around.scrape
    if samples > _MOST_SAMPLES:
        yield subject.problem(
            NAME, f"reads {samples / 1e6:,.0f} million samples each time",
            "record a short rate and read that", fragment=node.text, level=Level.WARNING,
        )  # fmt: skip


def _has_few(metric: Metric) -> bool:
    """Say whether a metric has few series: a histogram has as many more as it has buckets."""
    return metric.kind is not Kind.HISTOGRAM and len(metric.labels) <= _FEW_LABELS
