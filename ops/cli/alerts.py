"""`sre alerts`: from objectives to rules that can be trusted."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer

from ops.cli.alert_deploys import add_deploy_verbs
from ops.cli.wording import counted

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
    receivers: Annotated[Path | None, typer.Option(help="Who is told; a YAML file.")] = None,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Write the rules, and the runbook page of each alert, from the objectives."""
    from alerts.files import HOME, stale, write
    from ops.alerts.files import generated
    from ops.cli.exits import Exit

    files = generated(
        objectives,
        runbooks_url=runbooks_url,
        dashboards_url=dashboards_url,
        receivers=receivers,
    )
    home = out or HOME
    changed = stale(files, home) if check_only else write(files, home)
    if as_json:
        typer.echo(json.dumps({"files": len(files), "changed": changed}))
    else:
        verb = "not current" if check_only else "written"
        for path in changed:
            typer.echo(f"{verb}: {home / path}")
        typer.echo(f"{counted(len(files), 'file')}, {len(changed)} {verb}")
    if check_only and changed:
        raise typer.Exit(Exit.BAD)


@app.command()
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
    from alerts.checks.problem import Level
    from alerts.checks.run import as_plain, as_sarif
    from ops.alerts.tools import check_rules
    from ops.cli.exits import Exit

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


@app.command()
def backtest(
    scenarios: Annotated[
        Path | None, typer.Argument(help="A scenario file or a folder; the shipped by default.")
    ] = None,
    rules: Annotated[
        list[Path] | None, typer.Option(help="Rule files; the generated ones by default.")
    ] = None,
    only: Annotated[list[str] | None, typer.Option(help="Only scenarios of this name.")] = None,
    seeds: Annotated[int, typer.Option(min=1, max=100, help="Noise seeds per scenario.")] = 1,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Replays at a time.")] = 2,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Replay labelled incidents through Prometheus's engine and score the rules.

    Holds when precision is at least 95 %, recall at least 93 %, no page is false and the median
    time to page is at most two minutes.
    """
    from alerts.backtest.report import as_plain, table_rows, verdict
    from alerts.backtest.score import total
    from alerts.files import HOME
    from ops.alerts.backtest import SHIPPED, load_scenarios, run
    from ops.cli.exits import exit_of_verdict
    from slo.errors import BadInputError
    from slo.fields import closest

    found = load_scenarios(scenarios or SHIPPED)
    names = {each.name for each in found}
    for name in only or ():
        if name not in names:
            raise BadInputError(f"no scenario is called {name!r}", hint=closest(name, names))
    chosen = [each for each in found if not only or each.name in only]
    files = rules or sorted((HOME / "generated").glob("*.yaml"))
    outcomes = run(
        chosen,
        range(seeds),
        files,
        workers=workers,
        on_outcome=lambda each: typer.echo(f"replayed {each.scenario.name}/{each.seed}", err=True),
    )
    told = verdict(total(outcomes))
    if as_json:
        typer.echo(json.dumps(as_plain(outcomes), indent=2))
    else:
        _print_backtest(table_rows(outcomes), total(outcomes), str(told))
    code = exit_of_verdict(told)
    if code:
        raise typer.Exit(code)


def _print_backtest(rows: list[tuple[str, ...]], summed: Any, told: str) -> None:
    from ops.cli.screen import console, table_of

    table = table_of("scenario", "expected", "told after", "reset after", "alerts", "wrong")
    for row in rows:
        table.add_row(*row)
    console().print(table)
    for line in summed.lines():
        typer.echo(line)
    typer.echo(told)


@app.command("test")
def behave(
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
    from ops.alerts.behaviour import (
        RECORDS,
        blessed,
        load_tests,
        shipped_groups,
        verify,
        watched_rules,
    )
    from ops.cli.exits import Exit
    from slo.errors import BadInputError
    from slo.fields import closest

    groups = shipped_groups()
    if bless:
        for path in blessed(groups, only or ()):
            typer.echo(f"written: {path}")
        return
    watched = watched_rules(groups, load_tests(), load_tests(RECORDS))
    names = [each.name for each in watched]
    for name in only or ():
        if name not in names:
            raise BadInputError(f"no rule is called {name!r}", hint=closest(name, names))
    chosen = [each for each in watched if not only or each.name in only]
    if mutate:
        _mutate(chosen, as_json=as_json)
        return
    bad = verify(chosen)
    said = f"{len(chosen) - len(bad)} of {counted(len(chosen), 'rule')} do what their tests say"
    _say_tested(bad, said, as_json=as_json)
    if bad:
        raise typer.Exit(Exit.BAD)


def _mutate(chosen: list[Any], *, as_json: bool) -> None:
    """Say what became of the mutants; exit 5 when a machine was too slow to tell of some."""
    from ops.alerts.mutating import mutate_all
    from ops.cli.exits import Exit

    found = mutate_all(chosen, lambda line: typer.echo(line, err=True))
    late = [f"not decided in time: {told}" for told in found.undecided]
    _say_tested([*found.alive, *late], found.said(), as_json=as_json)
    if found.alive:
        raise typer.Exit(Exit.BAD)
    if found.undecided:
        raise typer.Exit(Exit.NOT_ENOUGH_DATA)


def _say_tested(bad: list[str], said: str, *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"bad": bad, "says": said}))
        return
    for line in bad:
        typer.echo(line)
    typer.echo(said)


@app.command()
def tune(
    threshold: Annotated[list[str], typer.Option(help="A field of alerts/thresholds.py to vary.")],
    factor: Annotated[list[float] | None, typer.Option(help="Times which to try.")] = None,
    scenarios: Annotated[Path | None, typer.Option(help="Other scenarios than shipped.")] = None,
    only: Annotated[list[str] | None, typer.Option(help="Only scenarios of this name.")] = None,
    seeds: Annotated[int, typer.Option(min=1, max=100, help="Noise seeds per scenario.")] = 1,
    as_json: Annotated[bool, _JSON] = False,
) -> None:
    """Search thresholds for a better trade-off, show the front and propose a change.

    Nothing is applied: change alerts/thresholds.py by hand if the proposal convinces. What was
    found is kept in runs/tune, and the monthly report tells of it.
    """
    from datetime import UTC, datetime

    from alerts.backtest.tune import front, proposal
    from ops import records
    from ops.alerts.backtest import SHIPPED, load_scenarios
    from ops.alerts.tuning import to_record, trials

    found = [e for e in load_scenarios(scenarios or SHIPPED) if not only or e.name in only]
    tried = trials(found, threshold, factor or (0.5, 0.75, 1.5, 2.0), range(seeds))
    best, change = front(tried), proposal(tried)
    kept = to_record(tried, at=datetime.now(UTC), commit=records.commit())
    path = records.save("tune", kept)
    if as_json:
        rows = [{"change": dict(e.change), "goodness": e.goodness} for e in best]
        told = {"tried": len(tried), "front": rows, "proposal": change, "record": str(path)}
        typer.echo(json.dumps(told, indent=2))
        return
    for each in best:
        name = ", ".join(f"{key}={value:g}" for key, value in each.change) or "as it is"
        typer.echo(f"{name}: " + "; ".join(each.score.lines()[1:]))
    typer.echo("\n".join(change) or "nothing tried is better than what there is")
    typer.echo(f"record: {path}")


add_deploy_verbs(app)
