"""What kind of trouble an objective speaks of, from what its queries count."""

from enum import StrEnum

from slo.meaning import UnmeasurableError, meaning_of
from slo.objective import Objective, RawRatio
from slo.project.project import Project
from slo.series import fill_window, selectors


class Trouble(StrEnum):
    """Alerts about the same trouble keep silent about each other."""

    ERRORS = "errors"
    LATENCY = "latency"
    ACCURACY = "accuracy"


def trouble_of(objective: Objective, project: Project) -> Trouble | None:
    """Return what an objective of the project is about; None where no family knows it."""
    gauge = project.roles.accuracy
    if isinstance(objective.indicator, RawRatio):
        read = {each.metric for each in selectors(fill_window(objective.indicator.success, "5m"))}
        return Trouble.ACCURACY if gauge and gauge.gauge in read else None
    try:
        meaning = meaning_of(objective, project)
    except UnmeasurableError:
        return None
    return Trouble.LATENCY if meaning.edges_s else Trouble.ERRORS


def edge_of(objective: Objective, project: Project) -> float:
    """Return the longest latency in seconds that decides for an objective on latency."""
    return meaning_of(objective, project).edges_s[-1]
