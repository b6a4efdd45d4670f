"""What is reported about a budget: one row an objective, and one for each SLO of several."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

from kit.edge.prometheus import QueryRefusedError
from kit.pure.errors import BadInputError, NotEnoughDataError
from slo.budget import Budget, Composite, composite, runs_out
from slo.edge.counting import Counted, Server, count, unit
from slo.maintenance import Maintenance, within
from slo.objective import Objective
from slo.period import Period, rolling
from slo.tally import Tally
from slo.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Account:
    """The budget of one objective; `period` is None before its first window begins."""

    objective: Objective
    period: Period | None
    counted: Counted
    left_out: tuple[Maintenance, ...] = ()

    @property
    def budget(self) -> Budget:
        """Return the budget as it stands."""
        tally = self.counted.tally
        fraction = self.period.fraction if self.period else 0.0
        return Budget(self.objective, tally.bad, tally.total, tally.missing, fraction)

    @property
    def pace(self) -> float | None:
        """Return the burn rate that a forecast goes by.

        Of a window of the calendar it is the mean so far; a rolling one, whose mean is already in
        what is spent, goes by the last hour.
        """
        return self.counted.burn_now if self.objective.calendar is None else self.budget.burn

    @property
    def runs_out(self) -> datetime | None:
        """Return when the budget is gone at that pace, None when it lasts."""
        if self.period is None or self.pace is None or self.budget.total == 0:
            return None
        rolls = self.objective.calendar is None
        left = self.budget.remaining
        return runs_out(self.period, burn=self.pace, remaining=left, rolls=rolls)


def period_of(objective: Objective, now: datetime) -> Period | None:
    """Return the window of an objective that now lies in."""
    if objective.calendar is None:
        return rolling(objective.window, now)
    return objective.calendar.around(now)


def account(
    server: Server, objective: Objective, now: datetime, maintenance: Sequence[Maintenance] = ()
) -> Account:
    """Return the account of an objective from what a Prometheus counted.

    Raises UnreachableError, and NotEnoughDataError when the server refuses to answer.
    """
    period = period_of(objective, now)
    if period is None or period.passed < timedelta(minutes=1):
        return _without_server(objective, period, Tally(0, 0))
    out = within(maintenance, period)
    try:
        return Account(objective, period, count(server, objective, period, out), out)
    except QueryRefusedError as err:
        raise NotEnoughDataError(
            f"{objective.name} cannot be counted: {err}", hint=err.hint or "mend its query"
        ) from err


def given(objective: Objective, now: datetime, bad: float, total: float) -> Account:
    """Return the account of an objective from counts of its window so far.

    Raises BadInputError when they cannot be, and when the window has not begun.
    """
    if not isfinite(bad) or not isfinite(total):
        raise BadInputError("--bad and --total are counts", hint="write plain numbers")
    if bad > total > 0:  # of nothing there is no share: no data
        raise BadInputError(f"--bad {bad:g} is more than --total {total:g}", hint="swap them?")
    period = period_of(objective, now)
    if period is None and total > 0:
        raise BadInputError(
            f"{objective.name} has not begun, so that nothing can have been counted",
            hint="see its calendar.startTime",
        )
    return _without_server(objective, period, Tally(min(bad, total), total))


def _without_server(objective: Objective, period: Period | None, tally: Tally) -> Account:
    nothing = Tally(0, 0)
    return Account(objective, period, Counted(tally, unit(objective), None, nothing, None))


def composites(accounts: Sequence[Account]) -> dict[str, Composite]:
    """Return the SLOs of several objectives by name; one objective asked for alone is none."""
    parts: dict[str, list[Account]] = {}
    for each in accounts:
        if each.objective.part is not None:
            parts.setdefault(each.objective.part.whole, []).append(each)
    return {
        name: composite(each.budget for each in found)
        for name, found in parts.items()
        if len(found) > 1
    }


def verdicts(accounts: Sequence[Account]) -> list[Verdict]:
    """Return a verdict for each SLO; the parts of a composite are judged together."""
    wholes = composites(accounts)
    alone = [
        each.budget.verdict
        for each in accounts
        if each.objective.part is None or each.objective.part.whole not in wholes
    ]
    return alone + [each.verdict for each in wholes.values()]


def as_plain(one: Account) -> dict[str, Any]:
    """Return an account as JSON has it; times are in UTC, spans in seconds."""
    budget, tally, counted = one.budget, one.counted.tally, one.counted
    seen = tally.total > 0
    return {
        "objective": one.objective.name,
        "slo": one.objective.part.whole if one.objective.part else one.objective.name,
        "target": one.objective.target,
        "budgeting": str(one.objective.budgeting),
        "window": _window(one),
        "counted": counted.unit,
        **asdict(tally),
        "since": _time(counted.since),
        "measured": budget.good_ratio,
        "burn": budget.burn if seen else None,
        "burn_last_hour": counted.burn_now,
        "spent": budget.spent if seen else None,
        "left": budget.remaining if seen else None,
        "bad_left": budget.bad_events_left if seen else None,
        "runs_out": _time(one.runs_out),
        "verdict": str(budget.verdict),
        "excluded": _excluded(one),
    }


def plain_composite(name: str, whole: Composite) -> dict[str, Any]:
    """Return a composite as JSON has it."""
    seen = whole.verdict is not Verdict.NO_DATA
    parts = [
        {"objective": each.objective.name, "weight": weight, "weighted": weight * each.spent}
        for weight, each in whole.parts
    ]
    return {
        "objective": name,
        "slo": name,
        "composite": parts,
        "burn": whole.burn if seen else None,
        "spent": whole.spent if seen else None,
        "left": 1 - whole.spent if seen else None,
        "verdict": str(whole.verdict),
    }


def _window(one: Account) -> dict[str, Any] | None:
    if one.period is None:
        return None
    return {
        "kind": "rolling" if one.objective.calendar is None else "calendar",
        "start": _time(one.period.start),
        "end": _time(one.period.end),
        "length_s": one.period.length.total_seconds(),
        "passed": one.period.fraction,
    }


def _excluded(one: Account) -> dict[str, Any] | None:
    if not one.left_out:
        return None
    out = one.counted.left_out
    return {
        "time_s": sum(each.length.total_seconds() for each in one.left_out),
        "bad": out.bad,
        "total": out.total,
        "windows": [
            {"start": _time(each.start), "end": _time(each.end), "reason": each.reason}
            for each in one.left_out
        ],
    }


def _time(moment: datetime | None) -> str | None:
    return None if moment is None else moment.astimezone(UTC).isoformat(timespec="seconds")
