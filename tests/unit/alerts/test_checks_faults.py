"""One fault in a file is found by the check that is for it; the mended file has no finding."""

import json
from dataclasses import replace
from typing import Any

import pytest

from alerts.checks.live import Live
from alerts.checks.run import CHECKS, run_checks
from alerts.checks.subject import Around
from slo.project.rule_checks import CheckSettings
from tests.support.rule_faults import ALONE, WITH_A_SERVER, rule_file, served

OF_SERVERS = {"series/exists", "series/match", "alerts/count"}


def said(case: Any, expr: str, live: Live | None = None) -> list[str]:
    return [p.text() for p in run_checks([("a.yaml", rule_file(case, expr))], Around(live=live))]


def named(case: dict[str, Any]) -> str:
    return f"{case['check']}: {json.dumps(case['bad'])[:80]}"


@pytest.mark.parametrize("case", ALONE, ids=named)
def test_a_fault_is_found_and_its_mended_twin_is_well(case: dict[str, Any]) -> None:
    expr = "queue_depth > 5"
    assert any(f": {case['check']} " in each for each in said(case["bad"], expr))
    assert said(case["good"], expr) == []


@pytest.mark.parametrize("case", WITH_A_SERVER, ids=named)
def test_a_fault_that_a_server_knows_of_is_found_with_one(case: dict[str, Any]) -> None:
    expr = "belt_speed > 9e9"
    assert any(f": {case['check']} " in each for each in said(case["bad"], expr, served()))
    assert said(case["good"], expr, served()) == []


def test_a_job_that_a_server_does_not_scrape_is_told() -> None:
    told = served()
    live = replace(
        told, metrics=told.metrics | {"up"}, series={**told.series, "up": ({"job": "parcels"},)}
    )
    assert said("up == 0", "up == 0", live) == said('up{job="parcels"} == 0', "up == 0", live) == []
    (finding,) = said('up{job="parcel"} == 0', "up == 0", live)
    assert "series/exists" in finding


def test_a_window_of_millions_of_samples_is_told() -> None:
    many = tuple({"depot": str(number)} for number in range(300))
    live = replace(served(), series={"belt_speed": many})
    (finding,) = said("max_over_time(belt_speed[3d]) > 9e9", "up == 0", live)
    assert "promql/cost" in finding
    assert said("max_over_time(belt_speed[3h]) > 9e9", "up == 0", live) == []


def test_every_check_of_rules_has_examples() -> None:
    shown = {case["check"] for case in (*ALONE, *WITH_A_SERVER)}
    # The container test has the one, those below the other, for which a project has to ask.
    assert set(CHECKS) - shown == {"alerts/count", "labels/asked"}


@pytest.mark.parametrize(
    ("bad", "good"),
    [
        ('queue_depth{queue="mail"} > 5', 'queue_depth{job=~"mail|sms"} > 5'),
        ('sum(queue_depth{job="mail"}) > 5', 'sum by (site) (queue_depth{job="mail"}) > 5'),
        ('sum without (site) (up{job="mail"}) < 2', 'sum without (pod) (up{job="mail"}) < 2'),
        ('max(sum by (site) (up{job="mail"})) < 2', "max by (site) (job:up:sum) < 2"),
    ],
)
def test_what_a_project_wants_of_selectors_and_aggregations_is_asked_for(
    bad: str, good: str
) -> None:
    settings = CheckSettings(selectors=("job",), keep=("site",))

    def checks(expr: str) -> list[str]:
        found = run_checks([("a.yaml", rule_file(expr, expr))], Around(settings=settings))
        return [each.check for each in found]

    assert checks(bad) == ["labels/asked"]
    assert checks(good) == []
