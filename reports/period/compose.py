"""Put a report's sections in the order in which they are read."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from reports.document import Document, Section
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

_NAMES: Final = {
    "day": "Daily report",
    "week": "Weekly report",
    "month": "Monthly report",
    "quarter": "Quarterly review",
    "span": "Report",
}
_ASKED: Final[Mapping[str, tuple[str, ...]]] = {
    "summary": ("whole", "accuracy", "cache", "up"),
    "to-do": ("fault", "closely", "up", "slow", "used", "alerts"),
    "objectives": ("slo", "budget"),
    "trends": ("requests", "latency", "accuracy", "cache", "used"),
    "budget": ("failing", "slow", "processes"),
    "latency": ("latency",),
    "traffic": ("whole", "requests", "active_users"),
    "accuracy": ("accuracy",),
    "backends": ("cache", "dependencies", "failures"),
    "resources": ("used", "processes", "whole"),
    "alerts": ("alerts",),
    "timeline": ("fault", "closely", "up", "scrapes", "processes"),
    "capacity": ("capacity",),
    "data": ("scrapes", "up", "processes"),
}
"""The kinds of queries by which the figures of a section were asked."""


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
        tuple(_asked_by(section, report) for section in sections if section.blocks),
        report.asked,
    )


def _asked_by(section: Section, report: PeriodReport) -> Section:
    """Return a section with the names of the queries that its figures were asked by."""
    kinds = _ASKED.get(section.id, ())
    found = tuple(name for name, _ in report.asked if _kind_of(name) in kinds)
    return replace(section, queries=found)


def _kind_of(name: str) -> str:
    return name.partition(".")[0].partition("~")[0]


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
