"""The verbs of `sre report` that report on a day, a week or a month, and what all reports take."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from datetime import datetime

    from reports.edge.formats import Written
    from reports.period.report import PeriodReport
    from reports.period.window import Window

Url = Annotated[
    str | None, typer.Option("--prometheus", help="URL of Prometheus; else SRE_PROMETHEUS_URL.")
]
Zone = Annotated[str, typer.Option(envvar="SRE_TIMEZONE", help="Time zone of the window.")]
Out = Annotated[Path | None, typer.Option(help="Folder to write to; else runs/report.")]
Formats = Annotated[
    str, typer.Option("--format", help="Which of html, md, json, pdf, with commas.")
]
Json = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]

_Of = Annotated[str | None, typer.Option("--of", help="A date in the window, instead of the last.")]
_Since = Annotated[str | None, typer.Option("--from", help="Report on a span from this time …")]
_Until = Annotated[str | None, typer.Option("--to", help="… to this time, or now.")]
_Compare = Annotated[
    str | None, typer.Option(help="A date in the window to compare with, instead of the one before")
]
_Objectives = Annotated[Path | None, typer.Option(help="Folder of objectives, not the shipped.")]
_PERIODS = ("day", "week", "month")
_VERBS = {
    "weekly": (
        "week",
        (
            "Say what to fix: promises, where the budget went, outages, deploys, leaks, pages.\n\n"
            "Reports on the last complete week. Without a Prometheus: from run records alone."
        ),
    ),
    "daily": (
        "day",
        (
            "Give the evening summary's figures and the incidents of the last complete day.\n\n"
            "For the day so far: --from TODAY --to now."
        ),
    ),
    "monthly": (
        "month",
        (
            "Show a month: trends, promises, where growth leads, and thresholds to change.\n\n"
            "Reports on the last complete month."
        ),
    ),
}


def add_period_verbs(app: typer.Typer) -> None:
    """Add the three; only the weekly one can be told another period and when a week begins."""
    for verb, (period, told) in _VERBS.items():
        _add(app, verb, period, told)


def _add(app: typer.Typer, verb: str, usual: str, told: str) -> None:
    hidden = usual != "week"
    period_option = typer.Option(help="day, week or month.", hidden=hidden)
    start_option = typer.Option(help="The day on which a week begins.", hidden=hidden)

    @app.command(verb, help=told)
    def report(
        period: Annotated[str, period_option] = usual,
        prometheus: Url = None,
        zone: Zone = "UTC",
        week_start: Annotated[str, start_option] = "monday",
        of: _Of = None,
        since: _Since = None,
        until: _Until = None,
        compare: _Compare = None,
        out: Out = None,
        formats: Formats = "html,md,json",
        objectives: _Objectives = None,
        as_json: Json = False,
    ) -> None:
        from kit.edge.prometheus import prometheus_url
        from reports.edge import period as periods
        from reports.edge.formats import read_formats
        from slo.edge.files import SHIPPED, load_objectives
        from sre.exits import exit_of_verdict

        wanted, now = read_formats(formats), periods.now()
        days = {"of": of, "since": since, "until": until, "compare": compare}
        window = _window(period, zone, week_start, now, days)
        promises = load_objectives(objectives or SHIPPED)
        url = prometheus_url(prometheus)
        made = periods.make(window, promises, prometheus_url=url, now=now)
        _tell(periods.write(made, out, wanted), as_json=as_json)
        raise typer.Exit(int(exit_of_verdict(made.verdict)))


def _window(
    period: str, zone: str, week_start: str, now: "datetime", days: dict[str, str | None]
) -> "Window":
    from kit.pure.errors import BadInputError
    from reports.edge.windows import choose, read_zone
    from reports.period.window import Kind

    if period not in _PERIODS:
        hint = f"use {', '.join(_PERIODS)}"
        raise BadInputError(f"no period is called {period!r}", hint=hint)
    return choose(Kind(period), zone=read_zone(zone), now=now, week_start=week_start, **days)


def _tell(written: "Written[PeriodReport]", *, as_json: bool) -> None:
    if as_json:
        from reports.period.as_json import to_json

        typer.echo(to_json(written.report), nl=False)
    else:
        from sre.report_screen import show_period
        from sre.screen import console

        show_period(console(), written)
