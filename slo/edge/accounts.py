"""What is reported about a budget: one row an objective, and one for each SLO of several."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from math import isfinite
from typing import Any

from kit.edge.prometheus import QueryRefusedError
from kit.pure.errors import BadInputError
from slo.account import Account, Counted, period_of
from slo.budget import Composite
from slo.edge.counting import Server, count, unit
from slo.maintenance import Maintenance, within
from slo.objective import Objective
from slo.period import Period
from slo.tally import Tally
from slo.verdict import Verdict


def account(
    server: Server,
    objective: Objective,
    now: datetime,
    maintenance: Sequence[Maintenance] = (),
    *,
    closing: bool = False,
) -> Account:
    """Return the account of an objective from what a Prometheus counted.

    `closing` is as for `period_of`; such an account has no pace of the last hour.
    A refusal is the account's `problem`. Raises UnreachableError.
    """
    period = period_of(objective, now, closing=closing)
    if period is None or period.passed < timedelta(minutes=1):
        return _without_server(objective, period, Tally(0, 0))
    out = within(maintenance, period)
    try:
        counted = count(server, objective, period, out, pace=not closing)
        return Account(objective, period, counted, out)
    except QueryRefusedError as err:
        return _without_server(objective, period, Tally(0, 0), problem=str(err))


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


def _without_server(
    objective: Objective, period: Period | None, tally: Tally, *, problem: str | None = None
) -> Account:
    counted = Counted(tally, unit(objective), None, Tally(0, 0), None)
    return Account(objective, period, counted, problem=problem)


def as_plain(one: Account) -> dict[str, Any]:
    """Return an account as JSON has it; times are in UTC, spans in seconds."""
    budget, tally, counted = one.budget, one.counted.tally, one.counted
    seen = one.is_known
    return {
        "objective": one.objective.name,
        "slo": one.objective.part.whole if one.objective.part else one.objective.name,
        "target": one.objective.target,
        "budgeting": str(one.objective.budgeting),
        "window": _window(one),
        "counted": counted.unit,
        **asdict(tally),
        "since": _time(counted.since),
        "watched": counted.watched,
        "measured": budget.good_ratio if seen else None,
        "burn": budget.burn if seen else None,
        "burn_last_hour": counted.burn_now,
        "spent": budget.spent if seen else None,
        "left": budget.remaining if seen else None,
        "bad_left": budget.bad_events_left if seen else None,
        "runs_out": _time(one.runs_out),
        "verdict": str(budget.verdict),
        "problem": one.problem or counted.contradiction,
        "excluded": _excluded(one),
    }


def plain_composite(name: str, whole: Composite) -> dict[str, Any]:
    """Return a composite as JSON has it."""
    seen = whole.verdict not in {Verdict.NO_DATA, Verdict.CONTRADICTORY}
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
