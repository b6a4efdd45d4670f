"""How each objective fared: this window, the one before, four weeks, and the budget left."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from kit.pure.moments import local
from reports.period import wording
from reports.period.evidence import Evidence
from reports.period.kinds import about
from reports.period.quality import Quality
from reports.period.tallies import FOUR_WEEKS_SPAN, Tally, tally, trouble
from slo.account import WELL_WATCHED, Account
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
    CONTRADICTORY = "CONTRADICTORY"


@dataclass(frozen=True, slots=True)
class ObjectiveRow:
    """Shares are between 0 and 1; `change` is this minus before.

    `budget_left` is of the objective's own window as it stands at the end, 1.0 is all of it and
    below 0 it is overspent; `kept` is the share of good in that window, and `watched` the share of
    it that was measured. `runs_out` is when the budget is gone at this window's pace, None when
    the pace can be kept for ever. `traffic_share` is how much of all requests the objective counts.
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
    window: str = ""
    kept: float | None = None
    watched: float | None = None

    @property
    def is_thin(self) -> bool:
        """Say whether so little of the window was measured that it must be said."""
        return self.watched is not None and self.watched < WELL_WATCHED


def objective_rows(evidence: Evidence, state: Quality) -> tuple[ObjectiveRow, ...]:
    """Return a row for each objective; `state` says how much of the window was scraped."""
    requests = evidence.requests
    return tuple(_row(evidence, one, state, requests) for one in evidence.objectives)


def verdict_of(rows: tuple[ObjectiveRow, ...]) -> Verdict:
    """Return FAIL for a breach, else what is worst known of any objective, else PASS."""
    found = {row.status for row in rows}
    if Status.BREACHED in found:
        return Verdict.FAIL
    if Status.CONTRADICTORY in found:
        return Verdict.CONTRADICTORY
    if Status.INSUFFICIENT_DATA in found or not found:
        return Verdict.NO_DATA
    return Verdict.PASS


def _row(
    evidence: Evidence, objective: Objective, state: Quality, requests: float | None
) -> ObjectiveRow:
    this, before, month = (
        tally(evidence, objective, span) for span in ("this", "before", FOUR_WEEKS_SPAN)
    )
    good, good_before = _good(this), _good(before)
    account = evidence.accounts.get(objective.name)
    is_known = account is not None and account.is_known
    counted = not isinstance(objective.indicator, RawRatio)
    pace = None if good is None else (1 - good) / objective.budget
    status, reason = _status(evidence, objective, account, this, state)
    return ObjectiveRow(
        name=objective.name,
        display_name=objective.display_name,
        measure=str(about(objective, evidence.project)),
        target=objective.target,
        this=good,
        before=good_before,
        four_weeks=_good(month),
        change=None if good is None or good_before is None else good - good_before,
        events=this.total if this and counted else None,
        bad_events=this.bad if this and counted else None,
        budget_left=account.budget.remaining if account and is_known else None,
        pace=pace,
        runs_out=_zoned(evidence, account.runs_out_at(pace)) if account and is_known else None,
        traffic_share=min(1.0, this.total / requests) if this and counted and requests else None,
        status=status,
        reason=reason,
        window=_window(objective, account),
        kept=account.budget.good_ratio if account and is_known else None,
        watched=account.watched if account else None,
    )


def _zoned(evidence: Evidence, moment: datetime | None) -> datetime | None:
    return None if moment is None else local(moment, evidence.window.zone)


def _window(objective: Objective, account: Account | None) -> str:
    """Return the objective's window in words: `30 days`, or `1M since 01 Feb 2026`."""
    calendar = objective.calendar
    if calendar is None:
        days = objective.window / timedelta(days=1)
        return f"{days:g} days" if days >= 1 else f"{days * 24:g} hours"
    length = f"{calendar.count}{calendar.unit}"
    if account is None or account.period is None:
        return length
    return f"{length} since {local(account.period.start, calendar.zone):%d %b %Y}"


def _good(tally: Tally | None) -> float | None:
    return None if tally is None else tally.good


def _status(
    evidence: Evidence,
    objective: Objective,
    account: Account | None,
    this: Tally | None,
    state: Quality,
) -> tuple[Status, str]:
    if account is not None and (found := _proved(account)):
        return found
    if unknown := _why_unknown(evidence, objective, account, this, state):
        return Status.INSUFFICIENT_DATA, unknown
    if this is None or account is None or this.good is None:
        return Status.INSUFFICIENT_DATA, ""
    if thin := _too_thin(account, this, state):
        return Status.INSUFFICIENT_DATA, thin
    warning = _warning(account, this.good, evidence.window.end)
    return (Status.WARNING, warning) if warning else (Status.OK, "")


def _proved(account: Account) -> tuple[Status, str] | None:
    """Return what holds of a budget however little of the report's window is known."""
    if wrong := account.counted.contradiction:
        return Status.CONTRADICTORY, f"the data contradict each other: {wrong}"
    if account.budget.verdict is Verdict.FAIL:
        over = _window(account.objective, account)
        return Status.BREACHED, f"the budget of {over} is overspent"
    return None


def _why_unknown(
    evidence: Evidence,
    objective: Objective,
    account: Account | None,
    this: Tally | None,
    state: Quality,
) -> str:
    """Return why there is no figure to judge, "" where there is one."""
    if evidence.is_measured and state.job_found is False:
        return state.unscraped
    if this is None:
        return trouble(evidence, objective, "this") or "no sample"
    if this.good is None:
        return "no traffic in the window"
    if account is not None and account.is_known:
        return ""
    why = account.problem if account and account.problem else "it was not counted"
    return f"the budget is not known: {why}"


def _too_thin(account: Account, this: Tally, state: Quality) -> str:
    if state.covered is None or state.covered < LEAST_COVERED:
        return state.unscraped
    if not isinstance(account.objective.indicator, RawRatio) and this.total < FEWEST_EVENTS:
        return f"only {this.total:.0f} events in the window"
    if account.budget.verdict is Verdict.INCONCLUSIVE:
        budget = account.budget
        lacking = budget.missing / (budget.missing + budget.total)
        return (
            f"{wording.hundredths(lacking)} of what should have been counted is missing, and may "
            "have broken the objective"
        )
    return ""


def _warning(account: Account, good: float, end: datetime) -> str:
    left, pace = account.budget.remaining, (1 - good) / account.objective.budget
    runs_out = account.runs_out_at(pace)
    if good < account.objective.target:
        return f"missed in this window, kept over {_window(account.objective, account)}"
    if left < _LOW_BUDGET:
        return f"{wording.percent(left)} of the budget is left"
    if runs_out is not None and runs_out - end < _SOON:
        return "at this pace the budget is gone within two weeks"
    return ""
