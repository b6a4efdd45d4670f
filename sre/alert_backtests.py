"""`sre alerts backtest|tune`: how good the rules would have been, and whether others are better."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from alerts.backtest.incidents import span_of
from alerts.backtest.report import as_plain, table_rows, verdict
from alerts.backtest.scenario import Scenario
from alerts.backtest.score import Outcome, total
from alerts.backtest.tune import Trial, front, proposal
from alerts.backtest.world import Stage
from alerts.deploy.validate import parse_files
from alerts.edge.backtest import SHIPPED, load_rights, load_scenarios, load_stage, run
from alerts.edge.generated import home_of
from alerts.edge.history import load_incidents, replay_history
from alerts.edge.rule_checks import read_rule_file
from alerts.edge.shipped import limits_of
from alerts.edge.tuning import to_record, trials
from kit.edge import records
from kit.edge.prometheus import connect
from kit.pure.errors import BadInputError
from kit.pure.fields import closest
from slo.edge.project_file import load_project
from sre.answer import Answer
from sre.exits import exit_of_verdict
from sre.options import Project, Rules
from sre.screen import console, lines, table_of

_Only = Annotated[list[str] | None, typer.Option(help="Only scenarios of this name.")]
_Seeds = Annotated[int, typer.Option(min=1, max=100, help="Noise seeds per scenario.")]
_PROMETHEUS = typer.Option(help="Replay what this server has recorded, not scenarios.")
_FROM = typer.Option("--from", help="With --prometheus: where to begin, as 2026-11-02T00:00:00Z.")
_TO = typer.Option("--to", help="With --prometheus: where to end.")
_INCIDENTS = typer.Option(help="With --prometheus: a YAML file of what happened in that time.")
_STEP = typer.Option(min=5, help="With --prometheus: seconds between samples and evaluations.")
_WARM_UP = typer.Option(min=0, help="With --prometheus: hours replayed before it, for windows.")


def backtest(
    scenarios: Annotated[
        Path | None, typer.Argument(help="A scenario file or a folder; the shipped by default.")
    ] = None,
    rules: Rules = None,
    only: _Only = None,
    seeds: _Seeds = 1,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Replays at a time.")] = 2,
    prometheus: Annotated[str | None, _PROMETHEUS] = None,
    start: Annotated[str | None, _FROM] = None,
    end: Annotated[str | None, _TO] = None,
    incidents: Annotated[Path | None, _INCIDENTS] = None,
    step: Annotated[int, _STEP] = 60,
    warm_up: Annotated[float, _WARM_UP] = 6,
    project: Project = None,
) -> Answer:
    """Replay labelled incidents through Prometheus's engine and score the rules.

    Incidents are scenarios, or what a Prometheus has recorded: --prometheus with --from, --to and
    --incidents. It holds when precision and recall are at least 97 %, no page is false
    and the median time to page is at most two minutes.
    """
    about = load_project(project)
    files = rules or sorted((home_of(about) / "generated").glob("*.yaml"))
    parse_files({str(path): read_rule_file(path) for path in files})  # else nothing fires
    if prometheus is None:
        _only_with_a_server(start=start, end=end, incidents=incidents)
        rights = {} if rules else load_rights(about)  # of others' rules the names are not known
        chosen = [each.knowing(rights) for each in _chosen(scenarios, only or ())]
        return _judged(_from_scenarios(chosen, files, load_stage(about), seeds, workers))
    return _judged(_from_history(prometheus, files, (start, end, incidents), step, warm_up))


def _only_with_a_server(**given: object) -> None:
    names = {"start": "--from", "end": "--to", "incidents": "--incidents"}
    for name, value in given.items():
        if value is not None:
            raise BadInputError(
                f"{names[name]} is about a server's history",
                hint="add --prometheus http://host:9090",
            )


def _from_scenarios(
    scenarios: Sequence[Scenario], files: Sequence[Path], stage: Stage, seeds: int, workers: int
) -> tuple[Outcome, ...]:
    aside = console(to_stderr=True)
    return run(
        scenarios,
        range(seeds),
        files,
        stage,
        workers=workers,
        on_outcome=lambda each: aside.out(f"replayed {each.scenario.name}/{each.seed}"),
    )


def _chosen(scenarios: Path | None, only: Sequence[str]) -> list[Scenario]:
    """Return the scenarios of these names, or all; BadInputError for a name that none has."""
    found = load_scenarios(scenarios or SHIPPED)
    names = {each.name for each in found}
    for name in only:
        if name not in names:
            raise BadInputError(f"no scenario is called {name!r}", hint=closest(name, names))
    return [each for each in found if not only or each.name in only]


def _from_history(
    url: str,
    files: Sequence[Path],
    given: tuple[str | None, str | None, Path | None],
    step: int,
    warm_up: float,
) -> tuple[Outcome, ...]:
    start, end, incidents = given
    if start is None or end is None or incidents is None:
        raise BadInputError(
            "a server's history needs --from, --to and --incidents",
            hint="docs/alerts.md shows a file of incidents",
        )
    span = span_of(start, end, warm_up_s=warm_up * 3600, step_s=step)
    labelled = load_incidents(incidents)
    with connect(url) as server:
        return replay_history(server, labelled, span, files, console(to_stderr=True).out)


def _judged(outcomes: Sequence[Outcome]) -> Answer:
    summed = total(outcomes)
    found = verdict(summed)

    def show(screen: Console) -> None:
        table = table_of(
            "scenario", "expected", "detected after", "resolved after", "alerts", "wrong"
        )
        for row in table_rows(outcomes):
            table.add_row(*row)
        screen.print(table)
        lines([*summed.lines(), str(found)])(screen)

    return Answer(as_plain(outcomes), show, exit_of_verdict(found))


def tune(
    threshold: Annotated[list[str], typer.Option(help="A limit of alerts to vary, by its name.")],
    factor: Annotated[list[float] | None, typer.Option(help="Times which to try.")] = None,
    scenarios: Annotated[Path | None, typer.Option(help="Other scenarios than shipped.")] = None,
    only: _Only = None,
    seeds: _Seeds = 1,
    project: Project = None,
) -> Answer:
    """Search thresholds for a better trade-off, show the front and propose a change.

    Nothing is applied: change alerts/thresholds.py, or the limits of the project's own rules, by
    hand if the proposal convinces. What was found is kept in runs/tune, and the monthly report
    shows it.
    """
    about = load_project(project)
    now = limits_of(about)
    tried = trials(
        about,
        _chosen(scenarios, only or ()),
        threshold,
        factor or (0.5, 0.75, 1.5, 2.0),
        range(seeds),
    )
    best, change = front(tried), proposal(tried, now)
    kept = to_record(tried, now, at=datetime.now(UTC), commit=records.commit())
    path = records.save("tune", kept)
    data = {
        "schema": "calendar-sre/alerts-tune/v1",
        "tried": len(tried),
        "front": [{"change": dict(e.change), "goodness": _finite(e.goodness)} for e in best],
        "proposal": list(change),
        "record": str(path),
    }
    said = [*map(_line, best), *(change or ["nothing tried is better than what there is"])]
    return Answer(data, lines([*said, f"record: {path}"]))


def _line(trial: Trial) -> str:
    name = ", ".join(f"{key}={value:g}" for key, value in trial.change) or "as it is"
    return f"{name}: " + "; ".join(trial.score.lines()[1:])


def _finite(goodness: tuple[float, ...]) -> list[float | None]:
    """Return numbers for JSON, which has no infinity: rules that never page have no time to it."""
    return [value if abs(value) != float("inf") else None for value in goodness]
