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


@pytest.mark.parametrize(
    "expr",
    [
        'jvm_memory_max_bytes{area="heap"} != -1 and queue_depth > 5',
        "process_virtual_memory_max_bytes == -1",
        "depot_lag_bytes < -1024",
        "stock_change_percent < -5",
        'absent(queue_depth{queue="mail"}) unless on () absent(queue_depth)',
        "max_over_time(queue_bytes[1h:5m] offset 1d) > 0 unless max_over_time(queue_bytes[1h:5m])",
        "max(queue_bytes @ start()) / max(queue_bytes) > 1.1",
        "max_over_time(queue_bytes[1h:5m]) / max_over_time(queue_bytes[1h:1m]) > 1.1",
    ],
)
def test_what_may_well_be_is_not_called_impossible(expr: str) -> None:
    assert [each for each in said(expr, expr) if "promql/compare" in each] == []


def test_absences_of_other_labels_are_not_the_same() -> None:
    expr = 'absent(queue_depth{queue="mail"}) unless absent(queue_depth)'
    assert not any("promql/compare" in each for each in said(expr, expr))


@pytest.mark.parametrize(
    "expr",
    [f"{'(' * 900}up{')' * 900} == 0", f"{'up + ' * 1500}up > 0", f"{'abs(' * 250}up{')' * 250}"],
)
def test_an_expression_without_end_is_a_finding(expr: str) -> None:
    assert any("promql/parse" in each and "too deep" in each for each in said(expr, "up == 0"))


def test_labels_that_are_nested_without_end_are_a_finding() -> None:
    labels = f"{{severity: page, x: {'[' * 450}{']' * 450}}}"
    text = f"groups: [{{name: a, rules: [{{alert: A, expr: up == 0, labels: {labels}}}]}}]"
    assert any(each.check == "rules/text" for each in run_checks([("a.yaml", text)], Around()))
