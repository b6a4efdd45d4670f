"""How bad it is to break a rule: what a project says, else what any Grafana makes of it."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Final

from dashboards.problem import Level, Problem

BROKEN: Final = frozenset(
    {"target-promql", "template-label-promql", "dashboard-uid", "metric-known", "panel-threshold",
     "template-data", "metric-exists", "panel-data", "alert-panel"}
)  # fmt: skip
"""A dashboard that breaks one of these does not work; the others are customs."""


def levelled(problems: Iterable[Problem], said: Mapping[str, str]) -> Iterator[Problem]:
    """Yield the problems with their levels, without those whose rule is off.

    `said` are the levels that a project gives its rules. A problem that its rule is not sure of is
    a warning at most.
    """
    for one in problems:
        usual = Level.ERROR if one.rule in BROKEN else Level.WARNING
        level = Level(said.get(one.rule, usual))
        if level is not Level.OFF:
            yield replace(one, level=Level.WARNING if one.level is Level.WARNING else level)
