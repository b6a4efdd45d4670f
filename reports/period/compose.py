"""Put a report's sections in the order in which they are read."""

from reports.period import (
    ahead_part,
    events_part,
    first_part,
    ground_part,
    service_part,
    trends_part,
    wording,
)
from reports.period.document import Document, Section
from reports.period.report import PeriodReport
from reports.period.window import Kind

_NAMES = {
    "day": "Daily report",
    "week": "Weekly report",
    "month": "Monthly report",
    "span": "Report",
}


def document(report: PeriodReport) -> Document:
    """Return the report as a document; sections with nothing to say are left out."""
    summary, happened = first_part.summary(report), events_part.timeline(report)
    is_day = report.kind == Kind.DAY
    sections = (
        summary,
        *((happened,) if is_day else ()),
        first_part.to_do(report),
        first_part.promises(report),
        trends_part.trends(report),
        first_part.budget(report),
        service_part.waiting(report),
        service_part.traffic(report),
        service_part.understanding(report),
        ground_part.backing(report),
        ground_part.resources(report),
        events_part.paging(report),
        *(() if is_day else (happened,)),
        ahead_part.capacity(report),
        ahead_part.thresholds(report),
        events_part.upkeep(report),
        events_part.data(report),
    )
    return Document(
        str(report.verdict),
        report.headline,
        subtitle(report),
        tuple(s for s in sections if _says(s)),
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


def _says(section: Section) -> bool:
    return bool(section.blocks)
