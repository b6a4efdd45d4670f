"""Other people's rules: nothing is said about good ones, and what is wrong is said once."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from alerts.checks.run import as_sarif, run_checks
from alerts.checks.subject import Around
from ops.alerts.tools import check_rules
from slo.catalogue import series_of

HERE = Path(__file__).parent
FOREIGN = HERE / "foreign"
SARIF = Draft4Validator(json.loads((HERE / "schemas/sarif-2.1.0-rtm.5.json").read_text()))
LEVELS = {"warning": "W", "error": "E"}


def found(name: str, *live: str) -> list[tuple[str, str]]:
    around = Around((), series_of(), live=frozenset(live))
    problems = run_checks([(name, (FOREIGN / name).read_text())], around)
    return [(each.rule, f"{each.check} {LEVELS[each.level]}") for each in problems]


def test_good_rules_in_the_style_of_kubernetes_have_no_problem_when_their_metrics_exist() -> None:
    around = Around((), series_of())
    unknown = run_checks([("k", (FOREIGN / "kubernetes.yaml").read_text())], around)
    assert {each.check for each in unknown} == {"series/exists"}
    assert found("kubernetes.yaml", *(each.fragment for each in unknown)) == []
    assert "kube_pod_info" in {each.fragment for each in unknown}


def test_each_careless_rule_is_found_by_the_check_that_is_for_it_and_by_no_other() -> None:
    told = "alerts/told E"
    assert found("careless.yaml", "slo:events_total:rate2m") == [
        ("QuantileWithoutLe", "promql/histogram E"),
        ("QuantileWithoutLe", told),
        ("Irate", "promql/rate W"),
        ("Irate", told),
        ("RateOfGauge", "promql/rate E"),
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
    checks = {each.check for each in check_rules([FOREIGN / name])}
    assert not checks & {"promtool/accepts", "file/readable"}


def test_the_findings_are_sarif_by_the_standard_s_schema() -> None:
    for paths in ((), (FOREIGN / "careless.yaml",)):
        sarif = as_sarif(check_rules(paths))
        assert [error.message for error in SARIF.iter_errors(sarif)] == []
        assert bool(sarif["runs"][0]["results"]) is bool(paths)
    assert not SARIF.is_valid({**sarif, "version": "2"})
