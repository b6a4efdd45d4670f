"""The rules that need nothing but the dashboard: one file each, named as the rule.

Four that say the same of the labels `job` and `instance` share `target_labels.py`.

The first fifteen are those of Grafana's dashboard-linter that speak of Prometheus, under its
names; the others are ours.
"""

from collections.abc import Callable, Iterator
from functools import partial
from importlib import import_module
from typing import Final

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding, Level, Problem
from dashboards.rules.target_labels import target_matcher, target_variable

Check = Callable[[Dashboard, Context], Iterator[Finding]]

LINTER_RULES: Final = (
    "template-datasource",
    "template-job",
    "template-instance",
    "template-label-promql",
    "template-on-time-change-reload",
    "panel-datasource",
    "panel-title-description",
    "panel-units",
    "panel-no-targets",
    "target-promql",
    "target-rate-interval",
    "target-job",
    "target-instance",
    "target-counter-agg",
    "uneditable-dashboard",
)
OWN_RULES: Final = (
    "panel-type", "panel-grid", "panel-threshold", "metric-known", "dashboard-uid",
)  # fmt: skip
RULES: Final = LINTER_RULES + OWN_RULES
_OF_TARGET_LABELS: Final[dict[str, Check]] = {
    "template-job": partial(target_variable, name="job"),
    "template-instance": partial(target_variable, name="instance"),
    "target-job": partial(target_matcher, label="job"),
    "target-instance": partial(target_matcher, label="instance"),
}


def load(rule: str) -> Check:
    """Return the check of a rule."""
    if rule in _OF_TARGET_LABELS:
        return _OF_TARGET_LABELS[rule]
    check: Check = import_module(f"{__name__}.{rule.replace('-', '_')}").check
    return check


def check_dashboard(dashboard: Dashboard, context: Context) -> Iterator[Problem]:
    """Yield every problem that shows without asking a Prometheus."""
    for rule in RULES:
        # A query that names a series twice is wrong once.
        for finding in dict.fromkeys(load(rule)(dashboard, context)):
            yield Problem(
                rule,
                dashboard.path,
                finding.panel,
                finding.target,
                finding.message,
                finding.hint,
                Level.WARNING if finding.unsure else Level.ERROR,
            )
