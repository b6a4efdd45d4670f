"""A dashboard reads what the service has: series and labels of the catalogue of its metrics."""

from collections.abc import Iterator

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding
from dashboards.queries import is_recorded, prometheus_targets, series_of
from kit.pure.fields import closest
from slo.catalogue import TARGET_LABELS, catalogue_advice

_OF_PROMETHEUS = frozenset({"ALERTS", "ALERTS_FOR_STATE", "up", ""})


def check(dashboard: Dashboard, context: Context) -> Iterator[Finding]:
    """Want each scraped series, and each label that it is chosen by, to be in the catalogue.

    Without a catalogue there is nothing to hold against.
    """
    if context.metrics is None:
        return
    for panel, target in prometheus_targets(dashboard):
        for one in series_of(dashboard, target.expr):
            if one.metric in _OF_PROMETHEUS or is_recorded(one.metric):
                continue
            metric = context.metrics.get(one.metric)
            if metric is None:
                yield Finding(
                    f"reads {one.metric}, which is not in the catalogue of metrics",
                    catalogue_advice(one.metric, context.metrics, context.catalogue),
                    panel.title,
                    target.ref,
                )
                continue
            known = metric.labels | TARGET_LABELS | {"le"}
            for label in sorted({label for label, _, _ in one.matchers} - known):
                yield Finding(
                    f"chooses {one.metric} by {label}, a label that it does not have",
                    closest(label, known),
                    panel.title,
                    target.ref,
                )
