"""The capacity report as a document."""

from kit.pure.words import milliseconds
from reports.capacity.report import HEADROOM, WEEKS_BACK, CapacityReport
from reports.document import (
    Badge,
    Block,
    Chart,
    Column,
    Document,
    Section,
    Table,
    Tiles,
    Words,
)
from reports.period import wording


def document(report: CapacityReport) -> Document:
    """Return the report in the order in which it is read."""
    about = f"Capacity report {report.at:%d %b %Y}, {report.zone}; {WEEKS_BACK} weeks of traffic"
    return Document(
        str(report.verdict),
        report.headline,
        about,
        (_outlook(report), _ahead(report), _climb(report), _vertical(report), _data(report)),
    )


def limit(report: CapacityReport) -> float | None:
    """Return how many requests per second the replicas of today keep the objectives at."""
    if report.safe_per_s is None or not report.replicas:
        return None
    return report.safe_per_s * report.replicas


def _outlook(report: CapacityReport) -> Section:
    growth = report.growth_per_week
    tiles = Tiles(
        (
            (wording.rate(report.busiest_per_s), "busiest hour of the last week"),
            (wording.rate(limit(report)), f"safe with {wording.whole(report.replicas)} replicas"),
            (wording.percent(report.used), "of it is used"),
            (wording.NONE if growth is None else wording.relative(growth[0]), "growth a week"),
            (wording.day_or_none(report.reached), "safe rate reached"),
        )
    )
    blocks: list[Block] = []
    if report.days:
        words = f"Busiest hour of each day up to {report.days[-1].day:%d %b %Y}"
        if report.ahead and growth is not None:
            words += (
                f", then the forecast for a year with its 95 % range: growth of "
                f"{growth[0] * 100:.1f} % a week ({growth[1] * 100:.1f} to {growth[2] * 100:.1f})"
            )
        blocks.append(Chart("forecast", "Busiest hour of each day", words + ".", wide=True))
    blocks.append(tiles)
    return Section(
        "outlook",
        "When is it full?",
        "A level for each weekday and a constant share of growth, by least squares; a launch is "
        "not foreseen.",
        tuple(blocks),
    )


def _ahead(report: CapacityReport) -> Section:
    columns = (
        Column("By"),
        Column("Busiest hour", is_number=True),
        Column("At most", is_number=True),
        Column("Replicas", is_number=True),
        Column("Replicas at most", is_number=True),
    )
    rows = tuple(
        (
            f"{n.day:%d %b %Y}",
            wording.rate(n.per_s),
            wording.rate(n.high_per_s),
            wording.whole(n.replicas),
            wording.whole(n.replicas_high),
        )
        for n in report.needed
    )
    found: Block = (
        Table(columns, rows)
        if rows
        else Words(("There is too little history: three weeks are needed.",))
    )
    lead = (
        f"Replicas such that the busiest hour uses {HEADROOM * 100:.0f} % of the safe rate. They "
        "are taken to share nothing: the database is not in this sum."
    )
    return Section("replicas", "Replicas needed", lead, (found,))


def _climb(report: CapacityReport) -> Section:
    columns = (
        Column("Offered", is_number=True),
        Column("Served", is_number=True),
        Column("In flight", is_number=True),
        Column("p95", is_number=True),
        Column("Objectives"),
    )
    rows = tuple(
        (
            wording.rate(step["offered_per_s"]),
            wording.rate(step["served_per_s"]),
            f"{step['in_flight']:.1f}",
            milliseconds(step["p95_ms"]),
            Badge(step["verdict"]),
        )
        for step in report.steps
    )
    if not rows:
        return Section("climb", "What one replica takes", "", (Words((_NO_CLIMB,)),))
    law = f"Run {report.run}. Throughput by the universal scalability law: {report.knee}."
    if report.contention is not None and report.coherency is not None:
        law += f" Contention {report.contention:.3g}, coherency {report.coherency:.2g}."
    return Section("climb", "What one replica takes", law, (Table(columns, rows),))


_NO_CLIMB = "No climb is on record: sre load run stress makes one."


def _vertical(report: CapacityReport) -> Section:
    if report.cpu_s_per_request is None:
        return Section("vertical", "What larger machines buy", "", (Words((_NO_CPU,)),))
    lines = (
        (
            f"A request costs {report.cpu_s_per_request * 1000:.1f} ms of processor time, so that "
            f"one core serves {wording.rate(report.most_per_core_per_s)} at the very most."
        ),
        f"In the busiest hour {report.cores_at_busiest or 0:.2f} cores were used.",
        (
            "One process of the service uses one core: more cores buy nothing without a worker for "
            "each. Faster cores and more memory for the cache buy what they save of those "
            "milliseconds."
        ),
    )
    return Section("vertical", "What larger machines buy", "", (Words(lines),))


_NO_CPU = "The processor time a request costs was not measured."


def _data(report: CapacityReport) -> Section:
    rows = (
        ("Days of traffic", str(len(report.days))),
        ("Replicas now", wording.NONE if report.replicas is None else str(report.replicas)),
        ("Climb", report.run or "none on record"),
        ("Hash of the inputs", report.input_hash),
    )
    blocks: list[Block] = [Table((Column("Of the data"), Column("Value", is_sentence=True)), rows)]
    if report.problems:
        blocks.insert(0, Words(report.problems, warns=True))
    return Section("data", "Can the figures be trusted?", "", tuple(blocks))
