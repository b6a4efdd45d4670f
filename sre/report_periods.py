"""The verbs of `sre report` that report on a day, a week or a month, and what all reports take."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Final

import typer

from kit.edge.prometheus import prometheus_url
from kit.pure.errors import BadInputError
from reports.edge import period as periods
from reports.edge.formats import read_formats
from reports.edge.window_options import choose, read_zone
from reports.period.as_json import to_record
from reports.period.window import Kind
from slo.edge.files import load_objectives
from slo.edge.project_file import load_project
from sre.answer import Answer
from sre.exits import exit_of_verdict
from sre.options import Objectives, Project, Prometheus, TeamZone
from sre.report_screen import show_period
from sre.trace_findings import slow_in

Out = Annotated[Path | None, typer.Option(help="Folder to write to; else runs/report.")]
Formats = Annotated[
    str, typer.Option("--format", help="Which of html, md, json, pdf, with commas.")
]

_Period = Annotated[str, typer.Option(help="day, week, month or quarter.")]
_WeekStart = Annotated[str, typer.Option(help="The day on which a week begins.")]
_Of = Annotated[str | None, typer.Option("--of", help="A date in the window, instead of the last.")]
_Since = Annotated[str | None, typer.Option("--from", help="Report on a span from this time …")]
_Until = Annotated[str | None, typer.Option("--to", help="… to this time, or now.")]
_Compare = Annotated[
    str | None, typer.Option(help="A date in the window to compare with, instead of the one before")
]
_Logs = Annotated[
    list[Path] | None,
    typer.Option(
        "--logs", help="Folder with traces.log, once for each instance; else CALENDAR_LOG_DIR."
    ),
]
PERIODS: Final = (Kind.DAY, Kind.WEEK, Kind.MONTH, Kind.QUARTER)


@dataclass(frozen=True, slots=True)
class _Wish:
    """What was asked for, beside the kind of window."""

    prometheus: str | None
    zone: str | None
    days: Mapping[str, str | None]
    out: Path | None
    formats: str
    objectives: Path | None
    project: Path | None
    logs: list[Path] | None


def _verb(kind: Kind, about: str) -> Callable[..., Answer]:
    """Return the verb that reports on the last complete window of a kind; `about` is its help."""

    def verb(
        period: _Period = kind,
        prometheus: Prometheus = None,
        zone: TeamZone = None,
        week_start: _WeekStart = "monday",
        of: _Of = None,
        since: _Since = None,
        until: _Until = None,
        compare: _Compare = None,
        out: Out = None,
        formats: Formats = "html,md,json",
        objectives: Objectives = None,
        project: Project = None,
        logs: _Logs = None,
    ) -> Answer:
        days = {"of": of, "since": since, "until": until, "compare": compare}
        wish = _Wish(prometheus, zone, days, out, formats, objectives, project, logs)
        return _made(period, week_start, wish)

    verb.__doc__ = about
    return verb


def _made(period: str, week_start: str, wish: _Wish) -> Answer:
    if period not in PERIODS:
        hint = f"use {', '.join(PERIODS)}"
        raise BadInputError(f"no period is called {period!r}", hint=hint)
    wanted, now = read_formats(wish.formats), periods.now()
    project = load_project(wish.project)
    zone = read_zone(wish.zone or project.reports.zone or "UTC")
    window = choose(Kind(period), zone=zone, now=now, week_start=week_start, **wish.days)
    objectives = load_objectives(wish.objectives or Path(project.paths.objectives), project)
    url = prometheus_url(wish.prometheus) or project.places.prometheus
    made = periods.make(window, objectives, project, prometheus_url=url, now=now)
    slow = slow_in(wish.logs, window.start, window.end, made.before.start)
    made = replace(made, slow=slow)
    written = periods.write(made, wish.out, wanted)
    return Answer(
        to_record(written.report),
        lambda screen: show_period(screen, written),
        exit_of_verdict(made.verdict),
    )


weekly = _verb(
    Kind.WEEK,
    """Say what to fix: objectives, where the budget went, outages, deploys, leaks, pages.

    Reports on the last complete week. Without a Prometheus: from run records alone.
    """,
)
daily = _verb(
    Kind.DAY,
    """Give the evening summary's figures and the incidents of the last complete day.

    For the day so far: --from TODAY --to now.
    """,
)
monthly = _verb(
    Kind.MONTH,
    """Show a month: trends, objectives, where growth leads, and thresholds to change.

    Reports on the last complete month.
    """,
)
quarterly = _verb(
    Kind.QUARTER,
    """Review a quarter: which objectives were kept, where it is heading, what was decided.

    Reports on the last complete quarter of the calendar.
    """,
)
