"""Draw the charts that a period report names."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from kit.charts import days, theme
from kit.pure.moments import local
from reports.document import Chart
from reports.period import wording
from reports.period.attribution import Spending
from reports.period.report import PeriodReport


def draw(chart: Chart, report: PeriodReport) -> str:
    """Return a chart of the report as inline SVG."""
    label = {"name": chart.name, "title": chart.title, "description": chart.description}
    kind, _, number = chart.name.partition("-")
    match kind:
        case "spending":
            spent = list(_by_day(report.spending[int(number)]))
            return days.bars(
                [d for d, _ in spent], [v for _, v in spent], colour=theme.BAD, **label
            )
        case "heat":
            return days.hours_of_week(report.waiting.heat_s, write=wording.seconds, **label)
        case "traffic":
            found = report.traffic.days
            return days.bars([d.day for d in found], [d.requests for d in found], **label)
        case "accuracy":
            return _accuracy(report, label)
    raise ValueError(f"no chart is called {chart.name!r}")


def _by_day(spending: Spending) -> Iterator[tuple[date, float]]:
    for part in spending.by_day:
        try:
            yield date.fromisoformat(part.name), part.bad
        except ValueError:
            continue  # what fell into a scrape gap has no day


def _accuracy(report: PeriodReport, label: dict[str, str]) -> str:
    start, found = report.window.start, report.understanding
    runs = [
        (local(p.at, ZoneInfo(report.zone)), p.ratio, p.low, p.high)
        for p in found.golden
        if p.at >= start
    ]
    target = next((p.target for p in report.promises if p.measure == "accuracy"), None)
    return days.accuracy(found.days, runs, target=target, **label)
