"""series/exists: every metric and label that a rule reads is there."""

from collections.abc import Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from slo.catalogue import TARGET_LABELS, Kind
from slo.fields import closest
from slo.series import Selector, selectors

NAME: Final = "series/exists"
_BUILT_IN: Final = frozenset({"ALERTS", "ALERTS_FOR_STATE"})


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield selectors of series that nothing exposes and no rule records."""
    if subject.tree is None:
        return
    for selector in selectors(subject.expr):
        if selector.metric in around.recorded | _BUILT_IN:
            continue
        if selector.metric in around.metrics:
            yield from _labels(subject, around, selector)
        elif selector.metric not in around.live:
            known = [*around.metrics, *around.live, *around.recorded]
            yield subject.problem(
                NAME, "nothing exposes this metric", closest(selector.metric, known),
                fragment=selector.metric,
            )  # fmt: skip


def _labels(subject: Subject, around: Around, selector: Selector) -> Iterator[Problem]:
    metric = around.metrics[selector.metric]
    labels = metric.labels | TARGET_LABELS
    if metric.kind is Kind.HISTOGRAM:
        labels |= {"le"}
    for label, operator, value in selector.matchers:
        if label not in labels:
            yield subject.problem(
                NAME, f"{selector.metric} has no label {label!r}", closest(label, labels),
                fragment=f'{label}{operator}"{value}"',
            )  # fmt: skip
        elif label == "job" and operator == "=" and value not in metric.jobs:
            yield subject.problem(
                NAME, f"{selector.metric} is not of this job", closest(value, metric.jobs),
                fragment=f'job="{value}"', level=Level.WARNING,
            )  # fmt: skip
