"""What users met with: waiting, traffic, being understood."""

from reports.period import wording
from reports.period.document import Badge, Block, Chart, Column, Section, Table, Tiles, Words
from reports.period.first_part import period_word
from reports.period.report import PeriodReport
from reports.period.understanding import Drop

_FEWEST_HEAT_HOURS = 6
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def waiting(report: PeriodReport) -> Section:
    """Return the section on latency."""
    found, blocks = report.waiting, list[Block]()
    if found.problem:
        blocks.append(Words((f"Not sound: {found.problem}.",), warns=True))
    columns = (
        Column("Percentile"),
        Column(f"This {period_word(report)}", is_number=True),
        Column("Before", is_number=True),
        Column("Change (95 % range)", is_number=True),
    )
    rows = tuple(
        (
            f"p{p.level * 100:g}",
            wording.seconds(p.this_s),
            wording.seconds(p.before_s),
            wording.changed(p.change),
        )
        for p in found.percentiles
        if p.this_s is not None
    )
    if rows:
        blocks.append(Table(columns, rows))
    has_heat = any(v is not None for row in found.heat_s for v in row)
    if has_heat and report.window.hours >= _FEWEST_HEAT_HOURS:
        blocks.append(Chart("heat-week", "p95 by hour and weekday", _hottest(report)))
    if found.routes:
        blocks.append(_routes(report))
    lead = (
        "Percentiles come from histogram buckets and are exact at their edges only. The range of a "
        "change comes from drawing the hours again and again."
    )
    return Section("waiting", "Waiting", lead, tuple(blocks))


def traffic(report: PeriodReport) -> Section:
    """Return the section on traffic."""
    found, blocks = report.traffic, list[Block]()
    if found.problem:
        blocks.append(Words((f"Not sound: {found.problem}.",), warns=True))
    if found.requests is not None:
        ratio = found.error_rate
        peak = wording.NONE if found.busiest_per_s is None else f"{found.busiest_per_s:.1f}/s"
        blocks.append(
            Tiles(
                (
                    (wording.whole(found.requests), "requests"),
                    (wording.relative(found.change), f"on the {period_word(report)} before"),
                    (peak, _busiest(report.window.hours)),
                    (wording.whole(found.failed), "failed"),
                    (wording.NONE if ratio is None else f"{ratio * 100:.2f} %", "error rate"),
                    (wording.whole(found.active_users_mean), "active users, mean"),
                    (wording.whole(found.active_users_peak), "active users, most"),
                )
            )
        )
    if len(found.days) > 1 and any(day.requests for day in found.days):
        busiest = max(found.days, key=lambda d: d.requests)
        told = f"Requests of each day; most on {wording.day_of(busiest.day)}: "
        chart = Chart("traffic-days", "Requests a day", told + f"{busiest.requests:,.0f}.")
        blocks.append(chart)
    return Section("traffic", "Traffic", "", tuple(blocks))


def understanding(report: PeriodReport) -> Section:
    """Return the section on parsing accuracy."""
    found, blocks = report.understanding, list[Block]()
    if found.problem:
        blocks.append(Words((f"Not sound: {found.problem}.",), warns=True))
    if found.this is not None:
        blocks.append(
            Tiles(
                (
                    (wording.share(found.this), "understood, mean"),
                    (wording.points(found.change), f"on the {period_word(report)} before"),
                    (wording.share(found.lowest), "in the worst hour"),
                )
            )
        )
    if found.drops:
        blocks.append(Words(tuple(_drop(one) for one in found.drops)))
    if len(found.days) > 1 or len(found.golden) > 1:
        blocks.append(Chart("understood", "Understood sentences", _understood(report)))
    if found.golden:
        blocks.append(_golden(report))
    if found.mistakes:
        told = ", ".join(f"{kind} {number}" for kind, number in found.mistakes)
        blocks.append(Words((f"Mistakes of the newest golden run: {told}.",)))
    return Section("understanding", "Understanding", "", tuple(blocks))


def _routes(report: PeriodReport) -> Table:
    columns = (
        Column("Route"),
        Column("Requests", is_number=True),
        Column("p50", is_number=True),
        Column("p95", is_number=True),
        Column("p95 before", is_number=True),
    )
    rows = tuple(
        (
            r.route,
            wording.whole(r.requests),
            wording.seconds(r.p50_s),
            wording.seconds(r.p95_s),
            wording.seconds(r.before_p95_s),
        )
        for r in report.waiting.routes
    )
    return Table(columns, rows, "Slowest routes")


def _busiest(hours: float) -> str:
    """Return what the busiest slot of a window is called, see `Window.step_s`."""
    if hours >= _FEWEST_HEAT_HOURS:
        return "in the busiest hour"
    return "in the busiest five minutes" if hours > 1 / 12 else "on average"


def _hottest(report: PeriodReport) -> str:
    value, weekday, hour = max(
        (value, weekday, hour)
        for weekday, row in enumerate(report.waiting.heat_s)
        for hour, value in enumerate(row)
        if value is not None
    )
    return (
        f"p95 for every hour of the week, in {report.zone}; highest on {_DAYS[weekday]} at "
        f"{hour:02}:00 with {wording.seconds(value)}."
    )


def _drop(one: Drop) -> str:
    return (
        f"From {wording.day_and_time(one.start)} to {wording.day_and_time(one.end)} "
        f"{wording.share(one.level)} were understood instead of {wording.share(one.usual)}."
    )


def _understood(report: PeriodReport) -> str:
    found = report.understanding
    if len(found.days) > 1:
        day, lowest = min(found.days, key=lambda item: item[1])
        return (
            f"Daily mean of the accuracy gauge; lowest on {wording.day_of(day)} with "
            f"{wording.share(lowest)}."
        )
    first, last = found.golden[0], found.golden[-1]
    return f"Golden runs, from {wording.share(first.ratio)} to {wording.share(last.ratio)}."


def _golden(report: PeriodReport) -> Table:
    columns = (
        Column("Golden run"),
        Column("When"),
        Column("Sentences", is_number=True),
        Column("Understood", is_number=True),
        Column("95 % range", is_number=True),
        Column("Verdict"),
    )
    rows = tuple(
        (
            p.id,
            wording.day_and_time(p.at.astimezone(report.window.start.tzinfo)),
            wording.whole(p.cases),
            wording.share(p.ratio),
            f"{wording.share(p.low)} to {wording.share(p.high)}",
            Badge(p.verdict) if p.verdict else wording.NONE,
        )
        for p in reversed(report.understanding.golden)
    )
    return Table(columns, rows, "Golden runs", folded=len(rows) > 6)  # noqa: PLR2004 -- a handful
