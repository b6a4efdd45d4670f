"""What an incident cost, in the terms of each objective's budget."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from kit.edge.prometheus import Prometheus, QueryRefusedError
from slo.edge.accounts import account
from slo.edge.counting import count
from slo.objective import Objective
from slo.period import Period
from slo.verdict import Verdict

_SHORTEST = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Cost:
    """What one objective lost: `bad` of `total` in the incident, as a share of its whole budget.

    `left` is what is left of the budget now, negative when it is overspent. None is not known;
    `problem` says why.
    """

    objective: str
    target: float
    unit: str
    bad: float | None = None
    total: float | None = None
    share: float | None = None
    left: float | None = None
    verdict: Verdict = Verdict.NO_DATA
    problem: str = ""


def costs(
    server: Prometheus, objectives: Sequence[Objective], start: datetime, end: datetime,
    now: datetime,
) -> list[Cost]:  # fmt: skip
    """Return what each objective lost between two moments, counted by Prometheus.

    An incident is counted as a minute long at the least. Raises UnreachableError.
    """
    end = max(end, start + _SHORTEST)
    return [_cost(server, each, Period(start, end, end), now) for each in objectives]


def _cost(server: Prometheus, objective: Objective, period: Period, now: datetime) -> Cost:
    try:
        counted = count(server, objective, period, ())
    except QueryRefusedError as err:
        return Cost(objective.name, objective.target, "", problem=str(err))
    found = account(server, objective, now)
    if problem := found.problem or found.counted.contradiction:
        return Cost(objective.name, objective.target, "", problem=problem)
    tally, whole = counted.tally, found.budget
    allowed = objective.budget * whole.total / whole.fraction if whole.fraction else 0.0
    if not tally.total or not allowed:
        return Cost(objective.name, objective.target, counted.unit, problem="nothing was counted")
    return Cost(
        objective.name, objective.target, counted.unit, tally.bad, tally.total,
        tally.bad / allowed, whole.remaining, whole.verdict,
    )  # fmt: skip


def as_plain(cost: Cost) -> dict[str, object]:
    """Return a cost as JSON has it."""
    return {
        "objective": cost.objective,
        "target": cost.target,
        "unit": cost.unit,
        "bad": cost.bad,
        "total": cost.total,
        "share_of_budget": cost.share,
        "budget_left": cost.left,
        "verdict": str(cost.verdict),
        "problem": cost.problem,
    }
