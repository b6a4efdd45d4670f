"""Whose files, at which level, unless a comment says otherwise, and said in which form."""

import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from alerts.checks.problem import Level, Problem
from alerts.checks.reading import read_rules
from alerts.checks.report import as_github, as_sarif
from alerts.checks.run import Read, run_checks
from alerts.checks.subject import Around
from alerts.edge.base_rules import rules_at
from alerts.edge.promtool_check import refusals
from alerts.edge.rule_checks import How, check_rules
from kit.pure.errors import BadInputError
from kit.pure.fields import Field, FieldError
from slo.project.rule_checks import CheckSettings, read_check_settings
from tests.support.calendar_alerts import CALENDAR

RULE = "{alert: %s, expr: '%s', for: 10m, labels: {severity: page}, annotations: {summary: it}}"
BAD = "rate(belt_usage_ratio[5m]) > 3"
TODAY = date(2026, 11, 30)


def plain(*rules: str) -> str:
    return "groups:\n- name: g\n  rules:\n" + "".join(f"  - {rule}\n" for rule in rules)


def of_kubernetes(*rules: str) -> str:
    inner = "".join(f"    - {rule}\n" for rule in rules)
    return (
        "apiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\nmetadata: {name: a}\n"
        f"spec:\n  groups:\n  - name: g\n    rules:\n{inner}"
    )


def found(text: str, **around: Any) -> list[tuple[str, str]]:
    problems = run_checks([("a.yaml", text)], Around(today=TODAY, **around))
    return [(p.rule, p.check) for p in problems]


def test_rules_of_kubernetes_are_read_with_the_lines_of_their_file() -> None:
    rules, problems = read_rules([("a.yaml", of_kubernetes(RULE % ("A", BAD)))])
    assert problems == []
    assert [(each.name, each.line) for each in rules] == [("A", 8)]


def test_every_document_of_a_file_is_read_whatever_its_kind() -> None:
    other = "apiVersion: v1\nkind: ConfigMap\ndata: {a: b}\n"
    listed = "apiVersion: v1\nkind: List\nitems:\n- " + of_kubernetes(RULE % ("C", BAD)).replace(
        "\n", "\n  "
    )
    text = "---\n".join((of_kubernetes(RULE % ("A", BAD)), other, plain(RULE % ("B", BAD)), listed))
    assert found(text) == [(name, "promql/rate") for name in "ABC"]


def test_a_label_that_is_no_text_is_refused_by_kubernetes_only() -> None:
    rule = "{alert: A, expr: 'up < 1', for: 5m, labels: {severity: 1}, annotations: {summary: it}}"
    assert found(plain(rule)) == []
    (problem,) = run_checks([("a.yaml", of_kubernetes(rule))], Around())
    assert (problem.check, problem.level) == ("rules/text", Level.ERROR)


def test_promtool_is_shown_what_each_document_stands_for() -> None:

    wrong = "{alert: B, expr: 'up < 1', labels: {severity: a}, annotations: {summary: '{{ nil '}}"
    late = plain(RULE % ("A", "up < 1")).replace("name: g", "name: g\n  query_offset: 1m")
    read = Read.of([
        ("good.yaml", of_kubernetes(RULE % ("A", "up < 1"))),
        ("bad.yaml", plain(RULE % ("A", "up < 1")) + "---\n" + of_kubernetes(wrong)),
        ("new.yaml", plain(RULE % ("A", '{"belt.speed"} > 3'))),
        ("old.yaml", plain(RULE % ("A", "holt_winters(belt_speed[1h], 0.5, 0.5) > 3"))),
        ("offset.yaml", late),
    ])  # fmt: skip
    assert list(refusals(read)) == ["bad.yaml"]


@pytest.mark.parametrize("version", [None, 3])
def test_names_of_prometheus_3_are_fine_unless_the_project_has_version_2(
    version: int | None,
) -> None:
    rule = RULE % ("A", '{"belt.speed", "of.depot"="north"} > 3')
    assert found(plain(rule), settings=CheckSettings(version=version)) == []
    assert found(plain(rule), settings=CheckSettings(version=2)) == [("A", "promql/parse")]


def test_the_older_name_of_a_function_is_fine_unless_the_project_has_version_3() -> None:
    rule = plain(RULE % ("A", "holt_winters(belt_speed[1h], 0.5, 0.5) > 3"))
    assert found(rule) == found(rule, settings=CheckSettings(version=2)) == []
    assert found(rule, settings=CheckSettings(version=3)) == [("A", "promql/parse")]


def test_the_labels_of_a_group_are_those_of_its_rules() -> None:
    rule = "{alert: A, expr: 'up < 1', for: 5m, annotations: {summary: it}}"
    text = plain(rule).replace("name: g", "name: g\n  labels: {severity: page}")
    assert found(text) == []


IGNORED = "# sre: ignore promql/rate until 2027-01-31 because the exporter has it wrong"


@pytest.mark.parametrize("where", ["above", "behind", "within"])
def test_a_comment_lets_the_finding_of_its_rule_be_and_no_other(where: str) -> None:
    rest = "    for: 5m\n    labels: {severity: a}\n    annotations: {summary: b}"
    rule = f"alert: A\n    expr: {BAD}\n{rest}"
    lines = {
        "above": f"{IGNORED}\n  - {rule}",
        "behind": f"- {rule}".replace("> 3", f"> 3 {IGNORED}"),
        "within": f"- {rule}".replace("    for:", f"    {IGNORED}\n    for:"),
    }[where]
    text = f"groups:\n- name: g\n  rules:\n  {lines}\n  - {RULE % ('B', BAD)}\n"
    assert found(text) == [("B", "promql/rate")]


def test_a_comment_of_the_file_is_for_all_of_its_rules() -> None:
    text = "# sre: ignore-file promql/* because they come from elsewhere\n" + plain(
        RULE % ("A", BAD), RULE % ("B", BAD)
    )
    assert found(text) == []


@pytest.mark.parametrize(
    ("comment", "check"),
    [
        ("ignore promql/rate until 2026-11-29 because of the migration", "suppress/expired"),
        ("ignore promql/cost because it was dear", "suppress/unused"),
        ("ignore promql/rate", "suppress/form"),
        ("ignore promql/rates because it is so", "suppress/form"),
        ("ignore promql/rate until spring because it is so", "suppress/form"),
    ],
)
def test_a_comment_that_is_over_of_no_use_or_unclear_is_a_finding(comment: str, check: str) -> None:
    text = f"groups:\n- name: g\n  rules:\n  # sre: {comment}\n  - {RULE % ('A', BAD)}\n"
    assert sorted(found(text)) == sorted([("A", "promql/rate"), ("", check)])


def test_nobody_knows_whether_a_comment_about_a_server_is_of_use_without_one() -> None:
    text = "# sre: ignore-file series/exists because it is new\n" + plain(RULE % ("A", "up < 1"))
    assert found(text) == []


def test_the_project_says_which_level_a_check_has_and_what_alerts_have_to_have() -> None:
    text = plain(RULE % ("A", BAD))
    for level in ("info", "error"):
        settings = CheckSettings(levels={"promql/*": level})
        (problem,) = run_checks([("a.yaml", text)], Around(settings=settings))
        assert problem.level == level
    assert found(text, settings=CheckSettings(levels={"promql/rate": "off"})) == []
    asked = CheckSettings(
        levels={"promql/rate": "off"}, labels=("team",), annotations=("runbook_url",),
        values={"severity": ("critical", "warning")}, names={"alert": "[A-Z][a-z]+"},
        external_labels=frozenset({"severity"}),
    )  # fmt: skip
    assert found(text, settings=asked) == [
        ("A", "labels/conflict"), ("A", "rules/name"), *[("A", "alerts/annotations")] * 3,
    ]  # fmt: skip


def test_the_project_file_says_all_of_that_and_what_is_not_known_there_is_refused() -> None:
    table: dict[str, Any] = {
        "levels": {"promql/rate": "off", "alerts/*": "info"}, "catalogue": True, "version": 3,
        "scrape_interval": "30s", "retention": "90d", "external_labels": ["cluster"],
        "labels": ["team"], "annotations": ["summary"], "values": {"severity": ["a"]},
        "names": {"alert": "[A-Z].*"}, "selectors": ["job"], "keep": ["site"],
    }  # fmt: skip
    settings = read_check_settings(Field("sre.toml", "alerts", {"check": table}))
    assert (settings.scrape_s, settings.retention_s, settings.version) == (30, 90 * 86400, 3)
    assert settings.level("promql/rate") == "off"
    assert settings.level("alerts/for") == "info"
    assert (settings.selectors, settings.keep) == (("job",), ("site",))
    assert settings.values == {"severity": ("a",)}
    for wrong in ({"levels": {"promql/rate": "loud"}}, {"levels": {"rate": "off"}}, {"version": 1},
                  {"retention": "long"}, {"names": {"alert": "("}}, {"labels": "team"},
                  {"other": 1}):  # fmt: skip
        with pytest.raises(FieldError):
            read_check_settings(Field("sre.toml", "alerts", {"check": wrong}))


def test_rules_of_others_are_not_held_against_the_calendars_catalogue(tmp_path: Path) -> None:
    path = tmp_path / "theirs.yaml"
    path.write_text(plain(RULE % ("A", "rate(http_request_total[5m]) > 3")))
    of_theirs = check_rules(CALENDAR, [path])
    assert of_theirs.problems == ()
    assert "--prometheus URL" in of_theirs.notes[0]


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Give a folder with a git repository, in which rules.yaml is committed."""
    recorded = "{record: 'a:b:c', expr: sum(belt_speed)}"
    (tmp_path / "rules.yaml").write_text(
        plain(recorded, RULE % ("Old", BAD), RULE % ("Reads", "a:b:c > 3"))
    )
    for words in (["init", "-q"], ["add", "."], ["commit", "-q", "-m", "a"]):
        name = ["-c", "user.name=a", "-c", "user.email=a@b"]
        subprocess.run(["git", "-C", str(tmp_path), *name, *words], check=True)
    return tmp_path


def differing(path: Path) -> list[tuple[str, str]]:
    found = check_rules(CALENDAR, [path], How(diff_base="HEAD", today=TODAY))
    return [(each.rule, each.check) for each in found.problems]


def test_only_rules_that_differ_from_a_revision_are_told_of(repository: Path) -> None:
    path = repository / "rules.yaml"
    assert differing(path) == []
    path.write_text(path.read_text() + f"  - {RULE % ('New', BAD)}\n")
    assert differing(path) == [("New", "promql/rate")]
    path.rename(moved := repository / "moved.yaml")
    subprocess.run(["git", "-C", str(repository), "add", "-A"], check=True)
    assert differing(moved) == [("New", "promql/rate")]


def test_a_rule_that_reads_what_is_no_longer_recorded_is_told_of(repository: Path) -> None:
    path = repository / "rules.yaml"
    path.write_text(plain(RULE % ("Reads", "a:b:c > 3")))
    assert differing(path) == [("Reads", "rules/removed")]


@pytest.mark.parametrize(("revision", "says"), [("nowhere", "no such revision"), ("-p", "no such")])
def test_a_revision_that_is_none_is_named(repository: Path, revision: str, says: str) -> None:
    with pytest.raises(BadInputError, match=says):
        rules_at(revision, [repository / "rules.yaml"])


def test_a_file_outside_of_a_repository_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInputError, match="in no git repository"):
        rules_at("HEAD", [tmp_path / "rules.yaml"])


def test_a_finding_is_an_annotation_that_github_shows_beside_the_line() -> None:
    problem = Problem("a/b", Level.INFO, "my, rules.yaml", 4, "A", "x\ny", "100% bad", "mend it")
    assert as_github(problem) == (
        "::notice file=my%2C rules.yaml,line=4,title=a/b::A: 100%25 bad: x%0Ay; mend it"
    )
    (result,) = as_sarif([problem])["runs"][0]["results"]
    assert (result["level"], result["ruleId"]) == ("note", "a/b")


def test_a_comment_in_a_rule_that_has_not_changed_is_no_matter_of_the_change(
    repository: Path,
) -> None:
    path = repository / "rules.yaml"
    held = f"  # sre: ignore promql/rate because it is well\n  - {RULE % ('Held', BAD)}\n"
    over = f"  # sre: ignore promql/cost because it is well\n  - {RULE % ('Over', 'up < 1')}\n"
    path.write_text(path.read_text() + held + over)
    assert differing(path) == [("", "suppress/unused")]
    words = ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qam", "b"]
    subprocess.run(["git", "-C", str(repository), *words], check=True)
    assert differing(path) == []


def test_fields_that_are_taken_over_from_another_mapping_are_fields() -> None:
    text = (
        "x: &page {for: 5m, labels: {severity: page}}\n"
        "groups:\n- name: g\n  rules:\n"
        "  - {<<: *page, alert: A, expr: 'up < 1', annotations: {summary: it}}\n"
    )
    assert found(text) == []


def test_a_comment_of_an_unknown_word_is_not_let_pass() -> None:
    text = "# sre: ingore promql/rate because x\n" + plain(RULE % ("A", "up < 1"))
    assert found(text) == [("", "suppress/form")]
