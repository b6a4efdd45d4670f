"""What a month says of those to come: capacity that is left, thresholds to change."""

from reports.document import Block, Section, Table, Tiles, Words, columns, numeric
from reports.period import wording
from reports.period.capacity_summary import CapacitySummary
from reports.period.report import PeriodReport
from reports.period.tuning import Tuning

_MAKE_ONE = (
    "No search among thresholds is on record. sre alerts tune --threshold NAME makes one: it "
    "replays incidents with other values and proposes those that page better."
)


def capacity(report: PeriodReport) -> Section:
    """Return the section on capacity; only a month has one."""
    found = report.room
    blocks = () if found is None else (Words((found.headline,)), _figures(found))
    lead = "As of the end of the month; sre report capacity has the forecast and the replicas."
    return Section("capacity", "Capacity", lead, blocks)


def thresholds(report: PeriodReport) -> Section:
    """Return the section on alert thresholds; only a month has one."""
    title, found = "Thresholds to change", report.tuning
    if found is None:
        blocks = (Words((_MAKE_ONE,)),) if report.kind == "month" else ()
        return Section("thresholds", title, "", blocks)
    lead = f"The search {found.id} replayed incidents with {found.tried} sets of thresholds."
    if not found.proposals:
        lead += " None was better than what there is."
    return Section("thresholds", title, lead, _proposed(found))


def _figures(found: CapacitySummary) -> Tiles:
    growth = found.growth_per_week
    return Tiles(
        (
            (wording.rate(found.safe_per_s), "safe for one replica"),
            (wording.whole(found.replicas), "replicas"),
            (wording.rate(found.busiest_per_s), "in the last week's busiest hour"),
            (wording.percent(found.used), "of the safe rate used"),
            (wording.relative(growth), "growth a week"),
            (
                wording.NONE if growth is None else wording.day_or_none(found.reached),
                "safe rate reached",
            ),
        )
    )


def _proposed(found: Tuning) -> tuple[Block, ...]:
    now_and_then = numeric("Now"), numeric("Proposed")
    tables = (
        Table(
            columns("Threshold", *now_and_then),
            tuple((p.threshold, f"{p.now:g}", f"{p.proposed:g}") for p in found.proposals),
        ),
        Table(
            columns("On replayed incidents", *now_and_then),
            tuple(
                (name, wording.digits(now, ".4g"), wording.digits(then, ".4g"))
                for name, now, then in found.figures
            ),
        ),
    )
    return tuple(table for table in tables if table.rows)
