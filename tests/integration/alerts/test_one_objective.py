"""The page of any objective, beside the rules that sloth and pyrra generate for it."""

import json
import re
import subprocess
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import yaml

from alerts.backtest.replay import replay
from kit.pure.durations import parse_prometheus
from tests.support.calendar_alerts import generated
from tests.support.one_objective import BAD, METRIC, STORIES, TOTAL, played
from tests.support.peers import pyrra, sloth
from tests.support.promql_arrays import Engine, Raw

PromTool = Callable[[Sequence[Path]], list[str]]
Rules = list[dict[str, Any]]
OBJECTIVE = """
apiVersion: openslo/v1
kind: SLO
metadata: {{name: hits}}
spec:
  service: shop
  budgetingMethod: Occurrences
  timeWindow: [{{duration: 30d, isRolling: true}}]
  indicator:
    metadata: {{name: hits}}
    spec:
      ratioMetric:
        counter: true
        total: {{metricSource: {{type: Prometheus, spec: {{query: '{total}'}}}}}}
        bad: {{metricSource: {{type: Prometheus, spec: {{query: '{bad}'}}}}}}
  objectives: [{{target: {target}}}]
"""
QUICK = (
    "100% of 20/s fail", "33% of 1/s fail", "all of one a minute, to the second",
    "bursts: 30 % for 1 of 10 minutes", "13 minutes old, 30% of 20/s fail",
    "after a gap of 50 minutes 5% of 20/s fail", "a gap in the midst of 30 %",
    "every instance is down", "a deploy after which all fail, lazily",
    "one fails at night", "four of an hour fail at night", "ten seconds of an outage", "a gap",
)  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Rules]:
    """Give the rules that are built for an objective with a target, on its own."""

    @cache
    def rules(target: str) -> Rules:
        path = tmp_path_factory.mktemp("objective") / "hits.yaml"
        bad, total = (each.replace("W", "{{.window}}") for each in (BAD, TOTAL))
        path.write_text(OBJECTIVE.format(total=total, bad=bad, target=target))
        groups = yaml.safe_load(generated(path)["generated/objectives.yaml"])["groups"]
        (group,) = (each for each in groups if each["name"] == "objectives")
        found: Rules = group["rules"]
        return found

    return rules


@pytest.mark.parametrize("name", QUICK)
def test_a_page_comes_within_an_evaluation_of_sloths_and_for_nothing_else(
    name: str, made: Callable[[str], Rules]
) -> None:
    story = STORIES[name]
    assert not played(story, 0, made("0.999"), 0.001).faults(real=story.real)


@pytest.mark.parametrize("period", ["1d", "3d", "7d", "14d", "30d", "1Q"])
def test_the_failures_of_a_page_are_counted_over_so_long_that_no_rate_makes_five_of_four(
    period: str, tmp_path: Path
) -> None:
    """With a scrape a minute a rate makes eight of four in two minutes, and five in five."""
    path = tmp_path / "hits.yaml"
    bad, total = (each.replace("W", "{{.window}}") for each in (BAD, TOTAL))
    text = OBJECTIVE.format(total=total, bad=bad, target="0.999").replace("30d", period)
    path.write_text(text)
    groups = yaml.safe_load(generated(path)["generated/objectives.yaml"])["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    (page,) = (r["expr"] for r in rules if r.get("alert") == "HitsBudgetBurnFast")
    counted = re.findall(r"slo:events_bad:increase(\w+)\{[^}]*\} > 4\.75", page)
    assert {f"slo:events_bad:increase{each}" for each in counted} <= {
        r.get("record") for r in rules
    }
    assert min(map(parse_prometheus, counted)) >= 900


@pytest.mark.thorough
@pytest.mark.parametrize("step_s", [30, 60])
@pytest.mark.parametrize("target", ["0.999", "0.99", "0.95"])
def test_of_every_story_and_target_no_page_is_late_missing_or_wrong(
    target: str, step_s: int, made: Callable[[str], Rules]
) -> None:
    found = {
        (name, seed): wrong
        for name, story in STORIES.items()
        for seed in range(3)
        if (
            wrong := played(
                replace(story, step_s=step_s), seed, made(target), 1 - float(target)
            ).faults(real=story.real)
        )
    }
    assert not found


@pytest.mark.thorough
@pytest.mark.parametrize(
    "name",
    [
        "30% of 1/s fail", "bursts: half for 2 of 30 minutes", "13 minutes old, 5% of 1/s fail",
        "a deploy that is away for a minute, then a tenth fails", "every instance is down",
        "four of an hour fail at night", "a deploy after which all fail, lazily",
    ],
)  # fmt: skip
def test_what_is_said_of_rules_here_is_what_promtool_says(
    name: str, made: Callable[[str], Rules], tmp_path: Path, promtool: PromTool
) -> None:
    story, rules = STORIES[name], made("0.999")
    every = [*rules, *sloth(BAD, TOTAL, 0.001), *pyrra(METRIC, BAD, TOTAL, 0.001)]
    path = tmp_path / "rules.yaml"
    path.write_text(json.dumps({"groups": [{"name": "all", "rules": every}]}))
    raw = story.series(0)

    def run(arguments: Sequence[str]) -> str:
        done = subprocess.run(
            [*promtool([tmp_path]), *arguments], capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    found = replay(
        {_text(metric, each): each.values for metric, many in raw.items() for each in many},
        step_s=story.step_s,
        rule_files=[path],
        promtool=run,
        folder=tmp_path,
    )
    engine = Engine(story.step_s, raw, every)
    alerts = [each["alert"] for each in every if "alert" in each]
    said = {alert: [(f.start_s, f.end_s) for f in found if f.name == alert] for alert in alerts}
    assert {alert: _spans(engine, alert) for alert in alerts} == said
    assert any(said.values())


def _text(metric: str, raw: Raw) -> str:
    labels: Mapping[str, str] = raw.labels
    inner = ",".join(f'{label}="{value}"' for label, value in labels.items())
    return f"{metric}{{{inner}}}"


def _spans(engine: Engine, alert: str) -> list[tuple[int, int]]:
    fires = ~np.isnan(engine.firing(alert))
    edges = np.flatnonzero(np.diff(fires.astype(int), prepend=0, append=0))
    return [(int(a) * engine.step_s, int(b) * engine.step_s) for a, b in edges.reshape(-1, 2)]
