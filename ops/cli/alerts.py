"""`sre alerts`: from objectives to rules that can be trusted."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

app = typer.Typer(help="Build, check and deploy alert rules.")

_OBJECTIVES = typer.Option(
    "--objectives", help="An OpenSLO file or folder; the shipped by default."
)
_JSON = typer.Option("--json", help="Print JSON.")


@app.command()
def build(
    objectives: Annotated[Path | None, _OBJECTIVES] = None,
    out: Annotated[Path | None, typer.Option(help="Write below this folder instead.")] = None,
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 when files are not current.")
    ] = False,
    runbooks_url: Annotated[str | None, typer.Option(help="Where the runbook pages are.")] = None,
    dashboards_url: Annotated[str | None, typer.Option(help="Where Grafana is.")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Write the rules, and the runbook page of each alert, from the objectives."""
    from alerts.files import HOME, stale, write
    from ops.alert_files import generated
    from ops.cli.exits import Exit

    files = generated(objectives, runbooks_url=runbooks_url, dashboards_url=dashboards_url)
    home = out or HOME
    changed = stale(files, home) if check_only else write(files, home)
    if as_json:
        typer.echo(json.dumps({"files": len(files), "changed": changed}))
    else:
        verb = "not current" if check_only else "written"
        for path in changed:
            typer.echo(f"{verb}: {home / path}")
        typer.echo(f"{len(files)} files, {len(changed)} {verb}")
    if check_only and changed:
        raise typer.Exit(Exit.BAD)


@app.command()
def check(
    rules: Annotated[
        list[Path] | None, typer.Argument(help="Rule files; the generated ones by default.")
    ] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Check rule files with promtool."""
    from alerts.files import HOME
    from ops.alert_tools import promtool_check
    from ops.cli.exits import Exit

    paths = rules or sorted((HOME / "generated").glob("*.yaml"))
    verdicts: list[dict[str, Any]] = [promtool_check(path) for path in paths]
    if as_json:
        typer.echo(json.dumps(verdicts, indent=2))
    else:
        for verdict in verdicts:
            word = "ok" if verdict["ok"] else "BAD"
            typer.echo(f"{word} {verdict['file']}: {verdict['says']}")
    if not all(verdict["ok"] for verdict in verdicts):
        raise typer.Exit(Exit.BAD)
