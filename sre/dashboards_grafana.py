"""`sre dashboards deploy|rollback|annotate`: the part that talks to a Grafana."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer

from dashboards.deploy.plan import Change, Deed
from dashboards.edge.deploy import annotate_load_runs, connect, plan_deploy, read_kept, read_set
from dashboards.edge.deploy import deploy as carry_out
from dashboards.edge.files import folder_of
from kit.edge import records
from kit.pure.words import counted
from slo.edge.project_file import load_project
from slo.project.project import Project
from sre.answer import Answer
from sre.options import DryRun, GrafanaHere
from sre.options import Project as ProjectFile
from sre.screen import lines

Diff = Annotated[bool, typer.Option("--diff", help="Show every line that changes.")]


def deploy(
    grafana: GrafanaHere = None,
    project: ProjectFile = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="Folder of dashboards, not the generated ones.")
    ] = None,
    dry_run: DryRun = False,
    diff: Diff = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove our dashboards that are built no longer.")
    ] = False,
) -> Answer:
    """Bring the dashboards into a Grafana: all of them, read back, or none.

    The token is read from SRE_GRAFANA_TOKEN. What was there before is kept for `rollback`.
    """
    ours = load_project(project)
    wanted = read_set(source or folder_of(ours))
    with connect(grafana or _place(ours)) as server:
        changes = plan_deploy(server, wanted, ours.boards, prune=prune)
        kept = None
        if not dry_run:
            message = f"sre {records.commit()}"
            kept = carry_out(server, changes, ours, message=message).kept
    return _changed(changes, kept, dry_run=dry_run, diff=diff)


def rollback(
    kept: Annotated[
        Path | None, typer.Argument(help="What a deploy kept; the newest without.")
    ] = None,
    grafana: GrafanaHere = None,
    project: ProjectFile = None,
    dry_run: DryRun = False,
    diff: Diff = False,
) -> Answer:
    """Bring back what was in a Grafana before a deploy, all of it or nothing."""
    ours = load_project(project)
    path, before = read_kept(kept, ours)
    with connect(grafana or _place(ours)) as server:
        changes = plan_deploy(server, before, ours.boards, prune=False)
        left = None
        if not dry_run:
            message = f"rollback to {path.stem}"
            left = carry_out(server, changes, ours, message=message).kept
    return _changed(changes, left, dry_run=dry_run, diff=diff)


def annotate(grafana: GrafanaHere = None, project: ProjectFile = None) -> Answer:
    """Mark the load runs on record on every dashboard of a Grafana; those there stay."""
    ours = load_project(project)
    with connect(grafana or _place(ours)) as server:
        written = annotate_load_runs(server, ours)
    data = {"schema": "calendar-sre/dashboards-annotate/v1", "written": written}
    return Answer(data, lines([f"{counted(written, 'load run')} marked"]))


def _place(project: Project) -> str | None:
    """Return the project's Grafana, unless the environment names another."""
    return os.environ.get("SRE_GRAFANA_URL") or project.places.grafana


def _changed(changes: Sequence[Change], kept: Path | None, *, dry_run: bool, diff: bool) -> Answer:
    data = {
        "schema": "calendar-sre/dashboards-change/v1",
        "changes": [{"uid": c.uid, "deed": c.deed, "panels": list(c.panels())} for c in changes],
        "deployed": not dry_run,
        "kept": None if kept is None else str(kept),
    }
    count = sum(change.deed is not Deed.LEAVE for change in changes)
    done = "would change" if dry_run else "changed and read back"
    said = [*_texts(changes, diff=diff), f"{count} of {counted(len(changes), 'dashboard')} {done}"]
    if kept is not None:
        said.append(f"to undo: sre dashboards rollback {kept}")
    return Answer(data, lines(said))


def _texts(changes: Sequence[Change], *, diff: bool) -> Iterator[str]:
    for change in changes:
        yield f"{change.uid}: {change.deed}"
        if diff:
            yield from (f"    {line}" for line in change.diff())
        elif change.deed is Deed.UPDATE:
            yield from (f"    {line}" for line in change.panels())
