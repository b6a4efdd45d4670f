"""Rules from the objectives of other services: promtool shows when they fire and when not."""

import subprocess
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
import yaml

from alerts.edge.shipped import HOME, write
from alerts.objective_rules import up_of
from kit.pure.errors import BadInputError, RefusedError
from slo.series import selectors
from sre.running import run
from tests.support.calendar_alerts import generated
from tests.support.examples import EXAMPLES
from tests.support.promise_cases import CASES, Row
from tests.support.yaml_text import from_yaml

PromTool = Callable[[Sequence[Path]], list[str]]
RULES = "generated/objectives.yaml"
SHIPPED_RULES = "generated/calendar.yaml"


DEAR = "search-latency"
"""Its days of many series take ten times as long as any other example."""


@pytest.mark.parametrize(
    "examples",
    [sorted(CASES.keys() - {DEAR}), pytest.param([DEAR], marks=pytest.mark.thorough)],
    ids=["all but one", DEAR],
)
@pytest.mark.thorough
def test_own_objectives_fire_on_their_faults_and_stay_silent_otherwise(
    examples: list[str], tmp_path: Path, promtool: PromTool
) -> None:
    files = []
    for example in examples:
        cases = CASES[example]
        rules, tests = tmp_path / f"{example}.rules.yaml", tmp_path / f"{example}.tests.yaml"
        rules.write_text(generated(EXAMPLES / f"{example}.yaml")[RULES])
        tests.write_text(yaml.safe_dump(_promtool_file(rules, cases)))
        files.append(str(tests))
    done = subprocess.run(
        [*promtool([tmp_path]), "test", "rules", *files],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, (done.stdout + done.stderr)[:3000]


def _promtool_file(rules: Path, cases: Mapping[str, Row]) -> dict[str, Any]:
    return {
        "rule_files": [str(rules)],
        "evaluation_interval": "1m",
        "tests": [_case(name, *case) for name, case in cases.items()],
    }


def _case(name: str, alert: str, series: Mapping[str, str], fires: bool) -> dict[str, Any]:  # noqa: FBT001 -- a row of the table
    minutes = max(len(_points(values)) for values in series.values()) - 1
    query = f'count(ALERTS{{alertname="{alert}",alertstate="firing"}}) or vector(0)'
    return {
        "name": name,
        "interval": "1m",
        "input_series": [{"series": each, "values": values} for each, values in series.items()],
        "promql_expr_test": [
            {
                "expr": query,
                "eval_time": f"{minutes}m",
                "exp_samples": [{"labels": "{}", "value": float(fires)}],
            }
        ],
    }


def _points(values: str) -> list[int]:
    """Return a list as long as a series in promtool's short form."""
    return [0 for word in values.split() for _ in range(int(word.rsplit("x", 1)[1]) + 1)]


def test_promtool_accepts_the_rules_of_every_example(tmp_path: Path, promtool: PromTool) -> None:
    path = tmp_path / "objectives.yaml"
    path.write_text(generated(EXAMPLES)[RULES])
    done = subprocess.run(
        [*promtool([tmp_path]), "check", "rules", str(path)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_other_promises_bring_only_their_own_alerts_and_pages() -> None:
    files = generated(EXAMPLES / "queue-lag.yaml")
    pages = {Path(path).stem for path in files if path.startswith("runbooks/")}
    assert pages == {
        "QueueFreshnessBudgetBurnFast", "QueueFreshnessBudgetBurnSlow", "QueueFreshnessUnmeasured",
        "QueueFreshnessGone", "EscalatedToL5", "EscalatedTicket",
        "BudgetNearlyExhausted", "ObjectiveContradictory", "EscalatedToL2", "EscalatedToL3",
        "EscalatedToL4",
    }  # fmt: skip
    assert "generated/calendar.yaml" not in files
    manifest = from_yaml(files["generated/kubernetes/prometheusrule.yaml"])
    assert manifest["metadata"]["name"] == "objectives"


def groups_of(files: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the groups of the rule file that is deployed."""
    found: list[dict[str, Any]] = from_yaml(files["generated/calendar.yaml"])["groups"]
    return found


def test_a_promise_beside_the_shipped_ones_leaves_their_rules_as_they_are(tmp_path: Path) -> None:
    for path in (*(EXAMPLES.parent / "objectives").glob("*.yaml"), EXAMPLES / "queue-lag.yaml"):
        (tmp_path / path.name).write_text(path.read_text())
    both = groups_of(generated(tmp_path))
    assert {each["labels"]["service"] for each in added_to_shipped(both)} == {"order-queue"}
    assert [each["name"] for each in both[-2:]] == ["objectives", "objectives.budget"]


def added_to_shipped(groups: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the rules that are not among those shipped, all of which are there and in order."""
    rules, shipped = (
        [rule for group in each for rule in group["rules"]]
        for each in (groups, groups_of(generated()))
    )
    assert [rule for rule in rules if rule in shipped] == shipped
    return [rule for rule in rules if rule not in shipped]


def test_a_promise_of_the_calendars_own_is_checked_like_the_rest(
    tmp_path: Path, promtool: PromTool, capsys: pytest.CaptureFixture[str]
) -> None:
    assert promtool([tmp_path])
    text = (
        (EXAMPLES / "queue-lag.yaml").read_text().replace("order-queue\n", "calendar-assistant\n")
    )
    query = 'max(queue_oldest_message_age_seconds{job="order-queue"})'
    (tmp_path / "review.yaml").write_text(text.replace(query, "max(review_queue_size)"))
    for path in (EXAMPLES.parent / "objectives").glob("*.yaml"):
        (tmp_path / path.name).write_text(path.read_text())
    rules = tmp_path / "calendar.yaml.txt"
    rules.write_text(generated(tmp_path)["generated/calendar.yaml"])
    assert run(["alerts", "check", str(rules)]) == 0, capsys.readouterr().out


def test_a_policy_of_a_shipped_promise_has_its_alert_and_changes_no_other_rule(
    tmp_path: Path,
) -> None:
    kinds = list(yaml.safe_load_all((EXAMPLES / "all-kinds.yaml").read_text()))
    wanted = ("AlertPolicy", "AlertCondition", "AlertNotificationTarget")
    (tmp_path / "policies.yaml").write_text(
        yaml.safe_dump_all(each for each in kinds if each["kind"] in wanted)
    )
    for path in (EXAMPLES.parent / "objectives").glob("*.yaml"):
        text = path.read_text()
        if path.stem == "errors":
            text += "  alertPolicies:\n    - alertPolicyRef: mail-policy\n"
        (tmp_path / path.name).write_text(text)
    (rule,) = added_to_shipped(groups_of(generated(tmp_path)))
    assert rule["alert"] == "ErrorsBurnMailPolicy"
    assert rule["expr"] == 'slo:bad_ratio:1h{slo="errors",service=""} >= 0.14'
    assert rule["labels"]["notify"] == "messaging-on-call"


def test_a_window_that_only_a_policy_looks_over_is_recorded_for_its_objective(
    tmp_path: Path,
) -> None:
    text = (
        (EXAMPLES / "all-kinds.yaml")
        .read_text()
        .replace("lookbackWindow: 6h", "lookbackWindow: 4h")
    )
    (tmp_path / "kinds.yaml").write_text(text)
    rules = from_yaml(generated(tmp_path)[RULES])["groups"][0]["rules"]
    (record,) = (each for each in rules if each.get("record") == "slo:bad_ratio:4h")
    assert record["expr"].count('{slo="mail-delivery",service="mail"}[238m]') == 2


def test_two_promises_whose_alerts_would_have_one_name_are_refused(tmp_path: Path) -> None:
    text = (EXAMPLES / "queue-lag.yaml").read_text()
    (tmp_path / "one.yaml").write_text(text)
    (tmp_path / "two.yaml").write_text(text.replace("queue-freshness", "queue--freshness"))
    with pytest.raises(BadInputError, match="would both have an alert"):
        generated(tmp_path)


def test_the_shipped_rules_do_not_make_way_for_other_promises() -> None:
    with pytest.raises(RefusedError, match="not replaced"):
        write(generated(EXAMPLES), HOME, SHIPPED_RULES)


def test_what_else_is_in_the_users_folder_stays_and_what_was_generated_goes(tmp_path: Path) -> None:
    (tmp_path / "runbooks").mkdir()
    own = tmp_path / "runbooks" / "restart.md"
    own.write_text("# How to restart\n\nWith care.\n")
    write(generated(EXAMPLES / "queue-lag.yaml"), tmp_path, SHIPPED_RULES)
    page = tmp_path / "runbooks" / "QueueFreshnessBudgetBurnFast.md"
    assert page.exists()
    write(generated(EXAMPLES / "checkout-month.yaml"), tmp_path, SHIPPED_RULES)
    assert own.exists()
    assert not page.exists()


@pytest.mark.parametrize(
    ("query", "asked"),
    [
        ('hits_total{job="shop"}', 'up{job="shop"}'),
        ('hits_total{job=~"shop-(a|b)",code=~"5.."}', 'up{job=~"shop-(a|b)"}'),
        # The same job in another namespace says nothing of this one.
        ('hits_total{job="shop",namespace="prod",route="/"}', 'up{job="shop",namespace="prod"}'),
        # Whatever answers is not this service.
        ('hits_total{job!="prometheus"}', None),
        ('hits_total{job=~".+"}', None),
        ('hits_total{namespace="prod"}', None),
        ("hits_total", None),
    ],
)
def test_only_the_job_that_a_query_names_can_have_begun_anew(query: str, asked: str | None) -> None:
    (read,) = selectors(query)
    up = up_of(read)
    assert (up.text() if up else None) == asked
