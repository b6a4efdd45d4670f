"""What is read first: summary, things to do, objectives, and where the budget went."""

from collections.abc import Iterator
from datetime import date
from typing import Final

from reports.document import (
    Badge,
    Block,
    CellValue,
    Chart,
    Column,
    Meter,
    Section,
    Steps,
    Table,
    Tiles,
    Words,
    columns,
    numeric,
)
from reports.period import wording
from reports.period.action import Action
from reports.period.actions import MOST
from reports.period.attribution import Cell, Spending
from reports.period.objectives import ObjectiveRow
from reports.period.operations_section import nothing_found
from reports.period.policy import Decision
from reports.period.report import PeriodReport

_MOST_FURTHER: Final = 8


def to_do(report: PeriodReport) -> Section:
    """Return the three things to do, the next ones, and what is done since the report before."""
    title = "Three things to do" if len(report.actions) == MOST else "Things to do"
    return Section("to-do", title, "", tuple(_to_do(report)))


def _to_do(report: PeriodReport) -> Iterator[Block]:
    if report.actions:
        yield Steps(
            tuple((a.do, a.because[:1].upper() + a.because[1:], _age(a)) for a in report.actions)
        )
    else:
        yield Words((nothing_found(report, "Nothing stands out"),))
    if report.further:
        rest = tuple(f"{a.do}: {a.because}" for a in report.further[:_MOST_FURTHER])
        yield Words(rest if len(rest) > 1 else (f"After that: {rest[0]}",))
    if report.settled:
        yield Words(tuple(f"Over: {one}." for one in report.settled))
    if report.done:
        gone = "; ".join(report.done)
        yield Words((f"Asked for in the report before and no longer needed: {gone}.",))


def summary(report: PeriodReport) -> Section:
    """Return the six figures of the operational procedures' evening summary."""
    found = report.summary
    figures = (
        (wording.whole(found.requests), "requests"),
        (wording.seconds(found.mean_response_s), "mean response time"),
        (wording.hundredths(found.error_rate), "error rate"),
        (wording.share(found.accuracy), report.understanding.name),
        (wording.share(found.cache_hit_ratio), "cache hits"),
        (wording.share(found.uptime), "uptime"),
    )
    absent = {
        name
        for name, role in (("cache hits", "cache"), (report.understanding.name, "accuracy"))
        if report.lacks(role)
    }
    shown = tuple(one for one in figures if one[1] not in absent)
    return Section("summary", "Summary", "", (Tiles(shown),))


def objectives(report: PeriodReport) -> Section:
    """Return the SLO table."""
    lead = (
        "The budget is that of each objective's own window, as it stands at the end of this "
        f"{report.period_word}. It runs out on the date shown if the pace of this "
        f"{report.period_word} goes on; a pace of 1 or less can be kept for ever."
    )
    windows = {row.window for row in report.promises}
    one_window = windows.pop() if len(windows) == 1 else ""
    over = f"Over {one_window}" if one_window else "Own window"
    before = map(numeric, ("Target", f"This {report.period_word}", "Change", over))
    heads = columns("Objective", *before, "Budget left", "Runs out", numeric("Of traffic"), "State")
    reasons = tuple(f"{r.display_name}: {r.reason}." for r in report.promises if r.reason)
    reasons += tuple(
        f"{r.display_name}: {wording.measured(r.watched)} of its window ({r.window}) was measured."
        for r in report.promises
        if r.is_thin
    )
    named = not one_window
    table = Table(heads, tuple(_objective(row, names_window=named) for row in report.promises))
    blocks: tuple[Block, ...] = (table, Words(reasons)) if reasons else (table,)
    return Section("objectives", "Objectives", lead, (*blocks, *_policy(report)))


def _policy(report: PeriodReport) -> Iterator[Table]:
    """Yield what the error-budget policy says of each objective, and the decision."""
    if not report.policy:
        return
    rows = tuple(
        (
            one.display_name,
            wording.percent(one.spent),
            wording.NONE if one.step is None else f"from {wording.percent(one.step)}",
            one.then or "nothing: go on as planned",
            Badge(one.decision.upper()),
        )
        for one in report.policy
    )
    heads = columns(
        "Objective", numeric("Spent"), "Step", Column("Then", is_sentence=True), "Decision"
    )
    yield Table(heads, rows, f"Error-budget policy: {_decision(report)}")


def _decision(report: PeriodReport) -> str:
    """Return what holds for the service: the strictest of its objectives."""
    found = {one.decision for one in report.policy}
    if Decision.FREEZE in found:
        return "freeze"
    return "not to be decided" if Decision.UNKNOWN in found else "proceed"


def budget(report: PeriodReport) -> Section:
    """Return where each budget went."""
    blocks: list[Block] = []
    for number, one in enumerate(report.spending):
        table = Table(
            columns("Day", numeric("Bad"), numeric("Share")),
            tuple(
                (_name_of_day(part.name), wording.whole(part.bad), wording.tenths(part.share))
                for part in one.by_day
            ),
        )
        title = f"{one.display_name}, day by day"
        chart = Chart(f"spending-{number}", title, _by_day(one), table=table)
        blocks += (chart, _cells(one), _parts(one))
    nothing = Words(("No bad event of a request-based objective could be placed.",))
    lead = (
        "Every bad event by route, status, day and the version that was live; shares add up to "
        "100 %."
    )
    return Section("budget", "Where the budget went", lead, tuple(blocks) or (nothing,))


def _age(action: Action) -> str:
    if not action.age_days:
        return ""
    return f"Open since {wording.day_of(action.since)}, {action.age_days} days"


def _objective(row: ObjectiveRow, *, names_window: bool) -> tuple[CellValue, ...]:
    left = row.budget_left
    is_spent = left is not None and left <= 0
    return (
        row.display_name,
        f"{row.target * 100:g} %",
        wording.share(row.this),
        wording.points(row.change),
        wording.share(row.kept) + (f" in {row.window}" if names_window and row.window else ""),
        wording.NONE
        if left is None
        else Meter(wording.percent(left), 1.0 if is_spent else left, is_bad=is_spent),
        _runs_out(row),
        wording.percent(row.traffic_share),
        Badge(str(row.status)),
    )


def _runs_out(row: ObjectiveRow) -> str:
    if row.budget_left is None or row.pace is None:
        return wording.NONE
    if row.budget_left <= 0:
        return "spent"
    return "not at this pace" if row.runs_out is None else wording.day(row.runs_out)


def _cells(one: Spending) -> Table:
    heads = columns("Route", "Status", "Day", "Version", numeric("Bad"), numeric("Share"))
    title = f"{one.display_name}: {wording.whole(one.bad)} bad events"
    return Table(heads, tuple(map(_cell, one.cells)), title)


def _cell(cell: Cell) -> tuple[str, ...]:
    return (
        cell.route,
        cell.status or wording.NONE,
        wording.NONE if cell.day is None else wording.day_of(cell.day),
        cell.deploy or wording.NONE,
        wording.whole(cell.bad),
        wording.tenths(cell.share),
    )


def _parts(one: Spending) -> Table:
    by = (("Route", one.by_route), ("Status", one.by_status), ("Version", one.by_deploy))
    rows = tuple(
        (what, part.name, wording.tenths(part.share)) for what, parts in by for part in parts[:6]
    )
    heads = columns("By", "Name", numeric("Share"))
    return Table(heads, rows, f"{one.display_name}: shares", folded=True)


def _by_day(one: Spending) -> str:
    worst = max(one.by_day, key=lambda part: part.bad)
    return (
        f"Bad events of each day; most on {_name_of_day(worst.name)}: {worst.bad:,.0f}, "
        f"{wording.percent(worst.share)} of all."
    )


def _name_of_day(name: str) -> str:
    try:
        return wording.day_of(date.fromisoformat(name))
    except ValueError:
        return name
