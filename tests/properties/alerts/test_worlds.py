"""The world of a backtest is data of its project: roles, levels and formulas, and nothing else."""

import json
from pathlib import Path

import numpy as np
import pytest

from alerts.backtest.outline import Outline, read_outline
from alerts.backtest.scenario import read_scenarios
from alerts.backtest.world import Stage, simulate
from kit.pure.errors import BadInputError
from kit.pure.fields import FieldError
from slo.edge.project_file import load_project
from sre.running import run
from tests.support.foreign_projects import orders

WORLD = """
schema: sre.world/v1
instances: ["a:1", "b:1"]
routes: {/orders: {share: 0.7, method: POST}, /reports: {share: 0.3}}
edges: ["0.05", "0.1", "0.3", "1"]
journeys: [buy]
levels: {queue: {about: jobs that wait, usual: 12}}
service:
  values: {double: queue * 2}
  series: {jobs_waiting: double - queue, jobs_done_total: added(share(queue) * step)}
"""
FAILING = """
- {name: queue-grows, about: Jobs wait., expect: quiet, length: 1h,
   faults: [{kind: queue, at: 30m, for: 10m, level: 90}]}
- {name: all-fails, about: Every request fails., expect: page, length: 2h,
   faults: [{kind: errors, at: 70m, for: 20m, level: 1}]}
"""


def outline(text: str = WORLD) -> Outline:
    return read_outline("world.yaml", text)


def test_series_follow_from_roles_and_from_formulas(tmp_path: Path) -> None:
    stage = Stage(load_project(orders(tmp_path)), outline())
    grows, _ = read_scenarios([("mine.yaml", FAILING)])
    found = simulate(grows, 0, stage)
    names = {name.partition("{")[0] for name in found}
    assert names == {
        "up", "http_requests_total", "http_request_duration_seconds_bucket",
        "http_request_duration_seconds_count", "pg_up", "probe_success",
        "process_start_time_seconds", "probe_day_off", "probe_days_off_end_timestamp_seconds",
        "jobs_waiting", "jobs_done_total",
    }  # fmt: skip
    waiting = found['jobs_waiting{job="orders",instance="a:1"}']
    assert [waiting[minute] for minute in (29, 31, 40, 41)] == [12, 90, 90, 12]
    assert np.array_equal(np.diff(found['jobs_done_total{job="orders",instance="b:1"}']), [60] * 60)
    posted = 'http_requests_total{method="POST",handler="/orders",code="200",job="orders"'
    assert any(name.startswith(posted.split(",", maxsplit=1)[0]) for name in found)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("jobs_waiting: double - queue", "jobs_waiting: queu", "names 'queu', which there is not"),
        ("jobs_waiting: double - queue", "jobs_waiting: open(queue)", "names 'open', which"),
        ("jobs_waiting: double - queue", "jobs_waiting: queue.x", "holds Attribute"),
        ("jobs_waiting: double - queue", "jobs_waiting: queue +", "is no formula"),
        ("jobs_waiting: double - queue", f"jobs_waiting: {'9 + ' * 99}9", "is longer than 300"),
        ("double: queue * 2", "double: double * 2", "names 'double', which there is not"),
        ("jobs_waiting: double - queue", "jobs_waiting: share * share(queue)", "names 'share', wh"),
        ("double: queue * 2", "queue: queue * 2", "is called queue, as a level is"),
        ("queue: {about", "errors: {about", "cannot be the name of a level"),
        ("queue: {about", "step: {about", "cannot be the name of a level"),
        ('["a:1", "b:1"]', "[]", "has no instance"),
        ('"0.3", "1"]', '"0.3"]', "are 3 edges"),
        ("share: 0.7", "share: 7", "is out of range"),
        ("instances:", "instance:", "is not a known field"),
    ],
)
def test_a_mistake_in_a_world_is_named(old: str, new: str, said: str) -> None:
    with pytest.raises(FieldError) as caught:
        outline(WORLD.replace(old, new))
    assert said in str(caught.value)


def test_a_formula_that_gives_no_number_is_named_with_its_series(tmp_path: Path) -> None:
    project = load_project(orders(tmp_path))
    chosen, _ = read_scenarios([("mine.yaml", FAILING)])
    for formula in ("9 ** 9 ** 9", "1 / 0", "requests / 0", "poisson(0 - 1)", "share(queue, 1)",
                    "binomial(1)", "binomial(1, 2)", "(0 - 1) ** 0.5"):  # fmt: skip
        wrong = outline(WORLD.replace("jobs_waiting: double - queue", f'jobs_waiting: "{formula}"'))
        with pytest.raises(BadInputError, match="series jobs_waiting cannot be worked out"):
            simulate(chosen, 0, Stage(project, wrong))


def test_a_fault_that_changes_nothing_there_is_refused_with_the_nearest(tmp_path: Path) -> None:
    stage = Stage(load_project(orders(tmp_path)), outline())
    (chosen, _) = read_scenarios([("mine.yaml", FAILING.replace("kind: queue", "kind: quue"))])
    with pytest.raises(BadInputError, match="'quue' is no kind of fault") as caught:
        stage.refuse_unknown(chosen)
    assert "'queue'" in caught.value.hint


def test_without_a_world_scenarios_are_refused_and_not_played_in_another_s(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = str(orders(tmp_path))
    assert run(["alerts", "build", "--project", project]) == 0
    capsys.readouterr()
    assert run(["alerts", "backtest", "--project", project]) == 2
    said = capsys.readouterr().err
    assert "has no world.yaml in the folder of [paths] alerts" in said
    assert "--prometheus" in said


@pytest.mark.thorough
def test_a_foreign_project_s_rules_are_scored_in_its_own_world(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    project = orders(tmp_path)
    text = project.read_text().replace("[metrics]", '[paths]\nalerts = "own"\n[metrics]', 1)
    project.write_text(text)
    own = project.parent / "own"
    own.mkdir()
    (own / "rules.yaml").write_text("schema: sre.alerts/v1\n")
    (own / "world.yaml").write_text(WORLD)
    (tmp_path / "mine.yaml").write_text(FAILING)
    where = ["--project", str(project)]
    assert run(["alerts", "build", *where]) == 0
    capsys.readouterr()
    code = run(["alerts", "backtest", str(tmp_path / "mine.yaml"), *where, "--json"])
    printed = capsys.readouterr()
    told = json.loads(printed.out)
    assert code == 0, printed
    assert told["verdict"] == "PASS"
    assert "ManyRequestsFail" in json.dumps(told["outcomes"])
