"""`sre doctor`: what this machine has of what the product needs."""

import dataclasses
import json
from typing import Annotated

import typer
from rich.table import Table

from kit.pure.exits import Exit
from ops.doctor import examine
from sre.screen import console


def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
) -> None:
    """Say what this machine has of what the product needs, and what to do about the rest."""
    findings = examine()
    if as_json:
        typer.echo(json.dumps([dataclasses.asdict(finding) for finding in findings], indent=2))
    else:
        table = Table("", "part", "here", "needed for", "next step", box=None, pad_edge=False)
        for finding in findings:
            mark = "ok" if finding.found else ("MISSING" if finding.required else "absent")
            step = "" if finding.found else finding.next_step
            table.add_row(mark, finding.part, finding.detail, finding.needed_for, step)
        console().print(table)
    if any(finding.required and not finding.found for finding in findings):
        raise typer.Exit(Exit.UNREACHABLE)
