"""Whoever adds an alert is told which file is still to be written."""

import pytest

from alerts.behaviour.promtool import failed_files
from alerts.build import pages_of
from alerts.edge.shipped import FAMILIES, HOME, load_pages
from alerts.routing.escalation import escalation_group
from alerts.rule import Alert, Group, Priority, RuleSet, Severity
from alerts.scope import services_of
from kit.pure.errors import BadInputError
from slo.edge.files import load_objectives
from tests.support.calendar_alerts import shipped_rules

OBJECTIVES = load_objectives()
TEXTS = load_pages(FAMILIES)
OWN = load_pages(HOME / "pages")
ALERT = Alert("ImportsPilingUp", "max(up) > 9", Severity.WARNING, Priority.P3)
RULES = RuleSet(
    (
        *shipped_rules().groups,
        escalation_group("calendar", services_of(OBJECTIVES), shipped_rules().alerts()),
        Group("more", (ALERT,)),
    )
)


def test_an_alert_without_a_page_names_the_folder_to_write_it_in() -> None:
    with pytest.raises(BadInputError, match="the alert ImportsPilingUp has no page") as caught:
        pages_of(RULES, OBJECTIVES, TEXTS, OWN, "alerts/pages")
    assert "a YAML file in alerts/pages" in caught.value.hint
    assert "did you mean" not in caught.value.hint


def test_a_page_under_a_slightly_wrong_name_is_named() -> None:
    with pytest.raises(BadInputError, match="has no page") as caught:
        pages_of(RULES, OBJECTIVES, TEXTS, {**OWN, "ImportPilesUp": OWN["Watchdog"]})
    assert caught.value.hint.endswith("rename a page of no alert: ImportPilesUp")


def test_a_page_of_no_alert_is_never_told_to_be_named_as_it_is() -> None:
    more = dict.fromkeys(("ImportsPilingUp", "Watchdogs"), OWN["Watchdog"])
    with pytest.raises(BadInputError, match="the page Watchdogs is of no alert") as caught:
        pages_of(RULES, OBJECTIVES, TEXTS, {**OWN, **more})
    assert "did you mean 'Watchdog'?" in caught.value.hint


def test_failures_that_arrive_late_on_the_other_stream_belong_to_their_file() -> None:
    told = "Unit Testing:  a\nUnit Testing:  b\n  SUCCESS\n  FAILED:\n    got nothing\n"
    assert failed_files(told) == {"a": True, "b": False}
