"""`sre report`: pages that people act on."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from ops.cli.report_periods import Formats, Json, Out, Url, Zone, add_period_verbs

app = typer.Typer(help="Make reports from Prometheus and from run records.")


@app.command()
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
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Write one self-contained page for a load run, a golden run, or both.

    Exits by the verdict of the runs it shows.
    """
    from ops import records as kept
    from ops.cli.exits import exit_of_verdict
    from ops.cli.run_screen import print_verdict
    from ops.cli.screen import console
    from reports import run_report
    from slo.verdict import Verdict, overall

    load, golden = _pair(records or _newest())
    page = out or kept.runs_dir() / "report.html"
    kept.write_whole(page, run_report(load, golden))
    shown = [record for record in (load, golden) if record is not None]
    verdict = overall(Verdict(record["verdict"]) for record in shown)
    if as_json:
        runs = [record["id"] for record in shown]
        typer.echo(json.dumps({"report": str(page), "verdict": verdict, "runs": runs}))
    else:
        console().print(f"report    {page}", markup=False)
        print_verdict(console(), verdict)
    raise typer.Exit(int(exit_of_verdict(verdict)))


add_period_verbs(app)


@app.command()
def capacity(
    prometheus: Url = None,
    zone: Zone = "UTC",
    as_of: Annotated[str, typer.Option(help="Date or time to report as of.")] = "now",
    out: Out = None,
    formats: Formats = "html,md,json",
    as_json: Json = False,
) -> None:
    """Tell how long the capacity lasts: the safe rate, growth, when one meets the other.

    The safe rate is that of the newest whole climb (sre load run stress), growth that of thirteen
    weeks in Prometheus, of which three must be there. Fails when the safe rate is, or will be,
    reached within four weeks.
    """
    from ops import records
    from ops.cli.exits import exit_of_verdict
    from ops.cli.report_screen import show_capacity
    from ops.cli.screen import console
    from ops.prometheus import prometheus_url
    from ops.reports import capacity as capacity_reports
    from ops.reports import period as period_reports
    from ops.reports.formats import read_formats
    from ops.reports.windows import read_moment, read_zone

    wanted, where = read_formats(formats), read_zone(zone)
    now = read_moment(as_of, where, period_reports.now())
    url = prometheus_url(prometheus)
    report = capacity_reports.make(prometheus_url=url, now=now, zone=where)
    written = capacity_reports.write(report, out or records.runs_dir() / "capacity", wanted)
    if as_json:
        typer.echo(capacity_reports.to_json(report), nl=False)
    else:
        show_capacity(console(), written)
    raise typer.Exit(int(exit_of_verdict(report.verdict)))


@app.command()
def send(
    report: Annotated[str, typer.Argument(help="The report's name, such as week-2026-W46.")],
    to: Annotated[str, typer.Option(help="email or slack.")],
    folder: Annotated[Path | None, typer.Option(help="Where it is; else runs/report.")] = None,
    really: Annotated[
        bool, typer.Option("--really", help="Send it; without this it is only shown.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Send a report by e-mail or to Slack; only shows what would be sent, unless --really.

    E-mail: SRE_SMTP_URL, SRE_MAIL_FROM and SRE_MAIL_TO. Slack: SRE_SLACK_WEBHOOK_URL.
    """
    from ops import records
    from ops.reports import delivery as report_delivery
    from slo.errors import BadInputError

    if to not in report_delivery.TARGETS:
        raise BadInputError(f"no target is called {to!r}", hint="use email or slack")
    found = report_delivery.read_delivery(folder or records.runs_dir() / "report", report)
    where = report_delivery.send(to, found) if really else report_delivery.whereto(to)
    text = found.markdown if to == "email" else report_delivery.slack(found)["text"]
    if as_json:
        told = {"sent": really, "to": where, "subject": found.subject, "text": text}
        typer.echo(json.dumps(told, ensure_ascii=False))
    elif really:
        typer.echo(f"sent to {where}: {found.subject}")
    else:
        typer.echo(f"would send to {where or 'nobody: nothing is configured'}\n\n{text}")


def _pair(references: list[str]) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """Return the load and the golden record among what the references name."""
    from ops import records
    from slo.errors import BadInputError

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
    from ops import records
    from slo.errors import NotEnoughDataError

    paths = [str(path) for kind in records.REPORTED for path, _ in list(records.listed(kind))[:1]]
    if not paths:
        raise NotEnoughDataError(
            f"no run in {records.runs_dir()}", hint="make one with sre load run smoke"
        )
    return paths
