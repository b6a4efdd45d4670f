"""`sre stack up|status|restart|down`: the whole product on this machine, with Compose."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from kit.pure.exits import Exit
from ops.stack import lifecycle
from ops.stack.report import Report
from slo.edge.project_file import SHIPPED as CALENDAR
from slo.edge.project_file import load_project
from sre.answer import Answer
from sre.screen import console, lines, table_of

HomeFolder = Annotated[
    Path | None,
    typer.Option("--home", help="Folder of the stack; else SRE_STACK_HOME, else deployment/stack."),
]
SettingsFile = Annotated[
    Path | None,
    typer.Option("--settings", help="TOML file; else stack.toml of the folder or beside it."),
]
StandIn = Annotated[
    bool, typer.Option("--stand-in", help="A trial: no MongoDB but what stands in for it.")
]
Webhook = Annotated[
    str | None, typer.Option("--webhook", help="Tell this URL of every alert, and nobody else.")
]


def up(
    settings: SettingsFile = None,
    stand_in: StandIn = False,
    webhook: Webhook = None,
    home: HomeFolder = None,
) -> Answer:
    """Start the stack, or bring what runs of it to what the settings say, without an interruption.

    Images are taken from this machine, else pulled, else built. Secrets that can be made are made.
    """
    wanted = lifecycle.wanted(home, settings, stand_in=stand_in, webhook=webhook)
    return answer_of(lifecycle.up(wanted, load_project(CALENDAR), say))


def status(home: HomeFolder = None) -> Answer:
    """Show each part: how many should run, how many do, of which image, and what is to be done.

    Exits 0 when all is well, 1 when something is not, 3 when nothing runs.
    """
    return answer_of(lifecycle.status(home))


def restart(
    service: Annotated[str, typer.Argument(help="A service of the stack.")] = "calendar-api",
    home: HomeFolder = None,
) -> Answer:
    """Restart a service; the replicas of calendar-api one by one, so that no request is lost."""
    return answer_of(lifecycle.restart(home, service, say))


def down(
    volumes: Annotated[
        bool, typer.Option("--volumes", help="Remove the data, the secrets and the logs as well.")
    ] = False,
    home: HomeFolder = None,
) -> Answer:
    """Stop the stack and remove its containers and networks; data and secrets stay."""
    removed = lifecycle.down(home, volumes=volumes, say=say)
    kept = "" if volumes else "; volumes and secrets are kept: sre stack up goes on with them"
    data = {"schema": "calendar-sre/stack-down/v1", "removed": removed, "volumes": volumes}
    return Answer(data, lines([f"removed {removed} containers{kept}"]))


def say(line: str) -> None:
    """Tell how far it is."""
    console(to_stderr=True).out(line)


def answer_of(report: Report) -> Answer:
    """Return how a stack is as the answer of its verb."""
    code = Exit.HOLDS if report.is_well else Exit.BAD if report.runs else Exit.UNREACHABLE
    return Answer(data_of(report), lambda out: _show(out, report), code)


def data_of(report: Report) -> dict[str, object]:
    """Return the JSON object of how a stack is."""
    return {
        "schema": "calendar-sre/stack-status/v1",
        "name": report.name,
        "well": report.is_well,
        "parts": [{**asdict(one), "is_well": one.is_well} for one in report.parts],
        "absent": dict(report.absent),
        "problems": list(report.problems),
        "notes": list(report.notes),
    }


def _show(out: Any, report: Report) -> None:
    table = table_of("", "part", "well", "running", "wanted", "image")
    for one in report.parts:
        mark = "ok" if one.is_well else "BAD"
        numbers = (str(one.well), str(one.running), str(one.wanted))
        table.add_row(mark, one.service, *numbers, " ".join(one.images))
    for name, reason in report.absent.items():
        table.add_row("absent", name, "", "", "", reason)
    out.print(table)
    for line in _lines(report):
        out.out(line)


def _lines(report: Report) -> Iterator[str]:
    yield from (f"do: {one.problem}" for one in report.parts if one.problem)
    yield from (f"do: {one}" for one in report.problems)
    yield from (f"note: {one}" for one in report.notes)
    if report.runs and report.addresses:
        yield f"look: set -a; . {report.addresses}; set +a; sre check morning"
