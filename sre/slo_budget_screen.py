"""Budgets on a screen: a table, and under it whatever must not go unsaid."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from rich.console import Console

from kit.pure.moments import local
from slo.account import WELL_WATCHED, Account, composites
from slo.budget import Budget, Composite
from slo.verdict import Verdict
from sre.screen import console, table_of

_DIGITS = 6
_MOMENT = "%Y-%m-%d %H:%M"


def show_accounts(screen: Console, accounts: Sequence[Account]) -> None:
    """Print a row for each account and each SLO of several objectives, and the notes."""
    table = table_of(
        "objective", "target", "measured", "budget spent", "left", "burn", "window", "runs out",
        "verdict",
    )  # fmt: skip
    for each in accounts:
        table.add_row(*_cells(each))
    for name, whole in composites(accounts).items():
        table.add_row(*_composite_cells(name, whole))
    screen.print(table)
    _show_refused(accounts)
    for each in accounts:
        for note in notes(each):
            screen.out(f"{each.objective.name}: {note}")
    for name, whole in composites(accounts).items():
        weights = ", ".join(f"{each.objective.name} x {weight:g}" for weight, each in whole.parts)
        screen.out(f"{name}: as far spent as the worst of {weights}; that decides the exit code")


def _show_refused(accounts: Sequence[Account]) -> None:
    aside = console(to_stderr=True)
    for each in accounts:
        if each.problem is not None:
            aside.out(f"error: {each.objective.name} cannot be counted: {each.problem}")
            aside.out("hint: mend its query; the other objectives were counted")


def _cells(each: Account) -> tuple[str, ...]:
    budget = each.budget
    target = f"{each.objective.target:.{_DIGITS}g}"
    if not each.is_known:
        said = str(budget.verdict)
        return each.objective.name, target, said, "", "", "", _window(each), "", said
    return (
        each.objective.name,
        target,
        f"{budget.good_ratio:.6f}",
        f"{budget.spent:.1%}",
        f"{budget.remaining:.1%}",
        f"{budget.burn:.2f}",
        _window(each),
        _runs_out(each),
        str(budget.verdict),
    )


def _composite_cells(name: str, whole: Composite) -> tuple[str, ...]:
    if whole.verdict in {Verdict.NO_DATA, Verdict.CONTRADICTORY}:
        return name, "", str(whole.verdict), "", "", "", "", "", str(whole.verdict)
    spent, left = f"{whole.spent:.1%}", f"{1 - whole.spent:.1%}"
    return name, "", "composite", spent, left, f"{whole.burn:.2f}", "", "", str(whole.verdict)


def _window(each: Account) -> str:
    if each.period is None:
        return "not begun"
    if each.objective.calendar is None:
        return f"last {each.period.length.total_seconds() / 86400:g} d"
    end = _local(each, each.period.end)
    return f"{each.period.fraction:.1%} passed, ends {end}"


def _runs_out(each: Account) -> str:
    if each.budget.remaining <= 0:
        return "is gone"
    if each.pace is None:
        return ""
    return "lasts" if each.runs_out is None else _local(each, each.runs_out)


def _local(each: Account, moment: datetime) -> str:
    """Return a time in the zone of the objective, UTC where it has none."""
    calendar = each.objective.calendar
    return local(moment, calendar.zone if calendar else ZoneInfo("UTC")).strftime(_MOMENT)


def notes(each: Account) -> Iterator[str]:
    """Yield what the figures of an account leave out or rest on."""
    tally, unit = each.counted.tally, each.counted.unit
    budget = each.budget
    if each.period is None:
        calendar = each.objective.calendar
        yield f"its first window begins at {calendar.start if calendar else ''}"
        return
    if each.counted.contradiction:
        yield f"the data contradict each other: {each.counted.contradiction}"
    elif tally.total:
        left = budget.bad_events_left
        more = f"{left:,.5g} more may be"
        if left < 0:
            more = f"that is {-left:,.5g} more than the budget has"
        yield f"{tally.bad:,.5g} of {tally.total:,.7g} {unit} were bad; {more} at this traffic"
    if each.counted.since and each.watched is not None and each.watched < WELL_WATCHED:
        begin = _local(each, each.counted.since)
        yield f"the data begin at {begin}: {each.watched:.2%} of the window so far was measured"
    yield from _undecided(budget)
    if tally.idle:
        yield f"{tally.idle:,.0f} {unit} had no events and do not count"
    yield from _left_out(each)


def _undecided(budget: Budget) -> Iterator[str]:
    if budget.missing:
        share = budget.missing / (budget.missing + budget.total)
        yield f"{share:.2%} of what should have been counted is missing, and is not taken as good"
    if budget.verdict is Verdict.INCONCLUSIVE:
        yield "that may have broken the objective; --maintenance leaves out explained times"


def _left_out(each: Account) -> Iterator[str]:
    tally, unit = each.counted.left_out, each.counted.unit
    for out in each.left_out:
        span = f"{_local(each, out.start)} to {_local(each, out.end)}"
        yield f"left out: {span}, {out.reason}"
    if each.left_out:
        hours = sum(out.length.total_seconds() for out in each.left_out) / 3600
        yield f"left out: {hours:.4g} h, {tally.total:,.7g} {unit}, {tally.bad:,.5g} of them bad"
