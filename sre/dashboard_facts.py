"""Give the dashboards what they are compiled from: a project, its objectives and its rules."""

from pathlib import Path

from alerts.edge.generated import rules_of
from alerts.edge.shipped import limits_of
from alerts.names import (
    BAD,
    PART_BAD,
    PART_TOTAL,
    ROUTE_BAD,
    ROUTE_TOTAL,
    SPENT,
    TOTAL,
    WATCHED,
    ratio,
)
from dashboards.boards.known import edge_of
from dashboards.context import Alert, Context
from dashboards.edge.templates import load_templates
from dashboards.facts import Facts
from dashboards.names import Recorded
from slo.edge.files import load_objectives
from slo.edge.project_file import load_project
from slo.objective import Objective
from slo.project.project import Project
from slo.recorded import SLO_LABEL, is_ours


def load_facts(project: Project | None = None, objectives: Path | None = None) -> Facts:
    """Return what the dashboards of a project follow from; the calendar's without one."""
    project = project or load_project()
    found = load_objectives(objectives or Path(project.paths.objectives), project)
    recorded = Recorded(
        bad=BAD,
        total=TOTAL,
        bad_ratio=ratio,
        budget_spent=SPENT,
        budget_watched=WATCHED,
        parts=_parts,
    )
    return Facts(
        project=project,
        objectives=found,
        limits=limits_of(project),
        recorded=recorded,
        alerts=_alerts(project, found),
        # Watchdog, which always fires, is not one to look at.
        firing=f'ALERTS{{alertstate="firing",alertname!="Watchdog",{project.own_alerts}}}',
        templates=load_templates(project.paths.boards),
    )


def context_of(facts: Facts) -> Context:
    """Return what dashboards are held against: the same objectives, and all alerts."""
    edges_s = {
        one.name: edge_s
        for one in facts.objectives
        if (edge_s := edge_of(one, facts.project)) is not None
    }
    project = facts.project
    boards = {"boards": project.shown(project.paths.boards)} if project.paths.boards else {}
    return Context(
        facts.objectives, facts.alerts, project.series(), project.metrics_file,
        edges_s=edges_s, **boards,
    )  # fmt: skip


def _alerts(project: Project, objectives: tuple[Objective, ...]) -> tuple[Alert, ...]:
    return tuple(
        Alert(one.name, one.expr, dict(one.labels).get(SLO_LABEL))
        for one in rules_of(project, objectives).alerts()
    )


def _parts(objective: Objective) -> tuple[str, str] | None:
    if objective.split_by is None:
        return None
    return (ROUTE_BAD, ROUTE_TOTAL) if is_ours(objective) else (PART_BAD, PART_TOTAL)
