"""Draw the charts that a capacity report names."""

from kit.charts.forecast import forecast
from reports.capacity.compose import limit
from reports.capacity.report import CapacityReport
from reports.document import Chart


def draw(chart: Chart, report: CapacityReport) -> str:
    """Return the forecast as inline SVG."""
    return forecast(
        [(one.day, one.per_s) for one in report.days],
        [(one.day, one.per_s, one.low, one.high) for one in report.ahead],
        limit=limit(report),
        name=chart.name,
        title=chart.title,
        description=chart.description,
    )
