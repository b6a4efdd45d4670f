"""What a project says of its own alerts is refused where it would do nothing."""

import pytest

from alerts.own_rules import OwnRule, OwnRules, with_own
from alerts.rule import Alert, Group, Priority, Severity
from kit.pure.errors import BadInputError


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
