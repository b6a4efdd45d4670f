"""`sre alerts`: from objectives to rules that can be trusted."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from alerts.checks.problem import Level
from alerts.checks.run import as_plain, as_sarif
from alerts.edge.behaviour import blessed, verify, watched_rules
from alerts.edge.behaviour_files import built, record_tests, shipped_groups, shipped_tests
from alerts.edge.generated import generated
from alerts.edge.mutating import mutate_all
from alerts.edge.shipped import OUTPUT, stale, write
from alerts.edge.tools import check_rules
from kit.pure.errors import BadInputError, NotEnoughDataError
from kit.pure.exits import Exit
from kit.pure.fields import closest
from kit.pure.words import counted

_OBJECTIVES = typer.Option(
    "--objectives", help="An OpenSLO file or folder; the shipped by default."
)
_JSON = typer.Option("--json", help="Print JSON.")


def build(
    objectives: Annotated[Path | None, _OBJECTIVES] = None,
    out: Annotated[Path | None, typer.Option(help="Write below this folder instead.")] = None,
    check_only: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit 1 when files are not current.")
    ] = False,
    runbooks_url: Annotated[str | None, typer.Option(help="Where the runbook pages are.")] = None,
    dashboards_url: Annotated[str | None, typer.Option(help="Where Grafana is.")] = None,
    receivers: Annotated[Path | None, typer.Option(help="Who is told; a YAML file.")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Write the rules, and the runbook page of each alert, from the objectives."""
    files = generated(
        objectives,
        runbooks_url=runbooks_url,
        dashboards_url=dashboards_url,
        receivers=receivers,
    )
    home = out or OUTPUT
    changed = stale(files, home) if check_only else write(files, home)
    if as_json:
        typer.echo(json.dumps({"files": len(files), "changed": changed}))
    else:
        verb = "not current" if check_only else "written"
        for path in changed:
            typer.echo(f"{verb}: {home / path}")
        typer.echo(f"{counted(len(files), 'file')}, {len(changed)} {verb}")
    if check_only and changed:
        typer.echo("hint: the same without --check writes them: sre alerts build", err=True)
        raise typer.Exit(Exit.BAD)


def check(
    rules: Annotated[
        list[Path] | None, typer.Argument(help="Rule files; the generated ones by default.")
    ] = None,
    prometheus: Annotated[
        str | None, typer.Option(help="Metrics that this server has exist, too.")
    ] = None,
    scrape_interval: Annotated[float, typer.Option(min=0.1, help="Seconds.")] = 15,
    as_json: Annotated[bool, _JSON] = False,
    sarif: Annotated[bool, typer.Option("--sarif", help="Print SARIF 2.1.0.")] = False,
) -> None:
    """Check rule files: promtool, and what promtool does not see. Exit 1 on any error."""
    problems = check_rules(rules or (), prometheus=prometheus, scrape_s=scrape_interval)
    if as_json or sarif:
        typer.echo(json.dumps(as_sarif(problems) if sarif else as_plain(problems), indent=2))
    else:
        for problem in problems:
            typer.echo(problem.text())
        errors = sum(problem.level is Level.ERROR for problem in problems)
        typer.echo(f"{counted(errors, 'error')}, {counted(len(problems) - errors, 'warning')}")
    if any(problem.level is Level.ERROR for problem in problems):
        raise typer.Exit(Exit.BAD)


def behave(
    folder: Annotated[
        Path | None, typer.Argument(help="What `sre alerts build --out` wrote; else the shipped.")
    ] = None,
    bless: Annotated[
        bool, typer.Option("--bless", help="Note what the rules do now as what they should do.")
    ] = False,
    mutate: Annotated[
        bool, typer.Option("--mutate", help="Change each rule in every place; all must be noticed.")
    ] = False,
    only: Annotated[list[str] | None, typer.Option(help="Only alerts of this name.")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Run the behaviour tests of every rule through promtool."""
    if bless:
        if folder is not None:
            raise BadInputError(
                f"the tests in {folder} follow from its rules", hint="run `sre alerts build` again"
            )
        _say_written(blessed(shipped_groups(), only or ()), as_json=as_json)
        return
    chosen = _chosen(folder, only or [])
    if not chosen:
        raise NotEnoughDataError(
            f"there is no rule to test in {folder or 'what is shipped'}",
            hint="run `sre alerts build` again",
        )
    if mutate:
        _mutate(chosen, as_json=as_json)
        return
    bad = verify(chosen)
    said = f"{len(chosen) - len(bad)} of {counted(len(chosen), 'rule')} do what their tests say"
    _say_tested(bad, said, as_json=as_json)
    if bad:
        raise typer.Exit(Exit.BAD)


def _chosen(folder: Path | None, only: list[str]) -> list[Any]:
    """Return the rules of these names with their tests, or all: built in a folder, or shipped."""
    if folder is None:
        groups = shipped_groups()
        watched = watched_rules(groups, shipped_tests(), record_tests(groups))
    else:
        watched = watched_rules(*built(folder))
    names = [each.name for each in watched]
    for name in only:
        if name not in names:
            raise BadInputError(f"no rule is called {name!r}", hint=closest(name, names))
    return [each for each in watched if not only or each.name in only]


def _mutate(chosen: list[Any], *, as_json: bool) -> None:
    """Say what became of the mutants; exit 5 when a machine was too slow to tell of some."""
    found = mutate_all(chosen, lambda line: typer.echo(line, err=True))
    late = [f"not decided in time: {told}" for told in found.undecided]
    _say_tested([*found.alive, *late], found.said(), as_json=as_json)
    if found.alive:
        raise typer.Exit(Exit.BAD)
    if found.undecided:
        raise typer.Exit(Exit.NOT_ENOUGH_DATA)


def _say_written(paths: list[str], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"written": paths}))
        return
    for path in paths:
        typer.echo(f"written: {path}")


def _say_tested(bad: list[str], said: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"bad": bad, "says": said}))
        return
    for line in bad:
        typer.echo(line)
    typer.echo(said)
