"""What is said of a load run, and what only some of them have: a climb, a baseline, a check."""

from collections.abc import Collection, Iterator, Sequence
from typing import Final

from kit.charts.record import RunRecord
from kit.pure.words import count, milliseconds
from reports.document import (
    Badge,
    Block,
    CellValue,
    Chart,
    Code,
    Section,
    Table,
    Tiles,
    Words,
    columns,
    numeric,
)
from reports.run.load_words import (
    LEVELS,
    capacity_words,
    check_words,
    failure_words,
    health_words,
    percentiles,
    sender_words,
)
from reports.run.slowest import slowest_table

CHARTS: Final = {
    "distribution": "Distribution of latency",
    "overtime": "Latency over time",
    "throughput": "Throughput against the schedule",
    "heat": "Latency heat map",
    "failures": "Failures over time",
    "scaling": "What it can take",
}


def load_sections(
    record: RunRecord, differences: Sequence[str], charts: Collection[str]
) -> Iterator[Section]:
    """Yield the sections; `charts` are the names of those that can be drawn."""
    failures, capacity, check = (
        failure_words(record),
        record.get("capacity"),
        record.get("cross_check"),
    )
    early = record["stopped_early"]
    cut_short = (
        *(("Interrupted: a partial run.",) if record["interrupted"] else ()),
        *((f"Stopped early: {early}.",) if early else ()),
    )
    blocks: tuple[Block, ...] = (
        *((Words(cut_short, warns=True),) if cut_short else ()),
        _tiles(record),
        *(Chart(name, title, "") for name, title in CHARTS.items() if name in charts),
        _routes(record),
        *((slow,) if (slow := slowest_table(record)) is not None else ()),
        *((Words((f"Failed: {', '.join(failures)}.",)),) if failures else ()),
        *((Words(tuple(notes)),) if (notes := sender_words(record)) else ()),
    )
    yield Section("load", "Load", _lead(record), blocks)
    if capacity:
        said = tuple(map(_sentence, capacity_words(capacity)))
        yield Section("capacity", "Capacity", " ".join(said), (_steps(capacity),))
    if differences:
        yield Section("baseline", "Load run against its baseline", "", (Words(tuple(differences)),))
    health = health_words(record.get("health"))
    if check or health:
        lines = [
            _sentence(check_words(check)),
            *([f"It said of itself: {health}."] if health else []),
        ]
        counts = (_counts(check),) if check and check.get("routes") else ()
        yield Section("service", "What the service says", "", (Words(tuple(lines)), *counts))


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


def _lead(record: RunRecord) -> str:
    config, profile = record["config"], record["config"]["profile"]
    return (
        f"{profile['description']} {count(record['account']['scheduled'])} requests on "
        f"{'an open' if profile['model'] == 'open' else 'a closed'} schedule of "
        f"{config['duration_s']:g} s; latency counts from the moment each was due."
    )


def _tiles(record: RunRecord) -> Tiles:
    overall, scheduled = record["overall"], count(record["account"]["scheduled"])
    return Tiles(
        (
            (count(overall["outcomes"]["answered"]), f"answered of {scheduled}"),
            (f"{record['rate_per_s']:.1f}/s", "sent"),
            *zip(percentiles(overall), LEVELS, strict=True),
            (count(overall["failed"]), "failed"),
            (milliseconds(record["generator"]["lag_p99_ms"]), "schedule lag p99"),
        )
    )


def _routes(record: RunRecord) -> Table:
    heads = map(numeric, ("Requests", "Failed", *LEVELS, "Highest"))
    rows: tuple[tuple[CellValue, ...], ...] = tuple(
        (
            Code(name),
            count(one["requests"]),
            count(one["failed"]),
            *percentiles(one),
            milliseconds(one["max_ms"]),
        )
        for name, one in record["routes"].items()
        if one["requests"]
    )
    return Table(columns("Route", *heads), rows, "Routes")


def _steps(capacity: RunRecord) -> Table:
    heads = map(numeric, ("Served", "In flight", "p95", "Verdict"))
    rows = tuple(
        (
            f"{step['offered_per_s']:g}/s",
            f"{step['served_per_s']:.1f}/s",
            f"{step['in_flight']:.1f}",
            milliseconds(step["p95_ms"]),
            Badge(step["verdict"]),
        )
        for step in capacity["steps"]
    )
    return Table(columns("Offered", *heads), rows)


def _counts(check: RunRecord) -> Table:
    heads = ("Answered here", "Counted there", "Mean here", "Mean there")
    rows = tuple(
        (
            Code(name),
            count(one["client"]),
            count(one["service"]),
            milliseconds(one["client_mean_ms"]),
            milliseconds(one["service_mean_ms"]),
        )
        for name, one in check["routes"].items()
    )
    return Table(
        columns("Route", *map(numeric, heads)),
        rows,
        "Requests and mean times on both sides, by route",
        folded=not check["differing"],
    )
