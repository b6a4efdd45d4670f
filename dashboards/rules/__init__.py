"""The rules that need nothing but the dashboard: one file each, named as the rule.

The first fifteen are those of Grafana's dashboard-linter that speak of Prometheus, under its
names; the others are ours.
"""

from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Final

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Finding, Problem

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
OWN_RULES: Final = ("panel-type", "panel-grid", "panel-threshold", "dashboard-uid")
RULES: Final = LINTER_RULES + OWN_RULES


def load(rule: str) -> Check:
    """Return the check of a rule."""
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
            )
