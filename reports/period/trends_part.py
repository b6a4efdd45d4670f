"""Where the month is heading, in words and figures."""

from kit.pure.estimate import Estimate
from reports.period import wording
from reports.period.document import Badge, Block, Column, Section, Table
from reports.period.report import PeriodReport
from reports.period.trends import Trend


def trends(report: PeriodReport) -> Section:
    """Return the section on trends; without any it has nothing to say."""
    columns = (
        Column("Figure, by day"),
        Column("First week", is_number=True),
        Column("Last week", is_number=True),
        Column("A week (95 % range)", is_number=True),
        Column("Trend"),
    )
    rows = tuple(
        (
            one.name,
            _value(one.first, one.unit),
            _value(one.last, one.unit),
            _range(one),
            Badge(one.direction),
        )
        for one in report.trends
    )
    blocks: tuple[Block, ...] = (Table(columns, rows),) if rows else ()
    lead = (
        "Medians of the first and last seven days, and the slope of the daily values; it has a "
        "direction when its whole range agrees."
    )
    return Section("trends", "Trends", lead, blocks)


def _range(one: Trend) -> str:
    found: Estimate = one.per_week
    told = _change(found.value, one.unit)
    if found.low is None or found.high is None:
        return told
    return f"{told} ({_change(found.low, one.unit)} to {_change(found.high, one.unit)})"


def _value(value: float, unit: str) -> str:
    match unit:
        case "share":
            return f"{value * 100:.2f} %"
        case "seconds":
            return wording.seconds(value)
        case "bytes":
            return wording.mebibytes(value)
    return wording.whole(value)


def _change(value: float, unit: str) -> str:
    match unit:
        case "share":
            return wording.points(value)
        case "seconds":
            return f"{wording.signed(value * 1000, 0)} ms"
        case "bytes":
            return f"{wording.signed(value / 2**20, 1)} MiB"
    return wording.signed(value, 0)
