"""How much capacity a month leaves: the capacity report as of its end, in short."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from kit.pure.query import Query
from reports.capacity.report import capacity_report
from reports.capacity.report import queries as capacity_queries
from reports.period.evidence import Evidence
from reports.period.window import Kind, Window
from slo.project.project import Project

_PREFIX: Final = "capacity."


@dataclass(frozen=True, slots=True)
class CapacitySummary:
    """Rates are requests a second; `safe_per_s` is that of one replica, from the climb `run`.

    `used` is the busiest hour's share of what all replicas can do; `reached` is when growth gets
    there, None for not within a year.
    """

    headline: str
    run: str | None
    safe_per_s: float | None
    replicas: int | None
    busiest_per_s: float | None
    used: float | None
    growth_per_week: float | None
    reached: date | None


def queries(window: Window, project: Project) -> tuple[Query, ...]:
    """Return what a month asks beside the plan, and nothing for other windows."""
    if window.kind is not Kind.MONTH:
        return ()
    asked = capacity_queries(window.end, project)
    return tuple(replace(one, name=_PREFIX + one.name) for one in asked)


def capacity_summary(evidence: Evidence) -> CapacitySummary | None:
    """Return the summary of a month, None for other windows."""
    if evidence.window.kind is not Kind.MONTH:
        return None
    own = {
        name.removeprefix(_PREFIX): answer
        for name, answer in evidence.answers.items()
        if name.startswith(_PREFIX)
    }
    found = capacity_report(
        own, evidence.of_kind("load"), end=evidence.window.end, zone=evidence.window.zone
    )
    return CapacitySummary(
        found.headline,
        found.run,
        found.safe_per_s,
        found.replicas,
        found.busiest_per_s,
        found.used,
        None if found.growth_per_week is None else found.growth_per_week[0],
        found.reached,
    )
