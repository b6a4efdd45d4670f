"""What an objective is about, by what it counts."""

from collections.abc import Sequence

from slo.meaning import UnmeasurableError, meaning_of
from slo.objective import Measure, Objective, Ratio, RawRatio
from slo.project.project import Project
from slo.series import selectors


def about(objective: Objective, project: Project) -> Measure:
    """Return what an objective measures; the label `measure` only tells alike ones apart."""
    gauge = project.roles.accuracy.gauge if project.roles.accuracy else None
    if isinstance(objective.indicator, RawRatio):
        read = {one.metric for one in selectors(objective.indicator.success)}
        return Measure.ACCURACY if gauge in read else Measure.OTHER
    try:
        meaning = meaning_of(objective, project)
    except UnmeasurableError:
        return Measure.OTHER
    if meaning.edges_s:
        return Measure.LATENCY
    parts = {part for term in meaning.bad for part, _, _ in term.matchers}
    if "status" not in parts:
        return Measure.OTHER
    is_alike = objective.measure is Measure.AVAILABILITY
    return Measure.AVAILABILITY if is_alike else Measure.ERRORS


def fault_objective(objectives: Sequence[Objective], project: Project) -> Objective | None:
    """Return the objective by which outages are found: availability, else errors."""
    for measure in (Measure.AVAILABILITY, Measure.ERRORS):
        for one in objectives:
            if about(one, project) is measure and isinstance(one.indicator, Ratio):
                return one
    return None
