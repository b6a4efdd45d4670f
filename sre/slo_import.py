"""`sre slo import`: what others wrote, as OpenSLO."""

import json
from pathlib import Path
from typing import Annotated

import typer

from slo.edge.importing import import_sloth, write_new


def import_(
    file: Annotated[Path, typer.Argument(help='A file of sloth\'s, version "prometheus/v1".')],
    out: Annotated[
        str, typer.Option(help="Write a file of the same name to this folder; - prints it.")
    ] = "-",
    window: Annotated[str, typer.Option(help="Over which time the promises are kept.")] = "30d",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Turn a file of sloth's into OpenSLO, and say what could not be carried over."""
    found = import_sloth(file, window)
    target = None
    if out != "-":
        target = write_new(Path(out) / f"{file.stem}.yaml", found.text(), overwrite=overwrite)
    if as_json:
        plain = {"file": str(target) if target else None, "documents": found.documents}
        typer.echo(json.dumps({**plain, "not_carried_over": found.lost}, indent=2))
        return
    if target is None:
        typer.echo(found.text(), nl=False)
    else:
        typer.echo(f"written: {target}")
    for each in found.lost:
        typer.echo(f"not carried over: {each}", err=True)
