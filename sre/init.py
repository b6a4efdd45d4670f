"""`sre init`: a first project file of a service."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from kit.edge.access import access, target_url
from kit.edge.prometheus import prometheus_url
from ops.init.files import files_of
from ops.init.guessing import guesses
from ops.init.looking import Asked, look
from ops.init.unguessed import unguessed
from ops.init.writing import ci_file, write_project
from slo.edge.project_file import SCHEMA_FILE
from sre.answer import Answer
from sre.options import CaFile, Prometheus, Target, Timeout

_NEXT = ("sre slo validate", "sre load run load/smoke.yaml", "sre alerts build")


def init(
    target: Target = None,
    prometheus: Prometheus = None,
    openapi: Annotated[
        str | None,
        typer.Option("--openapi", help="OpenAPI 3 file or URL; else where services show it."),
    ] = None,
    metrics: Annotated[
        str | None, typer.Option("--metrics", help="Path of its metrics; else the usual ones.")
    ] = None,
    project: Annotated[
        Path, typer.Option("--project", help="Folder of the project; it is made where needed.")
    ] = Path(),
    ca_file: CaFile = None,
    timeout: Timeout = 10.0,
    force: Annotated[bool, typer.Option("--force", help="Replace files that are there.")] = False,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON schema of sre.toml, and nothing else.")
    ] = False,
) -> Answer:
    """Write a project file for a service from its metrics and its OpenAPI document.

    Beside it: two objectives, a load profile of the real routes, a golden example, a prober journey
    and a CI file. All of it is loaded before anything is written; each guess says why.
    """
    if schema:
        return _schema()
    url, server = target_url(target), prometheus_url(prometheus)
    asked = Asked(url, access(ca_file), server, openapi, metrics, timeout)
    seen, notes = look(asked)
    notes = (*notes, *unguessed(seen))
    files = files_of(seen, ci_file(project))
    made = write_project(project, files, force=force)
    left_out = made.roles.unbound()
    data = {
        "schema": "calendar-sre/init/v1",
        "project": os.path.relpath(made.source),
        "exporter": seen.exporter.exporter.name,
        "files": [{"path": each.path, "purpose": each.purpose} for each in files],
        "guesses": [
            {"field": f"{one.table}.{one.key}", "value": one.value, "why": one.why}
            for one in guesses(seen)
        ],
        "left_out": list(left_out),
        "notes": list(notes),
        "next": list(_NEXT),
    }

    def show(screen: Console) -> None:
        screen.out(f"exporter  {seen.exporter.exporter.name}")
        for each in files:
            screen.out(f"written   {project / each.path}  {each.purpose}")
        for note in notes:
            screen.out(f"note      {note}")
        if left_out:
            screen.out(f"left out  {', '.join(left_out)} (no such metrics in {made.source})")
        screen.out(f"next      {', then '.join(_NEXT)}")

    return Answer(data, show)


def _schema() -> Answer:
    """Return the published JSON schema of a project file, for editors and reviews."""
    text = SCHEMA_FILE.read_text(encoding="utf-8")
    data = {"schema": "calendar-sre/init-schema/v1", "document": json.loads(text)}
    return Answer(data, lambda screen: screen.out(text, end="", highlight=False))
