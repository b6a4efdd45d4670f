"""Draw the charts that a document names."""

from datetime import date

from kit.charts import days, house
from reports.period import wording
from reports.period.attribution import Spending
from reports.period.document import Chart
from reports.period.report import PeriodReport


def draw(chart: Chart, report: PeriodReport) -> str:
    """Return a chart of the report as inline SVG."""
    told = {"name": chart.name, "title": chart.title, "description": chart.description}
    kind, _, number = chart.name.partition("-")
    match kind:
        case "spending":
            spent = _by_day(report.spending[int(number)])
            return days.bars([d for d, _ in spent], [v for _, v in spent], colour=house.BAD, **told)
        case "heat":
            return days.hours_of_week(report.waiting.heat_s, write=wording.seconds, **told)
        case "traffic":
            found = report.traffic.days
            return days.bars([d.day for d in found], [d.requests for d in found], **told)
        case "understood":
            return _understood(report, told)
    raise ValueError(f"no chart is called {chart.name!r}")


def _by_day(spending: Spending) -> list[tuple[date, float]]:
    found = []
    for part in spending.by_day:
        try:
            found.append((date.fromisoformat(part.name), part.bad))
        except ValueError:
            continue  # what fell into a scrape gap has no day
    return found


def _understood(report: PeriodReport, told: dict[str, str]) -> str:
    target = next((p.target for p in report.promises if p.measure == "accuracy"), None)
    zone = report.window.start.tzinfo
    return days.understood(
        report.understanding.days,
        [(p.at.astimezone(zone), p.ratio, p.low, p.high) for p in report.understanding.golden
         if p.at >= report.window.start],
        target=target,
        **told,
    )  # fmt: skip
