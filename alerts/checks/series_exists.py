"""series/exists: every metric and label that a rule reads is there."""

from collections.abc import Iterable, Iterator
from typing import Final

from alerts.checks.problem import Level, Problem
from alerts.checks.subject import Around, Subject
from slo.catalogue import TARGET_LABELS, Kind
from slo.fields import closest
from slo.series import Selector, selectors

NAME: Final = "series/exists"
_BUILT_IN: Final = frozenset({"ALERTS", "ALERTS_FOR_STATE"})
# What Prometheus itself records of every target of every job.
_OF_SCRAPES: Final = frozenset(
    {"up", "scrape_duration_seconds", "scrape_samples_scraped", "scrape_series_added",
     "scrape_samples_post_metric_relabeling"}
)  # fmt: skip


def check(subject: Subject, around: Around) -> Iterator[Problem]:
    """Yield selectors of series that nothing exposes and no rule records."""
    if subject.tree is None:
        return
    for selector in selectors(subject.expr):
        own = _BUILT_IN if around.pages is not None else _BUILT_IN | _OF_SCRAPES
        if selector.metric in around.recorded | own:
            continue
        if selector.metric in around.metrics:
            yield from _labels(subject, around, selector)
        elif selector.metric not in around.live:
            known = [*around.metrics, *around.live, *around.recorded]
            yield subject.problem(
                NAME, "nothing exposes this metric", _advice(selector.metric, known),
                fragment=selector.metric,
            )  # fmt: skip


def _advice(metric: str, known: Iterable[str]) -> str:
    """Return the nearest name when there is one; all the others would not help."""
    found = closest(metric, known)
    return found if found.startswith("did") else "if a server has it, name that: --prometheus URL"


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
