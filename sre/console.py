"""`sre console`: pages for people on this project."""

import json
import os
from pathlib import Path
from typing import Annotated

import typer

from console.edge.about import About
from console.edge.running import Opened, Place, run
from kit.edge.prometheus import prometheus_url
from kit.edge.records import runs_dir
from slo.edge.files import load_objectives
from slo.edge.project_file import load_project, runs_of
from sre.options import Alertmanager, Logs, Objectives, Project, Prometheus
from status.edge.notices import status_folder


def console(
    prometheus: Prometheus = None,
    alertmanager: Alertmanager = None,
    logs: Logs = None,
    backup_dir: Annotated[
        Path, typer.Option("--backup-dir", envvar="SRE_BACKUP_DIR", help="Folder of the backups.")
    ] = Path("backups"),
    status_dir: Annotated[
        Path | None, typer.Option(help="Folder of the status page's notices; else SRE_STATUS_DIR.")
    ] = None,
    host: Annotated[str, typer.Option(help="Where to listen.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 takes a free one.")] = 8900,
    name: Annotated[
        list[str] | None, typer.Option(help="A name it is asked under; may be repeated.")
    ] = None,
    objectives: Objectives = None,
    project: Project = None,
    as_json: Annotated[
        bool, typer.Option("--json", help="Say where it listens as one line of JSON.")
    ] = False,
) -> None:
    """Serve read-only pages: now, objectives, runs, alerts. Ends with Ctrl-C.

    On loopback everybody on this machine may look. Elsewhere a token is asked for once and becomes
    a cookie: SRE_CONSOLE_TOKEN, or one that is made and printed. Put TLS in front of it there.
    """
    own = load_project(project)
    named_logs = logs or (Path(found) if (found := os.environ.get("CALENDAR_LOG_DIR")) else None)
    runs = runs_dir(runs_of(own))
    about = About(
        project=own,
        objectives=load_objectives(objectives or Path(own.paths.objectives)),
        prometheus=prometheus_url(prometheus) or own.places.prometheus,
        alertmanager=alertmanager
        or os.environ.get("SRE_ALERTMANAGER_URL")
        or own.places.alertmanager,
        runs=runs,
        backups=backup_dir,
        logs=named_logs,
        notices=status_folder(status_dir, runs),
    )
    place = Place(host, port, tuple(name or ()), os.environ.get("SRE_CONSOLE_TOKEN") or None)
    run(about, place, lambda opened: _say(opened, as_json=as_json))


def _say(opened: Opened, *, as_json: bool) -> None:
    """Say where it listens, and the token where one was made: nobody else knows it."""
    if as_json:
        said = {"schema": "calendar-sre/console/v1", "url": opened.url, "token": opened.token}
        typer.echo(json.dumps(said))
        return
    typer.echo(f"console on {opened.url}", err=True)
    if opened.token is not None:
        typer.echo(f"token: {opened.token}", err=True)
