"""What is read first: things to do, promises, and where the budget went."""

from datetime import date
from typing import Final

from reports.period import wording
from reports.period.actions import Action
from reports.period.attribution import Cell, Part, Spending
from reports.period.document import (
    Badge,
    Block,
    Chart,
    Column,
    Meter,
    Section,
    Steps,
    Table,
    Tiles,
    Words,
)
from reports.period.events_part import nothing_seen
from reports.period.promises import PromiseRow
from reports.period.report import PeriodReport

_PERIOD: Final = {"day": "day", "week": "week", "month": "month", "span": "window"}
_MOST_FURTHER: Final = 8


def period_word(report: PeriodReport) -> str:
    """Return what the window is called in a sentence."""
    return _PERIOD[report.kind]


def to_do(report: PeriodReport) -> Section:
    """Return the three things to do, the next ones, and what is done since the report before."""
    blocks: list[Block] = []
    if report.actions:
        blocks.append(Steps(tuple((a.do, _sentence(a.because), _age(a)) for a in report.actions)))
    else:
        blocks.append(Words((nothing_seen(report, "Nothing stands out"),)))
    if report.further:
        told = tuple(f"{a.do}: {a.because}" for a in report.further[:_MOST_FURTHER])
        blocks.append(Words(("After that:", *told) if len(told) == 1 else told))
    if report.done:
        gone = "; ".join(report.done)
        blocks.append(Words((f"Asked for in the report before and not seen again: {gone}.",)))
    title = "Three things to do" if len(report.actions) == len("abc") else "Things to do"
    return Section("to-do", title, "", tuple(blocks))


def summary(report: PeriodReport) -> Section:
    """Return the six figures of the operational procedures' evening summary."""
    found = report.summary
    rate = wording.NONE if found.error_rate is None else f"{found.error_rate * 100:.2f} %"
    figures = (
        (wording.whole(found.requests), "requests"),
        (wording.seconds(found.mean_response_s), "mean response time"),
        (rate, "error rate"),
        (wording.share(found.accuracy), "sentences understood"),
        (wording.share(found.cache_hit_ratio), "cache hits"),
        (wording.share(found.uptime), "uptime"),
    )
    return Section("summary", "Summary", "", (Tiles(figures),))


def promises(report: PeriodReport) -> Section:
    """Return the SLO table."""
    this = f"This {period_word(report)}"
    columns = (
        Column("Promise"),
        Column("Target", is_number=True),
        Column(this, is_number=True),
        Column("Change", is_number=True),
        Column("28 days", is_number=True),
        Column("Budget left"),
        Column("Runs out"),
        Column("Of traffic", is_number=True),
        Column("State"),
    )
    reasons = [f"{r.display_name}: {r.reason}." for r in report.promises if r.reason]
    blocks: list[Block] = [Table(columns, tuple(_promise(row) for row in report.promises))]
    if reasons:
        blocks.append(Words(tuple(reasons)))
    lead = (
        "The budget is that of the 28 days which end with this window. It runs out on the date "
        "shown if the pace of this window goes on; a pace of 1 or less can be kept for ever."
    )
    return Section("promises", "Promises", lead, tuple(blocks))


def budget(report: PeriodReport) -> Section:
    """Return where each budget went."""
    blocks: list[Block] = []
    for number, one in enumerate(report.spending):
        blocks.append(Chart(f"spending-{number}", f"{one.display_name}, day by day", _by_day(one)))
        blocks.append(_cells(one))
        blocks.append(_parts(one))
    if not blocks:
        blocks.append(Words(("No bad event of a request-based promise could be placed.",)))
    return Section(
        "budget",
        "Where the budget went",
        "Every bad event by route, status, day and the version that was live; shares add up to "
        "100 %.",
        tuple(blocks),
    )


def _sentence(text: str) -> str:
    return text[:1].upper() + text[1:]


def _age(action: Action) -> str:
    if not action.age_days:
        return ""
    return f"Open since {wording.day_of(action.since)}, {action.age_days} days"


def _promise(row: PromiseRow) -> tuple[str | Badge | Meter, ...]:
    left = row.budget_left
    return (
        row.display_name,
        f"{row.target * 100:g} %",
        wording.share(row.this),
        wording.points(row.change),
        wording.share(row.four_weeks),
        wording.NONE if left is None else _left(left),
        _runs_out(row),
        wording.NONE if row.traffic_share is None else wording.percent(row.traffic_share),
        Badge(str(row.status)),
    )


def _left(left: float) -> Meter:
    return Meter(wording.percent(left), 1.0 if left <= 0 else left, is_bad=left <= 0)


def _runs_out(row: PromiseRow) -> str:
    if row.budget_left is None or row.pace is None:
        return wording.NONE
    if row.budget_left <= 0:
        return "spent"
    return "not at this pace" if row.runs_out is None else wording.day(row.runs_out)


def _cells(one: Spending) -> Table:
    columns = (
        Column("Route"),
        Column("Status"),
        Column("Day"),
        Column("Version"),
        Column("Bad", is_number=True),
        Column("Share", is_number=True),
    )
    rows = tuple(_cell(cell) for cell in one.cells)
    return Table(columns, rows, f"{one.display_name}: {wording.whole(one.bad)} bad events")


def _cell(cell: Cell) -> tuple[str, ...]:
    when = wording.NONE if cell.day is None else wording.day_of(cell.day)
    return (
        cell.route,
        cell.status or wording.NONE,
        when,
        cell.deploy or wording.NONE,
        wording.whole(cell.bad),
        wording.tenths(cell.share),
    )


def _parts(one: Spending) -> Table:
    rows = [
        (what, part.name, wording.tenths(part.share))
        for what, parts in (
            ("Route", one.by_route),
            ("Status", one.by_status),
            ("Version", one.by_deploy),
        )
        for part in parts[:6]
    ]
    columns = (Column("By"), Column("Name"), Column("Share", is_number=True))
    return Table(columns, tuple(rows), f"{one.display_name}: shares", folded=True)


def _by_day(one: Spending) -> str:
    worst: Part = max(one.by_day, key=lambda part: part.bad)
    when = _name_of_day(worst.name)
    return (
        f"Bad events of each day; most on {when}: {worst.bad:,.0f}, "
        f"{wording.percent(worst.share)} of all."
    )


def _name_of_day(name: str) -> str:
    try:
        return wording.day_of(date.fromisoformat(name))
    except ValueError:
        return name
