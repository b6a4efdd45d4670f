"""`sre alerts diff|deploy|rollback|history`: rules on a server."""

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from alerts.edge.deploy import deploy as run_deploy
from alerts.edge.deploy import plan
from alerts.edge.deploy import rollback as run_rollback
from alerts.edge.deploying import request, rule_texts, server
from alerts.edge.store import Store
from kit.pure.errors import BadInputError, NotEnoughDataError
from kit.pure.exits import Exit

_FOLDER = typer.Argument(help="The folder that rule_files of Prometheus points to.")
_PROMETHEUS = typer.Option(help="Prometheus's URL; else SRE_PROMETHEUS_URL.")
_RULES = typer.Option(help="Rule files; the generated ones by default.")
_PATIENCE = typer.Option(min=1, help="Seconds within which every group must have evaluated.")
_MOST = typer.Option(min=1, help="Series that one new rule may give.")
_REMOVALS = typer.Option("--allow-removals", help="Rules may go away.")


_JSON = typer.Option("--json", help="Print JSON.")


def diff(
    folder: Annotated[Path, _FOLDER],
    prometheus: Annotated[str | None, _PROMETHEUS] = None,
    rules: Annotated[list[Path] | None, _RULES] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Compare what Prometheus runs with what is meant; exit 1 when they differ."""
    planned = plan(request(rule_texts(rules or ())), server(prometheus), _store(folder))
    _say_change(planned.change, as_json=as_json, done="")
    if planned.change:
        raise typer.Exit(Exit.BAD)


def deploy(
    folder: Annotated[Path, _FOLDER],
    prometheus: Annotated[str | None, _PROMETHEUS] = None,
    rules: Annotated[list[Path] | None, _RULES] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would change.")] = False,
    allow_removals: Annotated[bool, _REMOVALS] = False,
    most_series: Annotated[int, _MOST] = 1000,
    patience: Annotated[float, _PATIENCE] = 180,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Put rules in place, reload, and wait until exactly they run; else put the old ones back."""
    asked = request(
        rule_texts(rules or ()),
        patience_s=patience,
        allow_removals=allow_removals,
        most_series=most_series,
    )
    if dry_run:
        planned = plan(asked, server(prometheus), _store(folder))
        _say_change(planned.change, as_json=as_json, done="")
        return
    entry, change = run_deploy(asked, server(prometheus), _store(folder))
    _say_change(change, as_json=as_json, done=entry.identity)


def rollback(
    folder: Annotated[Path, _FOLDER],
    prometheus: Annotated[str | None, _PROMETHEUS] = None,
    patience: Annotated[float, _PATIENCE] = 180,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Deploy the set before the last one again."""
    entry, change = run_rollback(
        request({}, patience_s=patience), server(prometheus), _store(folder)
    )
    _say_change(change, as_json=as_json, done=entry.identity)


def history(
    folder: Annotated[Path, _FOLDER],
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Show who deployed which set when, the newest last."""
    entries = _store(folder).history()
    if not entries:
        raise NotEnoughDataError(
            f"nothing was deployed to {folder} yet", hint=f"sre alerts deploy {folder}"
        )
    if as_json:
        typer.echo(json.dumps([asdict(entry) for entry in entries], indent=2))
        return
    for entry in entries:
        typer.echo(f"{entry.when}  {entry.identity}  {entry.who}  commit {entry.commit}")


def _store(folder: Path) -> "Store":
    """Return the rules in a folder; BadInputError when there is no such folder."""
    if not folder.is_dir():
        raise BadInputError(f"no folder {folder}", hint="name the folder that rule_files points to")
    return Store(folder)


def _say_change(change: Any, *, as_json: bool, done: str) -> None:
    if as_json:
        parts = {"added": change.added, "removed": change.removed, "changed": change.changed}
        typer.echo(json.dumps({**parts, "deployed": done or None}))
        return
    for line in change.lines():
        typer.echo(line)
    counts = (
        f"{len(change.added)} added, {len(change.removed)} removed, {len(change.changed)} changed"
    )
    typer.echo(f"{counts}{f'; deployed as {done}' if done else ''}")
