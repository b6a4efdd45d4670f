"""`sre doctor`: what this machine has of what the product needs."""

from typing import Annotated

import typer

app = typer.Typer()


@app.command()
def doctor(
    as_json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
) -> None:
    """Say what this machine has of what the product needs, and what to do about the rest."""
    import dataclasses
    import json

    from rich.table import Table

    from ops.doctor import examine
    from sre.exits import Exit
    from sre.screen import console

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
