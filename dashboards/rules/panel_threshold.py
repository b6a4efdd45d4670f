"""A threshold is the number of an objective or of an alert, not a third opinion."""

import math
from collections.abc import Iterable, Iterator

import promql_parser as promql

from dashboards.context import Alert, Context
from dashboards.document import Dashboard, Drawn
from dashboards.names import objective_of
from dashboards.problem import Finding
from dashboards.queries import series_of
from dashboards.runbooks import alerts_of
from slo.objective import Objective
from slo.series import nodes, parse
from slo.windows import PAGES, TICKETS, scaled_factor

_SCALE = (0.0, 1.0)
"""None and all, yes and no: numbers that need no objective."""


def check(dashboard: Dashboard, context: Context) -> Iterator[Finding]:
    """Want each threshold to be a number of an objective, or of an alert that the panel names.

    A panel that reads the series of one objective is held to that objective's numbers alone.
    Without objectives there is nothing to hold against.
    """
    if not context.objectives:
        return
    for panel in dashboard.panels:
        objectives = _shown(dashboard, panel, context) or context.objectives
        alerts = [item for item in context.alerts if item.name in alerts_of(panel)]
        allowed = {*_SCALE, *_objective_limits(objectives, context), *_alarmed(alerts)}
        for threshold in panel.thresholds:
            value = threshold.value
            if value is None or any(math.isclose(value, number) for number in allowed):
                continue
            names = ", ".join(item.name for item in objectives)
            yield Finding(
                f"has the threshold {value:g}, which is no number of the objectives {names} "
                "nor of its alerts",
                "take it from the objective, or link the alert that compares with it",
                panel.title,
            )


def _shown(dashboard: Dashboard, panel: Drawn, context: Context) -> tuple[Objective, ...]:
    names = {
        name
        for target in panel.targets
        for selector in series_of(dashboard, target.expr)
        if (name := objective_of(selector)) is not None
    }
    return tuple(item for item in context.objectives if item.name in names)


def _objective_limits(objectives: Iterable[Objective], context: Context) -> Iterator[float]:
    for objective in objectives:
        yield from (objective.target, objective.budget)
        if objective.name in context.edges_s:
            yield context.edges_s[objective.name]
        for tier in (*PAGES, *TICKETS):
            yield scaled_factor(tier, objective)


def _alarmed(alerts: Iterable[Alert]) -> Iterator[float]:
    for alert in alerts:
        for node in nodes(parse(alert.expr)):
            if isinstance(node, promql.NumberLiteral):
                yield from (node.val, 1 - node.val)
