"""`sre alerts` as it is typed."""

import shutil
from pathlib import Path

import pytest

from alerts.edge.backtest import load_scenarios
from alerts.edge.shipped import HOME
from sre.running import run
from tests.support.json_schemas import keeps_schema


def test_building_is_a_no_op_when_all_is_current(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["alerts", "build", "--check"]) == 0
    assert "0 not current" in capsys.readouterr().out


def test_building_elsewhere_writes_the_same_files(tmp_path: Path) -> None:
    assert run(["alerts", "build", "--check", "--out", str(tmp_path)]) == 1
    assert run(["alerts", "build", "--out", str(tmp_path)]) == 0
    assert run(["alerts", "build", "--check", "--out", str(tmp_path)]) == 0
    made = (tmp_path / "generated/calendar.yaml").read_text()
    assert made == (HOME / "generated/calendar.yaml").read_text()


def test_a_wrong_receivers_file_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "who.yaml"
    path.write_text("levels: {}\n")
    assert run(["alerts", "build", "--out", str(tmp_path), "--receivers", str(path)]) == 2
    assert "who.yaml: tickets is missing" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("text", "code", "says"),
    [
        ("groups: [", 2, "file/readable"),
        ("groups:\n- name: a\n  rules:\n  - {alert: A, expr: rate(up)}\n", 1, "promtool/accepts"),
        ("groups:\n- name: a\n  rules:\n  - {record: 'a:b:c', expr: sum(up)}\n", 0, "0 errors"),
    ],
)
def test_anybody_s_rules_can_be_checked(
    text: str, code: int, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text(text)
    assert run(["alerts", "check", str(path)]) == code
    assert says in capsys.readouterr().out


def test_a_file_that_is_no_yaml_is_one_finding_with_one_reason(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("groups: [")
    assert run(["alerts", "check", str(path)]) == 2
    finding, count = capsys.readouterr().out.strip().splitlines()
    assert finding.startswith(f"{path}:1: file/readable error: is not YAML: yaml: line 1")
    assert finding.count("did not find expected node content") == 1
    assert count == "1 error, 0 warnings"


def test_the_history_of_no_folder_or_of_no_deploy_is_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["alerts", "history", str(tmp_path / "none")]) == 2
    assert f"no folder {tmp_path / 'none'}" in capsys.readouterr().err
    assert run(["alerts", "history", str(tmp_path)]) == 5
    assert "nothing was deployed" in capsys.readouterr().err


def test_a_missing_rule_file_is_a_bad_input(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["alerts", "check", "/nowhere/rules.yaml"]) == 2
    assert "cannot read a rule file" in capsys.readouterr().err


def test_without_promtool_and_docker_the_next_step_is_reported(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert run(["alerts", "check"]) == 3
    assert "install promtool" in capsys.readouterr().err


def test_one_incident_can_be_replayed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["alerts", "backtest", "--only", "full-outage", "--json"]) == 0
    result = keeps_schema(capsys.readouterr().out, "backtest")
    assert run(["alerts", "backtest", "--only", "full-outage"]) == 0
    assert capsys.readouterr().out.startswith("scenario ")
    assert result["verdict"] == "PASS"
    (outcome,) = result["outcomes"]
    assert outcome["detected_s"] <= 120
    assert [each["labels"]["alertname"] for each in outcome["right"]] == ["ManyRequestsFail"]


def test_rules_that_see_nothing_do_not_pass_the_backtest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rules.yaml"
    path.write_text("groups:\n- name: a\n  rules:\n  - {alert: A, expr: up > 1}\n")
    arguments = ["alerts", "backtest", "--only", "full-outage", "--rules", str(path), "--json"]
    assert run(arguments) in {1, 5}
    result = keeps_schema(capsys.readouterr().out, "backtest")
    assert result["outcomes"][0]["missed"] is True


@pytest.mark.parametrize("text", ["groups: [", "", "groups: []", None])
def test_rules_that_cannot_be_read_are_named_and_not_replayed(
    text: str | None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "rules.yaml"
    if text is not None:
        path.write_text(text)
    assert run(["alerts", "backtest", "--only", "full-outage", "--rules", str(path)]) == 2
    told = capsys.readouterr()
    assert str(path) in told.err
    assert told.out == ""


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- name: x\n", "about is missing"),
        ("- {name: x, about: y, expect: page, length: 1h}\n", "has no fault"),
        ("- {name: x, about: y, expect: maybe, length: 1h}\n", "expect"),
        ("a: [", "is not YAML"),
    ],
)
def test_a_wrong_scenario_is_named(
    text: str, says: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.yaml"
    path.write_text(text)
    assert run(["alerts", "backtest", str(path)]) == 2
    assert says in capsys.readouterr().err


def test_at_least_forty_labelled_incidents_are_shipped() -> None:

    scenarios = load_scenarios()
    assert len(scenarios) >= 40
    assert {str(each.expect) for each in scenarios} == {"page", "ticket", "quiet"}


def test_a_deploy_needs_a_folder_and_a_server(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delenv("SRE_PROMETHEUS_URL", raising=False)
    assert run(["alerts", "deploy", str(tmp_path)]) == 2
    assert "no Prometheus is named" in capsys.readouterr().err
    url = "http://127.0.0.1:9"
    assert run(["alerts", "deploy", str(tmp_path / "none"), "--prometheus", url]) == 2
    assert "no folder" in capsys.readouterr().err
    assert run(["alerts", "deploy", str(tmp_path), "--prometheus", url]) == 3
    assert "does not answer" in capsys.readouterr().err
    shutil.rmtree(tmp_path / ".sre-alerts")
