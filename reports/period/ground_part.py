"""What the service stands on: cache, dependencies, processor and memory."""

from reports.period import wording
from reports.period.document import Badge, Block, Column, Section, Table, Words
from reports.period.report import PeriodReport
from reports.period.resources import Instance


def backing(report: PeriodReport) -> Section:
    """Return the section on cache, dependencies and component failures."""
    found, blocks = report.backing, list[Block]()
    if found.problem and report.quality.covered is not None:
        blocks.append(Words((f"Not sound: {found.problem}.",), warns=True))
    if found.cache:
        blocks.append(_cache(report))
    if found.dependencies:
        columns = (
            Column("Dependency"),
            Column("Answered", is_number=True),
            Column("Away", is_number=True),
        )
        rows = tuple(
            (d.name, wording.share(d.up), wording.minutes(d.minutes_down))
            for d in found.dependencies
        )
        blocks.append(Table(columns, rows))
    if found.failures:
        columns = (Column("Component"), Column("Reason"), Column("Failures", is_number=True))
        failures = tuple(
            (f.component, f.reason, wording.whole(f.count)) for f in found.failures[:10]
        )
        blocks.append(Table(columns, failures))
    return Section("backing", "Cache and dependencies", "", tuple(blocks))


def resources(report: PeriodReport) -> Section:
    """Return the section on processor, memory and leaks."""
    found, blocks = report.resources, list[Block]()
    if found.problem and report.quality.covered is not None:
        blocks.append(Words((f"Not sound: {found.problem}.",), warns=True))
    if found.instances:
        columns = (
            Column("Instance"),
            Column("Cores, mean", is_number=True),
            Column("Cores, most", is_number=True),
            Column("Memory at the end", is_number=True),
            Column("Memory, most", is_number=True),
            Column("Slope (95 % range)", is_number=True),
            Column("Leak", is_sentence=True),
        )
        rows = tuple(_instance(one) for one in found.instances)
        blocks.append(Table(columns, rows))
    limit = (
        f" The smallest limit is {wording.mebibytes(found.limit_bytes)}."
        if found.limit_bytes
        else ""
    )
    lead = (
        "The slope is that of memory since the instance last started. It is a leak when its whole "
        f"range is above zero, it has not flattened, and it adds 3 % in a week.{limit}"
    )
    return Section("resources", "Resources", lead, tuple(blocks))


def _cache(report: PeriodReport) -> Table:
    columns = (
        Column("Cache"),
        Column("Lookups", is_number=True),
        Column("Hits", is_number=True),
        Column("Before", is_number=True),
        Column("Worst hour", is_number=True),
    )
    rows = tuple(
        (
            tier.tier,
            wording.whole(tier.lookups),
            wording.share(tier.hit_ratio),
            wording.share(tier.before),
            wording.share(tier.worst_hour),
        )
        for tier in report.backing.cache
    )
    return Table(columns, rows)


def _instance(one: Instance) -> tuple[str | Badge, ...]:
    return (
        one.name,
        wording.NONE if one.cpu_mean_cores is None else f"{one.cpu_mean_cores:.2f}",
        wording.NONE if one.cpu_peak_cores is None else f"{one.cpu_peak_cores:.2f}",
        wording.mebibytes(one.memory_last_bytes),
        wording.mebibytes(one.memory_peak_bytes),
        wording.slope(one.slope_bytes_per_day),
        _leak(one),
    )


def _leak(one: Instance) -> str | Badge:
    if one.leaks is None:
        return one.why
    if not one.leaks:
        return "no"
    return "yes" if one.full_at is None else f"yes: full on {wording.day(one.full_at)}"
