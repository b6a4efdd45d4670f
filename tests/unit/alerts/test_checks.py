"""Each check finds what it is for, points at it, and leaves good rules alone."""

import copy
import json
from typing import Any

import pytest
import yaml

from alerts.checks.problem import Level
from alerts.checks.reading import read_rules
from alerts.checks.report import as_sarif
from alerts.checks.run import CHECKS, run_checks
from alerts.checks.subject import Around
from alerts.edge.rule_checks import Found, check_rules
from slo.catalogue import Kind, Metric
from slo.edge.project_file import series_of
from tests.support.calendar_alerts import CALENDAR

AROUND = Around(metrics=series_of(), scrape_s=15, pages=frozenset({"Good"}))
GOOD: dict[str, Any] = {
    "alert": "Good",
    "expr": 'sum by (route) (rate(http_requests_total{job="calendar-api"}[5m])) > 5',
    "for": "5m",
    "labels": {"severity": "warning", "priority": "P3"},
    "annotations": {"summary": "{{ $labels.route }}", "runbook_url": "https://x/Good.md"},
}


def text(*rules: dict[str, Any]) -> str:
    return yaml.safe_dump({"groups": [{"name": "g", "rules": list(rules)}]}, sort_keys=False)


def found(*rules: dict[str, Any]) -> list[tuple[str, Level, str]]:
    problems = run_checks([("my.yaml", text(*rules))], AROUND)
    return [(each.check, each.level, each.fragment) for each in problems]


def test_a_good_rule_has_no_problem() -> None:
    assert found(GOOD) == []


def test_the_generated_rules_have_no_problem() -> None:
    assert check_rules(CALENDAR, ()) == Found(())


@pytest.mark.parametrize(
    ("change", "name", "fragment"),
    [
        ({"expr": "sum(up"}, "promql/parse", "sum(up"),
        ({"expr": "rate(sum by (route) (http_requests_total)[5m:1m]) > 1"}, "promql/rate", "sum"),
        ({"expr": "rate(up[5m]) > 1"}, "promql/rate", "rate(up[5m])"),
        ({"expr": "max by (route) (http_requests_total) > 1"}, "promql/rate",
         "http_requests_total"),
        ({"expr": "sum by (route) (rate(http_requests_total[20s])) > 1"}, "promql/window", "[20s]"),
        ({"for": "soon"}, "promql/window", ""),
        ({"for": "5s"}, "promql/window", ""),
        ({"expr": "sum by (route) (rate(http_requests_total[7d])) > 1"}, "promql/cost",
         "http_requests_total["),
        ({"expr": 'sum by (route) (rate(http_request_duration_seconds_bucket{le="+Inf"}[1d])) > 1'},
         "promql/cost", "http_request_duration_seconds_bucket"),
        ({"expr": "sum by (route) (rate(http_request_total[5m])) > 1"}, "series/exists",
         "http_request_total"),
        ({"expr": 'sum by (route) (rate(http_requests_total{code="500"}[5m])) > 1'},
         "series/exists", 'code="500"'),
        ({"expr": 'min by (route) (probe_success{job="calendar-api"}) == 0'}, "series/exists",
         'job="calendar-api"'),
        ({"expr": "sum(rate(http_requests_total[5m])) > 1"}, "labels/survive", "$labels.route"),
        ({"labels": {"severity": "page", "priority": "P3"}}, "alerts/annotations", "page"),
        ({"labels": {"severity": "warning"}}, "alerts/annotations", ""),
        ({"annotations": {"runbook_url": "https://x/Good.md"}}, "alerts/annotations", ""),
        ({"annotations": {"summary": "s", "runbook_url": "https://x/Bad.md"}}, "alerts/annotations",
         "https://x/Bad.md"),
    ],
)  # fmt: skip
def test_a_flaw_is_found_and_pointed_at(change: dict[str, Any], name: str, fragment: str) -> None:
    problems = [each for each in found({**GOOD, **change}) if each[0] == name]
    assert len(problems) == 1
    assert fragment in problems[0][2]


def test_a_day_of_a_metric_of_few_series_costs_nothing() -> None:
    expr = "max by (route) (max_over_time(mongodb_replication_lag_seconds[1d])) > 9"
    assert "promql/cost" not in {check for check, _, _ in found({**GOOD, "expr": expr})}


def test_the_second_of_two_equal_rules_is_named_with_the_line_of_the_first() -> None:
    problems = run_checks([("my.yaml", text(GOOD, copy.deepcopy(GOOD)))], AROUND)
    assert [each.check for each in problems] == ["rules/duplicate"]
    assert "my.yaml:4" in problems[0].message
    assert problems[0].line > 4


@pytest.mark.parametrize("broken", ["", "groups: [", "groups: 5", "- a", "groups: [{name: x}]"])
def test_a_file_that_holds_no_rules_is_one_problem(broken: str) -> None:
    problems = run_checks([("my.yaml", broken)], AROUND)
    assert [each.check for each in problems] == ["file/readable"]


def test_a_rule_may_read_what_another_records() -> None:
    record = {"record": "job:good:rate5m", "expr": "sum(rate(http_requests_total[5m]))"}
    alert = {**GOOD, "expr": "job:good:rate5m > 1", "annotations": {
        "summary": "s", "runbook_url": "https://x/Good.md"}}  # fmt: skip
    assert found(record, alert) == []


def test_sarif_names_file_line_and_check() -> None:
    problems = run_checks([("my.yaml", text({**GOOD, "expr": "rate(up[5m]) > 1"}))], AROUND)
    sarif = json.loads(json.dumps(as_sarif(problems)))
    result = next(r for r in sarif["runs"][0]["results"] if r["ruleId"] == "promql/rate")
    place = result["locations"][0]["physicalLocation"]
    assert place["artifactLocation"]["uri"] == "my.yaml"
    assert place["region"]["startLine"] == problems[0].line
    assert {rule["id"] for rule in sarif["runs"][0]["tool"]["driver"]["rules"]} >= CHECKS.keys()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "just a sentence",
        "- 1",
        "groups: none",
        "groups: [x]",
        "groups: [{name: a, rules: b}]",
        "a" * 1_000_000,
    ],
)
def test_a_file_of_another_shape_is_one_finding_and_no_failure(text: str) -> None:
    subjects, problems = read_rules([("odd.yaml", text)])
    assert subjects == []
    assert [problem.check for problem in problems] == ["file/readable"]


def test_a_metric_that_any_job_may_show_is_of_every_job() -> None:
    known = {"calls_total": Metric("calls_total", Kind.COUNTER, frozenset(), frozenset())}
    rule = {**GOOD, "expr": 'rate(calls_total{job="mine"}[5m]) > 5'}
    around = Around(metrics=known, scrape_s=15, pages=frozenset({"Good"}))
    problems = run_checks([("my.yaml", text(rule))], around)
    assert [each for each in problems if each.check == "series/exists"] == []
