"""The part of `sre dashboards` that talks to a Grafana."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer

from dashboards.deploy.plan import Change, Deed
from dashboards.edge.deploy import annotate_load_runs, connect, plan_deploy, read_kept, read_set
from dashboards.edge.deploy import deploy as carry_out
from dashboards.edge.files import GENERATED
from kit.edge import records
from kit.pure.words import counted
from sre.screen import console

Server = Annotated[
    str | None,
    typer.Option("--grafana", help="URL of a Grafana; else SRE_GRAFANA_URL, else port 3000 here."),
]
Json = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change; change nothing.")]


def deploy(
    grafana: Server = None,
    source: Annotated[
        Path | None, typer.Option("--from", help="Folder of dashboards, not the generated ones.")
    ] = None,
    dry_run: DryRun = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show every line that changes.")] = False,
    prune: Annotated[
        bool, typer.Option("--prune", help="Remove our dashboards that are built no longer.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Bring the dashboards into a Grafana: all of them, read back, or none.

    The token is read from SRE_GRAFANA_TOKEN. What was there before is kept for `rollback`.
    """
    wanted = read_set(source or GENERATED)
    with connect(grafana) as server:
        changes = plan_deploy(server, wanted, prune=prune)
        if not as_json:
            _tell(changes, diff=diff)
        kept = None
        if not dry_run:
            kept = carry_out(server, changes, message=f"sre {records.commit()}").kept
    _conclude(changes, kept, dry_run=dry_run, as_json=as_json)


def rollback(
    kept: Annotated[
        Path | None, typer.Argument(help="What a deploy kept; the newest without.")
    ] = None,
    grafana: Server = None,
    dry_run: DryRun = False,
    diff: Annotated[bool, typer.Option("--diff", help="Show every line that changes.")] = False,
    as_json: Json = False,
) -> None:
    """Bring back what was in a Grafana before a deploy, all of it or nothing."""
    path, before = read_kept(kept)
    with connect(grafana) as server:
        changes = plan_deploy(server, before, prune=False)
        if not as_json:
            _tell(changes, diff=diff)
        left = None
        if not dry_run:
            left = carry_out(server, changes, message=f"rollback to {path.stem}").kept
    _conclude(changes, left, dry_run=dry_run, as_json=as_json)


def annotate(grafana: Server = None, as_json: Json = False) -> None:
    """Mark the load runs on record on every dashboard of a Grafana; those there stay."""
    with connect(grafana) as server:
        written = annotate_load_runs(server)
    if as_json:
        _print_json({"written": written})
    else:
        console().print(f"{counted(written, 'load run')} marked")


def _tell(changes: "tuple[Change, ...]", *, diff: bool) -> None:

    screen = console()
    for change in changes:
        screen.print(f"{change.uid}: {change.deed}", markup=False)
        if change.deed is Deed.UPDATE and not diff:
            for line in change.panels():
                screen.print(f"    {line}", markup=False)
        if diff:
            for line in change.diff():
                screen.print(f"    {line}", markup=False)


def _conclude(
    changes: "tuple[Change, ...]", kept: Path | None, *, dry_run: bool, as_json: bool
) -> None:

    count = sum(change.deed is not Deed.LEAVE for change in changes)
    if as_json:
        _print_json(
            {
                "changes": [
                    {"uid": c.uid, "deed": c.deed, "panels": list(c.panels())} for c in changes
                ],
                "deployed": not dry_run,
                "kept": None if kept is None else str(kept),
            }
        )
        return
    done = "would change" if dry_run else "changed and read back"
    console().print(f"{count} of {counted(len(changes), 'dashboard')} {done}", markup=False)
    if kept is not None:
        console().print(f"to undo: sre dashboards rollback {kept}", markup=False)


def _print_json(value: object) -> None:
    json.dump(value, sys.stdout, indent=1, ensure_ascii=False)
    sys.stdout.write("\n")
