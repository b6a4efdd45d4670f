"""What users met with: latency, traffic, accuracy."""

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from kit.pure.moments import local
from reports.document import Badge, Block, Chart, Section, Table, Tiles, Words, columns, numeric
from reports.period import wording
from reports.period.accuracy import Drop
from reports.period.attribution import UNPLACED
from reports.period.latency import Percentile
from reports.period.report import PeriodReport
from reports.period.traffic import Traffic

_FEWEST_HEAT_HOURS = 6
_HANDFUL = 6
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def latency(report: PeriodReport) -> Section:
    """Return the section on latency."""
    lead = (
        "Percentiles come from histogram buckets and are exact at their edges only. The range of a "
        "change is a bootstrap over the hours. Those of days do not add up to those of a week, as "
        "counts do."
    )
    return Section("latency", "Latency", lead, tuple(_latency(report)))


def _latency(report: PeriodReport) -> Iterator[Block]:
    found = report.waiting
    yield from unsound(found.problem)
    if report.slow:
        yield Words(tuple(f"{line[:1].upper()}{line[1:]}." for line in report.slow))
    rows = tuple(
        (
            f"p{p.level * 100:g}",
            f"over {wording.seconds(p.this_s)}" if p.is_over else wording.seconds(p.this_s),
            _bucket(p),
            wording.seconds(p.before_s),
            wording.changed(p.change),
        )
        for p in found.percentiles
        if p.this_s is not None
    )
    if rows:
        names = (f"This {report.period_word}", "In the bucket", "Before", "Change (95 % range)")
        heads = map(numeric, names)
        yield Table(columns("Percentile", *heads), rows)
    has_heat = any(v is not None for row in found.heat_s for v in row)
    if has_heat and report.window.hours >= _FEWEST_HEAT_HOURS:
        yield Chart(
            "heat-week", "p95 by hour and weekday", _hottest(report), table=_heat_table(report)
        )
    if found.routes:
        slowest = tuple(
            (
                r.route,
                wording.whole(r.requests),
                *map(wording.seconds, (r.p50_s, r.p95_s, r.before_p95_s)),
            )
            for r in found.routes
        )
        heads = map(numeric, ("Requests", "p50", "p95", "p95 before"))
        yield Table(columns("Route", *heads), slowest, "Slowest routes")


def _bucket(one: Percentile) -> str:
    if one.low_s is None:
        return wording.NONE
    if one.high_s is None:
        return f"above {wording.seconds(one.low_s)}"
    return f"{wording.seconds(one.low_s)} to {wording.seconds(one.high_s)}"


def _heat_table(report: PeriodReport) -> Table:
    rows = tuple(
        (f"{hour:02}:00", *(wording.seconds(day[hour]) for day in report.waiting.heat_s))
        for hour in range(24)
    )
    return Table(columns("Hour", *(numeric(day[:3]) for day in _DAYS)), rows)


def _days_table(found: Traffic) -> Table:
    rows = [
        (wording.day_of(day.day), wording.whole(day.requests), wording.whole(day.failed))
        for day in found.days
    ]
    if found.unplaced:
        rows.append((UNPLACED, wording.whole(found.unplaced), wording.NONE))
    return Table(columns("Day", numeric("Requests"), numeric("Failed")), tuple(rows))


def traffic(report: PeriodReport) -> Section:
    """Return the section on traffic."""
    return Section("traffic", "Traffic", "", tuple(_traffic(report)))


def _traffic(report: PeriodReport) -> Iterator[Block]:
    found = report.traffic
    yield from unsound(found.problem)
    if found.requests is not None:
        yield Tiles(
            (
                (wording.whole(found.requests), "requests"),
                (wording.relative(found.change), f"on the {report.period_word} before"),
                (wording.rate(found.busiest_per_s, ".1f"), _busiest(report.window.hours)),
                (wording.whole(found.failed), "failed"),
                (wording.hundredths(found.error_rate), "error rate"),
                *_users(found),
            )
        )
    if len(found.days) > 1 and any(day.requests for day in found.days):
        busiest = max(found.days, key=lambda d: d.requests)
        yield Chart(
            "traffic-days",
            "Requests a day",
            f"Requests of each day; most on {wording.day_of(busiest.day)}: "
            f"{busiest.requests:,.0f}.",
            table=_days_table(found),
        )
    if found.unplaced:
        lost = f"{found.unplaced:,.0f} requests fell into a scrape gap: the total has them"
        yield Words((f"{lost}, and no day, hour or route does.",))


def _users(found: Traffic) -> tuple[tuple[str, str], ...]:
    if found.active_users_mean is None:
        return ()
    return (
        (wording.whole(found.active_users_mean), "active users, mean"),
        (wording.whole(found.active_users_peak), "active users, most"),
    )


def accuracy(report: PeriodReport) -> Section:
    """Return the section on accuracy."""
    return Section("accuracy", _title(report), "", tuple(_accuracy(report)))


def _title(report: PeriodReport) -> str:
    name = report.understanding.name
    return name[:1].upper() + name[1:]


def _accuracy(report: PeriodReport) -> Iterator[Block]:
    found = report.understanding
    yield from unsound(found.problem)
    if found.this is not None:
        yield Tiles(
            (
                (wording.share(found.this), "mean accuracy"),
                (wording.points(found.change), f"on the {report.period_word} before"),
                (wording.share(found.lowest), "in the worst hour"),
            )
        )
    if found.drops:
        yield Words(tuple(map(_drop, found.drops)))
    if len(found.days) > 1 or len(found.golden) > 1:
        table = Table(
            columns("Day", numeric("Mean")),
            tuple((wording.day_of(day), wording.share(mean)) for day, mean in found.days),
        )
        yield Chart("accuracy-days", f"{_title(report)} by day", _by_day(report), table=table)
    if found.golden:
        yield _golden(report)
    if found.mistakes:
        mistakes = ", ".join(f"{kind} {number}" for kind, number in found.mistakes)
        yield Words((f"Mistakes of the newest golden run: {mistakes}.",))


def unsound(problem: str | None) -> Iterator[Words]:
    """Yield a warning that a section's figures are not to be relied on, and why."""
    if problem:
        yield Words((f"Not reliable: {problem}.",), warns=True)


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
        f"accuracy was {wording.share(one.level)} instead of {wording.share(one.usual)}."
    )


def _by_day(report: PeriodReport) -> str:
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
    rows = tuple(
        (
            p.id,
            wording.day_and_time(local(p.at, ZoneInfo(report.zone))),
            wording.whole(p.cases),
            wording.share(p.ratio),
            f"{wording.share(p.low)} to {wording.share(p.high)}",
            Badge(p.verdict) if p.verdict else wording.NONE,
        )
        for p in reversed(report.understanding.golden)
    )
    heads = map(numeric, (report.understanding.cases.capitalize(), "Accuracy", "95 % range"))
    return Table(
        columns("Golden run", "When", *heads, "Verdict"),
        rows,
        "Golden runs",
        folded=len(rows) > _HANDFUL,
    )
