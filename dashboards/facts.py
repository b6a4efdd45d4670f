"""What the dashboards are compiled from: a project, its objectives and alerts, and templates."""

from collections.abc import Mapping
from dataclasses import dataclass

from dashboards.boards.templates import Templates
from dashboards.context import Alert
from dashboards.names import Recorded
from slo.objective import Objective
from slo.project.project import Project


@dataclass(frozen=True, slots=True)
class Facts:
    """The numbers that thresholds come from, so that none is written twice.

    `limits` are those that alerts turn on, by name, such as `error_ratio_high`: 0.05. `firing`
    selects the service's alerts that fire, in PromQL.
    """

    project: Project
    objectives: tuple[Objective, ...]
    limits: Mapping[str, float]
    recorded: Recorded
    alerts: tuple[Alert, ...]
    firing: str
    templates: Templates
