"""`sre report`: pages that people act on."""

from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console

from kit.edge import records
from kit.edge.prometheus import prometheus_url
from kit.edge.records import runs_dir
from kit.edge.writing import write_whole
from kit.pure.errors import BadInputError, NotEnoughDataError
from reports.edge import capacity as capacity_reports
from reports.edge import delivery as report_delivery
from reports.edge import history as history_reports
from reports.edge import period as period_reports
from reports.edge.formats import read_formats
from reports.edge.run_page import run_report
from reports.edge.window_options import read_moment, read_zone
from reports.run.slowest import with_server_times
from slo.edge.project_file import load_project
from slo.verdict import Verdict, overall
from sre.answer import Answer
from sre.exits import exit_of_verdict
from sre.options import Logs, Project, Prometheus, Zone
from sre.report_periods import PERIODS, Formats, Out
from sre.report_screen import show_capacity
from sre.run_screen import print_verdict
from sre.screen import lines
from traces.edge.server_times import server_ms


def run(
    records: Annotated[
        list[str] | None,
        typer.Argument(
            help="A load run's and/or a golden run's record: path or id; `load` and `golden` are "
            "the newest. Without any: the newest of both."
        ),
    ] = None,
    out: Annotated[
        Path | None, typer.Option(help="Where to write the page; else runs/report.html.")
    ] = None,
    project: Project = None,
    logs: Logs = None,
) -> Answer:
    """Write one self-contained page for a load run, a golden run, or both.

    With --logs the slowest requests are held against what the service says of each. Exits by the
    verdict of the runs it shows.
    """
    load, golden = _pair(records or _newest())
    if load is not None and logs is not None:
        wanted = {each["request_id"] for each in load.get("slowest") or ()}
        load = with_server_times(load, server_ms(logs, wanted))
    page = out or runs_dir() / "report.html"
    write_whole(page, run_report(load, golden, words=load_project(project).reports))
    shown = [record for record in (load, golden) if record is not None]
    verdict = overall(Verdict(record["verdict"]) for record in shown)

    def screen(terminal: Console) -> None:
        terminal.print(f"report    {page}", markup=False)
        print_verdict(terminal, verdict)

    data = {
        "schema": "calendar-sre/report-run/v1",
        "report": str(page),
        "verdict": verdict,
        "runs": [record["id"] for record in shown],
    }
    return Answer(data, screen, exit_of_verdict(verdict))


def capacity(
    prometheus: Prometheus = None,
    zone: Zone = "UTC",
    as_of: Annotated[str, typer.Option(help="Date or time to report as of.")] = "now",
    out: Out = None,
    formats: Formats = "html,md,json",
    project: Project = None,
) -> Answer:
    """Tell how long the capacity lasts: the safe rate, growth, when one meets the other.

    The safe rate is that of the newest whole climb (sre load run stress), growth that of thirteen
    weeks in Prometheus, of which three must be there. Fails when the safe rate is, or will be,
    reached within four weeks.
    """
    wanted, where = read_formats(formats), read_zone(zone)
    now = read_moment(as_of, where, period_reports.now())
    own = load_project(project)
    url = prometheus_url(prometheus) or own.places.prometheus
    report = capacity_reports.make(own, prometheus_url=url, now=now, zone=where)
    written = capacity_reports.write(report, out or runs_dir() / "capacity", wanted)
    return Answer(
        capacity_reports.to_record(report),
        lambda terminal: show_capacity(terminal, written),
        exit_of_verdict(report.verdict),
    )


def history(
    period: Annotated[
        str, typer.Option(help="The reports of which length: day, week, month or quarter.")
    ] = "week",
    out: Out = None,
    formats: Formats = "html,md,json",
) -> Answer:
    """Show all reports and runs on record: objectives, things to do, accuracy, load, noise."""
    if period not in PERIODS:
        raise BadInputError(f"no period is called {period!r}", hint=f"use {', '.join(PERIODS)}")
    wanted = read_formats(formats)
    found = history_reports.make(period)
    written = history_reports.write(found, out or runs_dir() / "history", wanted)
    said = [f"{form:<9} {path}" for form, path in written.files.items()]
    return Answer(history_reports.to_record(found), lines(said))


def send(
    report: Annotated[str, typer.Argument(help="The report's name, such as week-2026-W46.")],
    to: Annotated[str, typer.Option(help="email or slack.")],
    folder: Annotated[Path | None, typer.Option(help="Where it is; else runs/report.")] = None,
    really: Annotated[
        bool, typer.Option("--really", help="Send it; without this it is only shown.")
    ] = False,
) -> Answer:
    """Send a report by e-mail or to Slack; only shows what would be sent, unless --really.

    E-mail: SRE_SMTP_URL, SRE_MAIL_FROM and SRE_MAIL_TO. Slack: SRE_SLACK_WEBHOOK_URL.
    """
    if to not in report_delivery.TARGETS:
        raise BadInputError(f"no target is called {to!r}", hint="use email or slack")
    found = report_delivery.read_delivery(folder or runs_dir() / "report", report)
    where = report_delivery.send(to, found) if really else report_delivery.whereto(to)
    text = found.markdown if to == "email" else report_delivery.slack(found)["text"]
    data = {
        "schema": "calendar-sre/report-send/v1",
        "sent": really,
        "to": where,
        "subject": found.subject,
        "text": text,
    }
    line = f"sent to {where}: {found.subject}"
    if not really:
        line = f"would send to {where or 'nobody: nothing is configured'}\n\n{text}"
    return Answer(data, lambda terminal: terminal.print(line, markup=False))


def _pair(references: list[str]) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return the load and the golden record among what the references name."""
    found: dict[str, dict[str, Any]] = {}
    for reference in references:
        record = records.read(reference)
        kind = next((k for k in records.REPORTED if f"/{k}-run/" in record["schema"]), "")
        if not kind:
            raise BadInputError(
                f"{reference!r} is a drill, and a page shows load and golden runs",
                hint="sre drill run has printed what its record says",
            )
        if kind in found:
            raise BadInputError(
                f"two {kind} runs were given", hint="a page shows one run of each kind"
            )
        found[kind] = record
    return found.get("load"), found.get("golden")


def _newest() -> list[str]:

    paths = [str(path) for kind in records.REPORTED for path, _ in list(records.listed(kind))[:1]]
    if not paths:
        raise NotEnoughDataError(f"no run in {runs_dir()}", hint="make one with sre load run smoke")
    return paths
