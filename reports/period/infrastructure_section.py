"""What the service runs on: cache, dependencies, processor and memory."""

from collections.abc import Iterator

from reports.document import Block, CellValue, Code, Column, Section, Table, columns, numeric
from reports.period import wording
from reports.period.report import PeriodReport
from reports.period.resources import Instance
from reports.period.service_section import unsound


def backends(report: PeriodReport) -> Section:
    """Return the section on cache, dependencies and component failures."""
    return Section("backends", "Cache and dependencies", "", tuple(_backends(report)))


def _backends(report: PeriodReport) -> Iterator[Block]:
    found = report.backing
    if report.quality.covered is not None:
        yield from unsound(found.problem)
    if found.cache:
        tiers = tuple(
            (
                t.tier,
                wording.whole(t.lookups),
                *map(wording.share, (t.hit_ratio, t.before, t.worst_hour)),
            )
            for t in found.cache
        )
        heads = map(numeric, ("Lookups", "Hits", "Before", "Worst hour"))
        yield Table(columns("Cache", *heads), tiers)
    if found.dependencies:
        rows = tuple(
            (d.name, wording.share(d.up), wording.minutes(d.minutes_down))
            for d in found.dependencies
        )
        yield Table(columns("Dependency", numeric("Available"), numeric("Down for")), rows)
    if found.failures:
        failures = tuple(
            (f.component, f.reason, wording.whole(f.count)) for f in found.failures[:10]
        )
        yield Table(columns("Component", "Reason", numeric("Failures")), failures)


def resources(report: PeriodReport) -> Section:
    """Return the section on processor, memory and leaks."""
    found = report.resources
    lead = (
        "The slope is that of memory since the instance last started. It is a leak when its whole "
        "range is above zero, it has not flattened, and it adds 3 % in a week."
    )
    if found.limit_bytes:
        lead += f" The smallest limit is {wording.mebibytes(found.limit_bytes)}."
    heads = (
        "Cores, mean",
        "Cores, most",
        "Memory at the end",
        "Memory, most",
        "Slope (95 % range)",
    )
    table = Table(
        columns("Instance", *map(numeric, heads), Column("Leak", is_sentence=True)),
        tuple(map(_instance, found.instances)),
    )
    problem = found.problem if report.quality.covered is not None else None
    blocks = (*unsound(problem), *((table,) if table.rows else ()))
    return Section("resources", "Resources", lead, blocks)


def _instance(one: Instance) -> tuple[CellValue, ...]:
    return (
        Code(one.name),
        wording.digits(one.cpu_mean_cores, ".2f"),
        wording.digits(one.cpu_peak_cores, ".2f"),
        wording.mebibytes(one.memory_last_bytes),
        wording.mebibytes(one.memory_peak_bytes),
        wording.slope(one.slope_bytes_per_day),
        _leak(one),
    )


def _leak(one: Instance) -> str:
    if one.leaks is None:
        return one.why
    if not one.leaks:
        return "no"
    return "yes" if one.full_at is None else f"yes: full on {wording.day(one.full_at)}"
