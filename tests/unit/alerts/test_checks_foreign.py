"""Other people's rules: nothing is said about good ones, and what is wrong is said once."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from jsonschema import Draft4Validator

from alerts.checks.problem import Level, Problem
from alerts.checks.run import as_sarif, run_checks
from alerts.checks.subject import Around, read_rules
from alerts.edge.rule_checks import check_rules
from slo.edge.project_file import series_of
from slo.series import selectors
from tests.support.calendar_alerts import CALENDAR

HERE = Path(__file__).parent
FOREIGN = HERE / "foreign"
SARIF = Draft4Validator(json.loads((HERE / "schemas/sarif-2.1.0-rtm.5.json").read_text()))
LEVELS = {"warning": "W", "error": "E"}


def problems_of(name: str, live: Mapping[str, frozenset[str]] | None = None) -> list[Problem]:
    around = Around((), series_of(), live=live)
    return list(run_checks([(name, (FOREIGN / name).read_text())], around))


def found(name: str, live: Mapping[str, frozenset[str]] | None = None) -> list[tuple[str, str]]:
    return [(p.rule, f"{p.check} {LEVELS[p.level]}") for p in problems_of(name, live)]


def everything_in(name: str) -> dict[str, frozenset[str]]:
    """Return every metric that a file reads, with every label that it asks for."""
    rules, _ = read_rules([(name, (FOREIGN / name).read_text())])
    read = [selector for rule in rules for selector in selectors(rule.expr)]
    labels = frozenset(label for selector in read for label, _, _ in selector.matchers)
    return {selector.metric: labels for selector in read}


@pytest.mark.parametrize("name", ["kubernetes.yaml", "good.yaml"])
def test_good_rules_have_no_problem_when_their_metrics_exist(name: str) -> None:
    assert found(name, everything_in(name)) == []


@pytest.mark.parametrize("name", ["kubernetes.yaml", "good.yaml"])
def test_metrics_of_others_are_told_once_a_file_when_no_server_was_asked(name: str) -> None:
    (one,) = problems_of(name)
    assert (one.check, one.level) == ("series/exists", Level.WARNING)
    assert one.fix == "name a server that has them: --prometheus URL"


def test_a_metric_and_a_label_that_the_server_lacks_are_errors() -> None:
    live = everything_in("kubernetes.yaml")
    gone = min(live)
    assert {(p.check, p.fragment, p.level) for p in problems_of(
        "kubernetes.yaml", {name: labels for name, labels in live.items() if name != gone}
    )} == {("series/exists", gone, Level.ERROR)}  # fmt: skip
    bare = problems_of("good.yaml", dict.fromkeys(everything_in("good.yaml"), frozenset()))
    assert 'code=~"5.."' in {p.fragment for p in bare}
    assert not {'service!=""' , 'mode!="idle"', 'fstype!~"tmpfs"'} & {
        p.fragment for p in bare if p.message.startswith("node_")
    }  # fmt: skip


def test_a_name_that_is_nearly_one_of_ours_is_a_slip_of_the_pen() -> None:
    rule = '{record: "a:b", expr: "sum(rate(http_request_total[5m]))"}'
    text = f"groups:\n- name: a\n  rules:\n  - {rule}\n"
    (one,) = run_checks([("a.yaml", text)], Around((), series_of()))
    assert one.level is Level.ERROR
    assert one.fix.startswith("did you mean 'http_requests_total'? ")


def test_rules_of_another_service_beside_the_calendars_are_not_held_against_its_metrics() -> None:
    """The label `service` says whose they are: so are those built from both kinds of objectives."""
    ours = "".join(
        f"  - {{record: 'a:b:{index}', expr: 'sum(rate({name}[5m]))'}}\n"
        for index, name in enumerate(("http_requests_total", "cache_hits_total"))
    )
    other = "  - {record: 'a:b:c', expr: 'sum(rate(mail_sent_total[5m]))'%s}\n"
    text = "groups:\n- name: a\n  rules:\n" + ours + other
    around = Around((), series_of())
    (labelled,) = run_checks([("a.yaml", text % ", labels: {service: mail}")], around)
    assert (labelled.level, labelled.fragment) == (Level.WARNING, "mail_sent_total")
    (bare,) = run_checks([("a.yaml", text % "")], around)
    assert (bare.level, bare.fragment) == (Level.ERROR, "mail_sent_total")


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
    ]


def test_each_careless_rule_is_found_by_the_check_that_is_for_it_and_by_no_other() -> None:
    told = "alerts/annotations E"
    assert found("careless.yaml", everything_in("careless.yaml")) == [
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
    checks = {each.check for each in check_rules(CALENDAR, [FOREIGN / name])}
    assert not checks & {"promtool/accepts", "file/readable"}


def test_the_findings_are_sarif_by_the_standard_s_schema() -> None:
    for paths in ((), (FOREIGN / "careless.yaml",)):
        sarif = as_sarif(check_rules(CALENDAR, paths))
        assert [error.message for error in SARIF.iter_errors(sarif)] == []
        assert bool(sarif["runs"][0]["results"]) is bool(paths)
    assert not SARIF.is_valid({**sarif, "version": "2"})


def test_a_file_whose_name_has_blanks_is_sarif_too(tmp_path: Path) -> None:
    path = tmp_path / "my rules.yaml"
    path.write_text((FOREIGN / "careless.yaml").read_text())
    (run,) = as_sarif(check_rules(CALENDAR, [path]))["runs"]
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"].endswith("my%20rules.yaml")
