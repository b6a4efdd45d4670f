"""Put a report's sections in the order in which they are read."""

from reports.document import Document
from reports.period import (
    infrastructure_section,
    operations_section,
    overview_section,
    planning_section,
    service_section,
    trends_section,
    wording,
)
from reports.period.report import PeriodReport
from reports.period.window import Kind

_NAMES = {
    "day": "Daily report",
    "week": "Weekly report",
    "month": "Monthly report",
    "span": "Report",
}


def document(report: PeriodReport) -> Document:
    """Return the report as a document; empty sections are left out."""
    summary, happened = overview_section.summary(report), operations_section.timeline(report)
    is_day = report.kind == Kind.DAY
    sections = (
        summary,
        *((happened,) if is_day else ()),
        overview_section.to_do(report),
        overview_section.objectives(report),
        trends_section.trends(report),
        overview_section.budget(report),
        service_section.latency(report),
        service_section.traffic(report),
        service_section.accuracy(report),
        infrastructure_section.backends(report),
        infrastructure_section.resources(report),
        operations_section.paging(report),
        *(() if is_day else (happened,)),
        planning_section.capacity(report),
        planning_section.thresholds(report),
        operations_section.maintenance(report),
        operations_section.data(report),
    )
    return Document(
        str(report.verdict),
        report.headline,
        subtitle(report),
        tuple(section for section in sections if section.blocks),
    )


def subtitle(report: PeriodReport) -> str:
    """Return which window the report is on."""
    span, before = report.window, report.before
    name, other = f"{_NAMES[report.kind]} {span.label}", before.label
    if report.kind == Kind.SPAN:
        name = _NAMES[report.kind]
        other = f"{wording.day_and_time(before.start)} to {wording.day_and_time(before.end)}"
    form = "%a %d %b %Y %H:%M" if span.hours >= 1 else "%a %d %b %Y %H:%M:%S"
    return (
        f"{name}: {span.start:{form}} to {span.end:{form}}, {report.zone}, "
        f"{wording.length(span.hours)}; compared with {other}"
    )
