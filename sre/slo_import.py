"""`sre slo import`: what others wrote, as OpenSLO."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from slo.edge.importing import import_sloth, write_new
from sre.answer import Answer
from sre.screen import console


def import_(
    file: Annotated[Path, typer.Argument(help='A file of sloth\'s, version "prometheus/v1".')],
    out: Annotated[
        str, typer.Option(help="Write a file of the same name to this folder; - prints it.")
    ] = "-",
    window: Annotated[str, typer.Option(help="The window of the objectives.")] = "30d",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace what is there.")] = False,
) -> Answer:
    """Turn a file of sloth's into OpenSLO, and say what could not be carried over."""
    found = import_sloth(file, window)
    target = None
    if out != "-":
        target = write_new(Path(out) / f"{file.stem}.yaml", found.text(), overwrite=overwrite)

    def show(screen: Console) -> None:
        if target is None:
            screen.out(found.text(), end="")
        else:
            screen.out(f"written: {target}")
        aside = console(to_stderr=True)
        for each in found.lost:
            aside.out(f"not carried over: {each}")

    data = {
        "schema": "calendar-sre/slo-import/v1",
        "file": str(target) if target else None,
        "documents": found.documents,
        "not_carried_over": list(found.lost),
    }
    return Answer(data, show)
