"""How each objective fared: this window, the one before, four weeks, and the budget left."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from reports.period import wording
from reports.period.evidence import Evidence
from reports.period.plan import FOUR_WEEKS
from reports.period.tallies import FOUR_WEEKS_SPAN, Tally, tally, trouble
from slo.objective import Objective, RawRatio
from slo.verdict import Verdict

FEWEST_EVENTS: Final = 100
"""Below this many events a share says nothing about an objective of 99 %."""
LEAST_COVERED: Final = 0.5
_LOW_BUDGET: Final = 0.25
_SOON: Final = timedelta(days=14)


class Status(StrEnum):
    """The word beside each objective."""

    OK = "OK"
    WARNING = "WARNING"
    BREACHED = "BREACHED"
    INSUFFICIENT_DATA = "INSUFFICIENT DATA"


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """Shares are between 0 and 1; `change` is this minus before.

    `budget_left` is of the four weeks that end with the window, 1.0 is all of it and below 0 it is
    overspent. `runs_out` is when it is gone at this window's pace, None when the pace can be kept
    for ever. `traffic_share` is how much of all requests the objective counts.
    """

    name: str
    display_name: str
    measure: str
    target: float
    this: float | None
    before: float | None
    four_weeks: float | None
    change: float | None
    events: float | None
    bad_events: float | None
    budget_left: float | None
    pace: float | None
    runs_out: datetime | None
    traffic_share: float | None
    status: Status
    reason: str


def objective_rows(evidence: Evidence, *, covered: float | None) -> tuple[ObjectiveRow, ...]:
    """Return a row for each objective; `covered` is the share of the window that was scraped."""
    requests = evidence.requests
    return tuple(_row(evidence, one, covered, requests) for one in evidence.objectives)


def verdict_of(rows: tuple[ObjectiveRow, ...]) -> Verdict:
    """Return FAIL for a breach, NO DATA when any objective is not known, else PASS."""
    found = {row.status for row in rows}
    if Status.BREACHED in found:
        return Verdict.FAIL
    if Status.INSUFFICIENT_DATA in found or not found:
        return Verdict.NO_DATA
    return Verdict.PASS


def _row(
    evidence: Evidence, objective: Objective, covered: float | None, requests: float | None
) -> ObjectiveRow:
    window = evidence.window
    this, before, month = (
        tally(evidence, objective, span) for span in ("this", "before", FOUR_WEEKS_SPAN)
    )
    good, good_before = _good(this), _good(before)
    counted = not isinstance(objective.indicator, RawRatio)
    pace = None if good is None else (1 - good) / objective.budget
    left = None if (g := _good(month)) is None else 1 - (1 - g) / objective.budget
    runs_out = _runs_out(window.end, left, pace)
    status, reason = _status(objective, this, good, left, runs_out, window.end, covered)
    if status is Status.INSUFFICIENT_DATA and not reason:
        reason = _unknown(evidence, objective, this)
    return ObjectiveRow(
        name=objective.name,
        display_name=objective.display_name,
        measure=str(objective.measure),
        target=objective.target,
        this=good,
        before=good_before,
        four_weeks=_good(month),
        change=None if good is None or good_before is None else good - good_before,
        events=this.total if this and counted else None,
        bad_events=this.bad if this and counted else None,
        budget_left=left,
        pace=pace,
        runs_out=runs_out,
        traffic_share=min(1.0, this.total / requests) if this and counted and requests else None,
        status=status,
        reason=reason,
    )


def _unknown(evidence: Evidence, objective: Objective, this: Tally | None) -> str:
    """Return why this window or the four weeks are not known."""
    if this is None:
        return trouble(evidence, objective, "this") or "no sample"
    why = trouble(evidence, objective, FOUR_WEEKS_SPAN) or "no sample"
    return f"the budget of four weeks is not known: {why}"


def _good(tally: Tally | None) -> float | None:
    return None if tally is None else tally.good


def _runs_out(end: datetime, left: float | None, pace: float | None) -> datetime | None:
    """Return when the budget is gone if all goes on as in this window.

    A rolling budget stands a pace of 1.0 for ever. Source: SRE workbook, chapter 5.
    """
    if left is None or pace is None:
        return None
    if left <= 0:
        return end
    return None if pace <= 1 else end + FOUR_WEEKS * (left / pace)


def _status(
    objective: Objective,
    this: Tally | None,
    good: float | None,
    left: float | None,
    runs_out: datetime | None,
    end: datetime,
    covered: float | None,
) -> tuple[Status, str]:
    if good is None or this is None:
        nothing = "" if this is None else "no traffic in the window"
        return Status.INSUFFICIENT_DATA, nothing
    if left is None:
        return Status.INSUFFICIENT_DATA, ""
    if left < 0:
        return Status.BREACHED, "the budget of four weeks is overspent"
    counted = not isinstance(objective.indicator, RawRatio)
    if thin := _too_thin(this.total if counted else None, covered):
        return Status.INSUFFICIENT_DATA, thin
    warning = _warning(objective, good, left, None if runs_out is None else runs_out - end)
    return (Status.WARNING, warning) if warning else (Status.OK, "")


def _too_thin(events: float | None, covered: float | None) -> str:
    if covered is None:
        return "how much of the window was scraped is not known"
    if covered < LEAST_COVERED:
        return f"only {wording.percent(covered)} of the window was scraped"
    if events is not None and events < FEWEST_EVENTS:
        return f"only {events:.0f} events in the window"
    return ""


def _warning(objective: Objective, good: float, left: float, lasts: timedelta | None) -> str:
    if good < objective.target:
        return "missed in this window, kept over four weeks"
    if left < _LOW_BUDGET:
        return f"{wording.percent(left)} of the budget is left"
    if lasts is not None and lasts < _SOON:
        return "at this pace the budget is gone within two weeks"
    return ""
