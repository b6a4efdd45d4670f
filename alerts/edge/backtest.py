"""Replay scenarios side by side and judge them."""

import tempfile
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from alerts.backtest.outline import read_outline
from alerts.backtest.replay import replay
from alerts.backtest.scenario import Scenario, read_rights, read_scenarios
from alerts.backtest.score import Outcome, judge
from alerts.backtest.world import Stage, simulate
from alerts.edge.promtool_runs import promtool_runs
from alerts.edge.shipped import HOME
from kit.pure.errors import BadInputError
from slo.project.project import Project

SHIPPED = HOME / "scenarios"
_RIGHTS = "faults.yaml"
_WORLD = "world.yaml"


def load_scenarios(where: Path = SHIPPED) -> tuple[Scenario, ...]:
    """Return the scenarios of a YAML file or of a folder of them."""
    paths = sorted(where.glob("*.y*ml")) if where.is_dir() else [where]
    try:
        sources = [(str(path), path.read_text(encoding="utf-8")) for path in paths]
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(f"cannot read {where}: {err}", hint="name a scenario file") from err
    if not sources:
        raise BadInputError(f"no scenarios in {where}", hint="put YAML files there")
    return read_scenarios(sources)


def load_rights(project: Project) -> dict[str, tuple[str, ...]]:
    """Return which alerts are about each kind of fault; none where the project does not say."""
    path = Path(project.paths.alerts or ".") / _RIGHTS
    if project.paths.alerts is None or not path.is_file():
        return {}
    try:
        return read_rights(str(path), path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(f"cannot read {path}: {err}", hint="correct the file") from err


def load_stage(project: Project) -> Stage:
    """Return what scenarios of a project play in; BadInputError where it says nothing of that."""
    path = Path(project.paths.alerts or ".") / _WORLD
    if project.paths.alerts is None or not path.is_file():
        raise BadInputError(
            f"{project.source} has no {_WORLD} in the folder of [paths] alerts, and scenarios need "
            "to know what its Prometheus stores",
            hint="write one (docs/alerts.md), or replay what was recorded with --prometheus",
        )
    try:
        return Stage(project, read_outline(str(path), path.read_text(encoding="utf-8")))
    except (OSError, UnicodeDecodeError) as err:
        raise BadInputError(f"cannot read {path}: {err}", hint="correct the file") from err


def run(
    scenarios: Sequence[Scenario],
    seeds: Sequence[int],
    rule_files: Sequence[Path],
    stage: Stage,
    *,
    workers: int,
    on_outcome: Callable[[Outcome], None],
) -> tuple[Outcome, ...]:
    """Return one outcome for each scenario and seed, in that order.

    Whatever ends it early ends the replays under way, and leaves no folder behind. Raises
    BadInputError for a scenario with a fault that the stage does not show.
    """
    for scenario in scenarios:
        stage.refuse_unknown(scenario)
    jobs = [(scenario, seed) for scenario in scenarios for seed in seeds]
    with tempfile.TemporaryDirectory(prefix="sre-backtest-") as made:
        folder = Path(made).resolve()
        shown = [*(path.parent for path in rule_files), folder]
        with ThreadPoolExecutor(workers) as pool, promtool_runs(shown) as promtool:

            def one(job: tuple[Scenario, int]) -> Outcome:
                scenario, seed = job
                firings = replay(
                    simulate(scenario, seed, stage),
                    step_s=scenario.step_s,
                    rule_files=rule_files,
                    promtool=promtool,
                    folder=folder,
                )
                outcome = judge(scenario, seed, firings)
                on_outcome(outcome)
                return outcome

            return tuple(pool.map(one, jobs))
