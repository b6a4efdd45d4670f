"""What to do about what spends the budgets: outages, slow deploys, and what neither explains."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Final

from reports.period import wording
from reports.period.action import Action, Findings, action
from reports.period.objectives import ObjectiveRow, Status
from reports.period.outages import Outage
from reports.period.regressions import Regression
from reports.period.states import State
from slo.objective import Measure

_STILL_MISSED: Final = 0.5


def of_budgets(found: Findings, end: datetime) -> Iterable[Action]:
    """Yield what to do, each with what it cost."""
    yield from _of_outages(found.outages, end)
    yield from _of_regressions(found.regressions, end)
    yield from _of_breaches(found, end)


def _of_outages(outages: Iterable[Outage], end: datetime) -> Iterable[Action]:
    for one in outages:
        when = f"{one.start:%A %d %B} {wording.clock(one.start)} to {_until(one)}"
        over = None if one.state is State.OPEN else one.end
        if one.kind == "down":
            yield action(
                f"down:{one.start.date()}",
                "Find out why no instance answered",
                f"down on {when} ({wording.minutes(one.minutes)}){_cost(one)}",
                min(one.minutes / 60, 1.0),
                end,
                begin=one.start,
                over=over,
                state=one.state,
            )
        else:
            yield action(
                f"outage:{one.start:%Y-%m-%dT%H}",
                f"Prevent another outage like that of {one.start:%A} {wording.clock(one.start)}",
                f"{one.bad:,.0f} requests failed on {when}, mostly {one.where}{_cost(one)}: "
                f"{wording.percent(one.budget_share)} of four weeks' budget",
                _weight(one.budget_share),
                end,
                begin=one.start,
                over=over,
                state=one.state,
            )


def _until(one: Outage) -> str:
    """Return when an outage ended; with its day where that is another."""
    same_day = one.start.date() == one.end.date()
    return wording.clock(one.end) if same_day else wording.day_and_time(one.end)


def _cost(one: Outage) -> str:
    """Return what an outage cost besides what failed, as far as that is known."""
    lost = f", about {one.lost:,.0f} requests lost" if one.lost else ""
    return lost + (f", up to {one.users:,.0f} users met it" if one.users else "")


def _weight(budget_share: float | None) -> float:
    """Return how much a cost weighs; one that is not known may be all of the budget."""
    return 1.0 if budget_share is None else budget_share


def _of_regressions(regressions: Sequence[Regression], end: datetime) -> Iterable[Action]:
    named: set[str] = set()
    for one in regressions:
        if one.end is not None:  # it is over: `settled` tells of it
            continue
        if one.deploy.version in named:  # the dearest route speaks for its deploy
            continue
        named.add(one.deploy.version)
        others = sum(r.deploy == one.deploy and r.end is None for r in regressions) - 1
        more = f", and {others} more" if others else ""
        yield action(
            f"slow:{one.deploy.version}:{one.route}",
            f"Make {one.route} as fast as before {one.deploy.version}, or roll it back",
            f"slow requests went from {wording.tenths(one.share_before)} to "
            f"{wording.tenths(one.share_after)} with the deploy of "
            f"{one.deploy.at:%A} {wording.clock(one.deploy.at)}{more}: {one.excess:,.0f} more, "
            f"{wording.percent(one.budget_share)} of four weeks' budget",
            _weight(one.budget_share),
            end,
            begin=one.begin,
            state=one.state,
        )


def _of_breaches(found: Findings, end: datetime) -> Iterable[Action]:
    """Yield one for each overspent budget that outages and slow deploys do not explain."""
    for row in found.promises:
        if row.status is not Status.BREACHED:
            continue
        explained = _explained(found, row)
        if explained and _unexplained_pace(row, explained) < _STILL_MISSED:
            continue
        spent = next((one for one in found.spending if one.promise == row.name), None)
        where = ""
        if spent is not None:
            top = spent.cells[0]
            where = f"; {wording.percent(top.share)} of it is {top.route} {top.status}".rstrip()
        yield action(
            f"budget:{row.name}",
            f"Stop what spends the budget of {row.display_name.lower()}",
            f"{wording.share(row.this)} in this window where the objective is "
            f"{row.target * 100:g} %{where}{_besides(explained)}",
            min(1.0, -(row.budget_left or 0.0)) * (1 - explained),
            end,
        )


def _explained(found: Findings, row: ObjectiveRow) -> float:
    """Return the share of a row's bad events that outages, or slow deploys, account for."""
    if not row.bad_events:
        return 0.0
    if row.measure == Measure.LATENCY:
        known = sum(one.excess for one in found.regressions if one.objective == row.name)
    elif row.measure in {Measure.AVAILABILITY, Measure.ERRORS}:
        known = sum(one.bad for one in found.outages)
    else:
        return 0.0
    return min(1.0, known / row.bad_events)


def _unexplained_pace(row: ObjectiveRow, explained: float) -> float:
    """Return how many times too fast what is not explained spends the budget."""
    return (row.pace or 0.0) * (1 - explained)


def _besides(explained: float) -> str:
    return f"; outages or slow deploys are {wording.percent(explained)} of it" if explained else ""
