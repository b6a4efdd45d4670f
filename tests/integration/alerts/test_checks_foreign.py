"""Other people's rules: nothing is said about good ones, and what is wrong is said once."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from alerts.checks.live import Live
from alerts.checks.problem import Level, Problem
from alerts.checks.reading import read_rules
from alerts.checks.report import as_sarif
from alerts.checks.run import run_checks
from alerts.checks.subject import Around
from alerts.edge.rule_checks import check_rules
from slo.edge.project_file import series_of
from tests.support.calendar_alerts import CALENDAR

HERE = Path(__file__).parent
FOREIGN = HERE / "foreign"
SARIF = Draft4Validator(json.loads((HERE / "schemas/sarif-2.1.0-rtm.5.json").read_text()))
LEVELS = {"warning": "W", "error": "E", "info": "I"}


def problems_of(name: str, live: Live | None = None) -> list[Problem]:
    return list(run_checks([(name, (FOREIGN / name).read_text())], Around(live=live)))


def found(name: str, live: Live | None = None) -> list[tuple[str, str]]:
    return [(p.rule, f"{p.check} {LEVELS[p.level]}") for p in problems_of(name, live)]


def everything_in(name: str) -> Live:
    """Return a server that has every metric that a file reads, and says nothing of its series."""
    rules, _ = read_rules([(name, (FOREIGN / name).read_text())])
    return Live(frozenset(node.name for rule in rules for node in rule.vectors()))


@pytest.mark.parametrize("name", ["kubernetes.yaml", "good.yaml"])
def test_good_rules_have_no_error_with_a_server_that_has_their_metrics_or_without_one(
    name: str,
) -> None:
    for live in (None, everything_in(name)):
        errors = [p.text() for p in problems_of(name, live) if p.level is Level.ERROR]
        assert errors == []


def test_what_is_worth_a_look_in_good_rules_is_no_more_than_that() -> None:
    assert found("kubernetes.yaml") == []
    assert found("good.yaml") == [
        ("PrometheusTargetMissing", "alerts/for I"),
        ("PrometheusJobMissing", "alerts/absent W"),
        ("HostDiskWillFillIn24Hours", "promql/regexp W"),
        ("Topk", "promql/fragile W"),
    ]


def test_a_metric_and_a_label_that_the_server_lacks_are_errors() -> None:
    live = everything_in("kubernetes.yaml")
    gone = min(live.metrics)
    assert {(p.check, p.fragment, p.level) for p in problems_of(
        "kubernetes.yaml", Live(live.metrics - {gone}))} == {
            ("series/exists", gone, Level.ERROR)}  # fmt: skip
    names = everything_in("good.yaml").metrics
    bare = problems_of("good.yaml", Live(names, series=dict.fromkeys(names, ({"a": "b"},))))
    shown = {p.fragment for p in bare if p.check == "series/exists"}
    assert 'code=~"5.."' in shown
    assert not {'service!=""', 'mode!="idle"', 'fstype!~"tmpfs"'} & {
        p.fragment for p in bare if p.check == "series/exists" and p.message.startswith("node_")
    }


def test_the_rules_of_a_project_are_held_against_its_catalogue_and_others_are_not() -> None:
    rule = '{record: "a:b:c", expr: "sum(rate(http_request_total[5m]))"}'
    text = f"groups:\n- name: a\n  rules:\n  - {rule}\n"
    files = [("ours.yaml", text), ("theirs.yaml", text.replace("a:b:c", "d:e:f"))]
    around = Around(metrics=series_of(), ours=frozenset({"ours.yaml"}))
    (one,) = [p for p in run_checks(files, around) if p.check == "series/exists"]
    assert (one.file, one.level) == ("ours.yaml", Level.ERROR)
    assert one.fix.startswith("did you mean 'http_requests_total'? ")


def test_mistakes_that_show_only_in_what_a_rule_means_are_found() -> None:
    survive = "labels/survive E"
    assert found("subtle.yaml", everything_in("subtle.yaml")) == [
        ("LostJoin", survive),
        ("LostWithout", survive),
        ("CounterRaw", "promql/rate W"),
        ("MatchMismatch", "labels/match E"),
        ("BoolAlways", "alerts/compare W"),
        ("AvgCount", survive),
        ("LabelsPlain", survive),
        ("Index", survive),
        ("Index", survive),
    ]


def test_each_careless_rule_is_found_by_the_check_that_is_for_it_and_by_no_other() -> None:
    told = "alerts/annotations I"
    assert found("careless.yaml", everything_in("careless.yaml")) == [
        ("QuantileWithoutLe", "promql/histogram E"),
        ("QuantileWithoutLe", told),
        ("Irate", "promql/rate W"),
        ("RateOfGauge", "promql/rate W"),
        ("RateOfGauge", told),
        ("SumThenRate", "promql/rate E"),
        ("SumThenRate", told),
        ("RateOfRecorded", "promql/rate E"),
        ("RateOfRecorded", told),
        ("ShortFor", "promql/window W"),
        ("ShortFor", told),
        ("ShortFor", "promql/window W"),
        ("ShortFor", "rules/duplicate E"),
        ("ShortFor", told),
        ("LabelLost", "labels/survive E"),
        ("CounterCompared", "promql/rate W"),
        ("CounterCompared", told),
        ("DeltaOfCounter", "promql/rate W"),
        ("DeltaOfCounter", told),
        ("WindowTooShort", "promql/window E"),
        ("WindowTooShort", told),
        ("NoComparison", "alerts/compare W"),
        ("NoComparison", told),
    ]


@pytest.mark.parametrize("name", ["kubernetes.yaml", "careless.yaml"])
def test_what_prometheus_takes_is_not_said_to_be_refused(name: str) -> None:
    """A group without rules is fine, and so is the same alert twice, for Prometheus."""
    checks = {each.check for each in check_rules(CALENDAR, [FOREIGN / name]).problems}
    assert not checks & {"promtool/accepts", "file/readable"}


def test_the_findings_are_sarif_by_the_standard_s_schema() -> None:
    for paths in ((), (FOREIGN / "careless.yaml",)):
        sarif = as_sarif(check_rules(CALENDAR, paths).problems)
        assert [error.message for error in SARIF.iter_errors(sarif)] == []
        assert bool(sarif["runs"][0]["results"]) is bool(paths)
    assert not SARIF.is_valid({**sarif, "version": "2"})


def test_a_file_whose_name_has_blanks_is_sarif_too(tmp_path: Path) -> None:
    path = tmp_path / "my rules.yaml"
    path.write_text((FOREIGN / "careless.yaml").read_text())
    (run,) = as_sarif(check_rules(CALENDAR, [path]).problems)["runs"]
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"].endswith("my%20rules.yaml")
