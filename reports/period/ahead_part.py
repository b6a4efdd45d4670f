"""What a month says of the time ahead: how much room is left, and which thresholds to change."""

from reports.period import wording
from reports.period.document import Block, Column, Section, Table, Tiles, Words
from reports.period.report import PeriodReport
from reports.period.room import Room
from reports.period.tuning import Tuning

_MAKE_ONE = (
    "No search among thresholds is on record. sre alerts tune --threshold NAME makes one: it "
    "replays incidents with other values and proposes those that page better."
)


def capacity(report: PeriodReport) -> Section:
    """Return the section on capacity; only a month has one."""
    found = report.room
    blocks: tuple[Block, ...] = () if found is None else (Words((found.headline,)), _room(found))
    lead = "As of the end of the month; sre report capacity has the forecast and the replicas."
    return Section("capacity", "Capacity", lead, blocks)


def thresholds(report: PeriodReport) -> Section:
    """Return the section on alert thresholds; only a month has one."""
    title = "Thresholds to change"
    if report.tuning is not None:
        return Section("thresholds", title, _searched(report.tuning), _proposed(report.tuning))
    blocks: tuple[Block, ...] = (Words((_MAKE_ONE,)),) if report.kind == "month" else ()
    return Section("thresholds", title, "", blocks)


def _room(found: Room) -> Tiles:
    growth = found.growth_per_week
    return Tiles(
        (
            (_rate(found.safe_per_s), "safe for one replica"),
            (wording.whole(found.replicas), "replicas"),
            (_rate(found.busiest_per_s), "in the last week's busiest hour"),
            (wording.percent(found.used), "of the safe rate used"),
            (wording.relative(growth), "growth a week"),
            (wording.day_or_none(found.reached) if growth is not None else wording.NONE, "is full"),
        )
    )


def _rate(value: float | None) -> str:
    return wording.NONE if value is None else f"{value:,.3g}/s"


def _searched(found: Tuning) -> str:
    told = f"The search {found.id} replayed incidents with {found.tried} sets of thresholds."
    return told if found.proposals else f"{told} None was better than what there is."


def _proposed(found: Tuning) -> tuple[Block, ...]:
    proposals = tuple((p.threshold, f"{p.now:g}", f"{p.proposed:g}") for p in found.proposals)
    figures = tuple((name, _figure(now), _figure(then)) for name, now, then in found.figures)
    now, then = Column("Now", is_number=True), Column("Proposed", is_number=True)
    tables = (
        Table((Column("Threshold"), now, then), proposals),
        Table((Column("On replayed incidents"), now, then), figures),
    )
    return tuple(table for table in tables if table.rows)


def _figure(value: float | None) -> str:
    return wording.NONE if value is None else f"{value:.4g}"
