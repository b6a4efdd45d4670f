"""Give the dashboards what they are compiled from: objectives, limits, and the names of rules."""

from dataclasses import asdict
from pathlib import Path

from alerts.edge.generated import rules_of
from alerts.names import BAD, ROUTE_BAD, ROUTE_TOTAL, SPENT, TOTAL, ratio
from alerts.thresholds import Thresholds
from dashboards.context import Alert, Context
from dashboards.facts import Facts
from dashboards.names import Recorded
from slo.edge.files import SHIPPED, load_objectives
from slo.edge.project_file import load_project


def load_facts(objectives: Path = SHIPPED) -> Facts:
    """Return the facts about the objectives of a directory."""
    recorded = Recorded(
        bad=BAD,
        total=TOTAL,
        bad_ratio=ratio,
        budget_spent=SPENT,
        route_bad=ROUTE_BAD,
        route_total=ROUTE_TOTAL,
    )
    return Facts(load_objectives(objectives), asdict(Thresholds()), recorded)


def context_of(facts: Facts) -> Context:
    """Return what dashboards are held against: the same objectives, and all alerts."""
    rules = rules_of(load_project(), facts.objectives)
    return Context(
        facts.objectives, tuple(Alert(alert.name, alert.expr) for alert in rules.alerts())
    )
