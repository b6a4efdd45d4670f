"""Rules and routes by which one team's alert silences another's are found."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from alerts.checks.problem import Level, Problem
from alerts.checks.routes_service import check_routes, is_routes
from alerts.checks.run import run_checks
from alerts.checks.subject import Around
from slo.edge.project_file import series_of
from sre.running import run


def found(expr: str, pages: frozenset[str] | None = None) -> list[Problem]:
    rule = {"alert": "Good", "expr": expr, "labels": {"severity": "warning"}}
    text = yaml.safe_dump({"groups": [{"name": "g", "rules": [rule]}]})
    problems = run_checks([("my.yaml", text)], Around(metrics=series_of(), pages=pages))
    return [each for each in problems if each.check == "alerts/service"]


@pytest.mark.parametrize(
    ("expr", "fragment"),
    [
        ('up == 0 unless on() ALERTS{alertname="Down"}', 'ALERTS{alertname="Down"}'),
        ("up == 0 unless on() count_over_time(ALERTS[1h])", "ALERTS"),
        ("time() - ALERTS_FOR_STATE > 900", "ALERTS_FOR_STATE"),
        ('ALERTS{service=~".*"} == 1', 'ALERTS{service=~".*"}'),
        ('ALERTS{service!="mine"} == 1', 'ALERTS{service!="mine"}'),
        ('ALERTS{service=""} == 1', 'ALERTS{service=""}'),
        ("up == 0 unless ignoring(service) ALERTS", "ALERTS"),
        ('ALERTS{service="a"} == 1 and on(topic) ALERTS{severity="critical"}',
         'ALERTS{severity="critical"}'),
    ],
)  # fmt: skip
def test_reading_anybodys_alerts_is_found_and_pointed_at(expr: str, fragment: str) -> None:
    (problem,) = found(expr)
    assert problem.fragment == fragment
    assert problem.level is Level.WARNING
    assert found(expr, pages=frozenset({"Good"}))[0].level is Level.ERROR


@pytest.mark.parametrize(
    "expr",
    [
        'up == 0 unless on() ALERTS{alertname="Down",service="mine"}',
        'up == 0 unless on() ALERTS{alertname="Down",job="mine"}',
        'up == 0 unless on() count_over_time(ALERTS{service=~"mine|ours"}[1h])',
        "up == 0 unless on(namespace) ALERTS",
        "up == 0",
    ],
)
def test_reading_the_alerts_of_a_service_is_well(expr: str) -> None:
    assert found(expr) == []


GOOD: dict[str, Any] = {
    "source_matchers": ['alertname="Down"', 'service="mine"'],
    "target_matchers": ['alertname="Slow"', 'service =~ "mine|ours"'],
    "equal": ["cluster", "service"],
}


def routes(rule: dict[str, Any]) -> str:
    return yaml.safe_dump({"route": {"receiver": "r"}, "inhibit_rules": [GOOD, rule]})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"equal": ["slo"]}, "any team's alert silences any other's"),
        ({"source_matchers": ['alertname="Down"']}, "its source may be an alert without a service"),
        ({"target_matchers": ['service!="mine"']}, "its target may be an alert without a service"),
        ({"target_matchers": ['service=~".*"']}, "its target may be an alert without a service"),
        ({"source_matchers": None, "source_match": {"severity": "critical"}},
         "its source may be an alert without a service"),
    ],
)  # fmt: skip
def test_an_inhibition_of_other_teams_alerts_is_found(change: dict[str, Any], says: str) -> None:
    (problem,) = check_routes("alertmanager.yml", routes({**GOOD, **change}))
    assert problem.message.startswith(says)
    assert (problem.check, problem.level) == ("routes/service", Level.ERROR)
    assert problem.rule == "inhibit_rules[1]"
    assert problem.line > 1


def test_an_inhibition_within_a_service_is_well_in_either_form() -> None:
    older = {"source_match": {"service": "mine"}, "target_match_re": {"service": "mine|ours"},
             "equal": ["service"]}  # fmt: skip
    assert list(check_routes("alertmanager.yml", routes(older))) == []


@pytest.mark.parametrize("text", ["", "- a", "route: [", "groups: []", "route: 1\ngroups: []"])
def test_what_is_no_configuration_of_alertmanager_is_not_taken_for_one(text: str) -> None:
    assert not is_routes(text)


def test_the_verb_takes_routes_beside_rules(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "alertmanager.yml"
    path.write_text(routes({**GOOD, "equal": []}))
    assert run(["alerts", "check", str(path)]) == 1
    told = capsys.readouterr().out
    assert "routes/service error: any team's alert silences any other's; add `equal: [serv" in told
    assert "1 error, 0 warnings" in told


@pytest.mark.parametrize("equal", ["5", "service", "{service: true}", ""])
def test_an_inhibition_whose_equal_is_no_list_is_a_finding(equal: str) -> None:
    text = f"route: {{receiver: a}}\ninhibit_rules:\n- equal: {equal}\n"
    assert any("equal: [service]" in each.fix for each in check_routes("a.yml", text))
