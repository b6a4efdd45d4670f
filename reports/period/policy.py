"""What the project has agreed to do when an error budget is spent, and what that means now."""

from dataclasses import dataclass
from enum import StrEnum

from reports.period.objectives import ObjectiveRow
from slo.project.project import Project


class Decision(StrEnum):
    """What may be released."""

    PROCEED = "proceed"
    FREEZE = "freeze"
    UNKNOWN = "unknown"  # nobody knows how much is spent: not a reason to proceed


@dataclass(frozen=True, slots=True)
class PolicyRow:
    """One objective: the share of its budget that is spent, the step it reached, and what next.

    `step` is the share from which the step holds, None below the first; `then` is what to do.
    """

    objective: str
    display_name: str
    spent: float | None
    step: float | None
    then: str
    decision: Decision


def policy_rows(project: Project, rows: tuple[ObjectiveRow, ...]) -> tuple[PolicyRow, ...]:
    """Return what the policy says of each objective; none where the project has no policy."""
    return tuple(_row(project, row) for row in rows) if project.reports.policy else ()


def _row(project: Project, row: ObjectiveRow) -> PolicyRow:
    if row.budget_left is None:
        then = "find out how much of the budget is left"
        return PolicyRow(row.name, row.display_name, None, None, then, Decision.UNKNOWN)
    spent = 1.0 - row.budget_left
    reached = [one for one in project.reports.policy if spent >= one.spent]
    if not reached:
        return PolicyRow(row.name, row.display_name, spent, None, "", Decision.PROCEED)
    step = reached[-1]
    decision = Decision.FREEZE if step.freeze else Decision.PROCEED
    return PolicyRow(row.name, row.display_name, spent, step.spent, step.then, decision)
