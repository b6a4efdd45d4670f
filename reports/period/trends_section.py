"""Where the month is heading, in words and figures."""

from collections.abc import Callable, Mapping
from typing import Final

from reports.document import Badge, Section, Table, columns, numeric
from reports.period import wording
from reports.period.report import PeriodReport
from reports.period.trends import Trend

_Write = Callable[[float], str]
_UNITS: Final[Mapping[str, tuple[_Write, _Write]]] = {
    "share": (wording.hundredths, wording.points),
    "seconds": (wording.seconds, lambda value: f"{wording.signed(value * 1000, 0)} ms"),
    "bytes": (wording.mebibytes, lambda value: f"{wording.signed(value / 2**20, 1)} MiB"),
    "requests": (wording.whole, lambda value: wording.signed(value, 0)),
}
"""How a value of a unit is written, and how a change of one."""


def trends(report: PeriodReport) -> Section:
    """Return the section on trends; without any it is empty."""
    lead = (
        "Medians of the first and last seven days, and the slope of the daily values; it has a "
        "direction when its whole range agrees."
    )
    heads = map(numeric, ("First week", "Last week", "A week (95 % range)"))
    table = Table(columns("Figure, by day", *heads, "Trend"), tuple(map(_row, report.trends)))
    return Section("trends", "Trends", lead, (table,) if table.rows else ())


def _row(one: Trend) -> tuple[str | Badge, ...]:
    value, change = _UNITS[one.unit]
    slope = change(one.per_week.value)
    if one.per_week.low is not None and one.per_week.high is not None:
        slope += f" ({change(one.per_week.low)} to {change(one.per_week.high)})"
    return one.name, value(one.first), value(one.last), slope, Badge(one.direction)
