"""What a project says of its own alerts is refused where it would do nothing."""

from pathlib import Path

import pytest

from alerts.edge.own_cases import read_expected
from alerts.own_rules import OwnRule, OwnRules, read_own_rules, with_own
from alerts.rule import Alert, Group, Priority, Severity
from kit.pure.errors import BadInputError
from kit.pure.fields import FieldError


def alert(name: str) -> Alert:
    return Alert(name, "up == 0", Severity.WARNING, Priority.P3)


FAMILIES = (Group("calendar", (alert("ManyRequestsSlow"), alert("QueueLong"))),)


def put(rule: OwnRule) -> tuple[Group, ...]:
    return with_own(FAMILIES, OwnRules((rule,)))


def test_a_symptom_of_an_alert_that_there_is_not_is_refused_with_the_nearest() -> None:
    with pytest.raises(BadInputError, match="Lagging is a symptom of ManyRequestSlow") as caught:
        put(OwnRule(alert("Lagging"), None, symptom_of=("QueueLong", "ManyRequestSlow")))
    assert "ManyRequestsSlow" in caught.value.hint


def test_a_symptom_may_be_of_a_family_or_of_another_of_the_project_s_own() -> None:
    own = OwnRules((OwnRule(alert("Lagging"), "QueueLong", symptom_of=("Stuck", "QueueLong")),
                    OwnRule(alert("Stuck"), None)))  # fmt: skip
    (group,) = with_own(FAMILIES, own)
    assert [each.name for each in group.alerts()] == [
        "ManyRequestsSlow", "QueueLong", "Lagging", "Stuck",
    ]  # fmt: skip


RULES = """
schema: sre.alerts/v1
limits: {%s}
alerts: [{alert: QueueLong, expr: "queue > %%queue_most%%", severity: info, priority: P4}]
"""


def test_a_limit_of_the_project_s_own_stands_in_its_expressions_and_may_be_tried_with_another() -> (
    None
):
    text = RULES % "queue_most: 200"
    read = {tried: read_own_rules("rules.yaml", text, {"queue_most": 90.5} if tried else {})
            for tried in (False, True)}  # fmt: skip
    assert [each.rules[0].alert.expr for each in read.values()] == ["queue > 200", "queue > 90.5"]
    assert [each.limits for each in read.values()] == [{"queue_most": 200}, {"queue_most": 90.5}]
    assert isinstance(read[False].limits["queue_most"], int)


@pytest.mark.parametrize(
    ("limits", "said"),
    [
        ("few_requests: 3", "limits.few_requests: 3 is a limit of the families"),
        ("Queue-most: 3", "limits.Queue-most: 3 has a name that no %name% can have"),
        ("queue_most: many", "limits.queue_most: 'many' is not a number"),
        ("other: 3", "names no number %queue_most%"),
    ],
)
def test_a_wrong_limit_is_named(limits: str, said: str) -> None:
    with pytest.raises(FieldError) as caught:
        read_own_rules("rules.yaml", RULES % limits, {})
    assert said in str(caught.value)


def test_expectations_that_are_no_text_are_named(tmp_path: Path) -> None:
    (tmp_path / "expected.jsonl").write_bytes(b"{}\xff\n")
    with pytest.raises(BadInputError, match=r"expected\.jsonl:1"):
        read_expected(tmp_path / "expected.jsonl")
