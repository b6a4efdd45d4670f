"""Whoever adds an alert is told which file is still to be written."""

import pytest

from alerts.behaviour.promtool import failed_files
from alerts.build import pages_of
from alerts.edge.shipped import load_pages
from alerts.expressions import scraped
from alerts.routing.escalation import escalation_group
from alerts.rule import Alert, Group, Priority, RuleSet, Severity
from alerts.ruleset import build_rules
from alerts.scope import services_of
from alerts.thresholds import Thresholds
from kit.pure.errors import BadInputError
from slo.edge.files import load_objectives

OBJECTIVES = load_objectives()
ALERT = Alert("ImportsPilingUp", "max(up) > 9", Severity.WARNING, Priority.P3)
RULES = RuleSet(
    (
        *build_rules(OBJECTIVES, Thresholds()).groups,
        escalation_group(services_of(OBJECTIVES)),
        Group("more", (ALERT,)),
    )
)


def test_an_alert_without_a_page_names_the_folder_to_write_it_in() -> None:
    with pytest.raises(BadInputError, match="the alert ImportsPilingUp has no page") as caught:
        pages_of(RULES, OBJECTIVES, load_pages())
    assert "alerts/pages/" in caught.value.hint
    assert "did you mean" not in caught.value.hint


def test_a_page_under_a_slightly_wrong_name_is_named() -> None:
    pages = load_pages()
    with pytest.raises(BadInputError, match="has no page") as caught:
        pages_of(RULES, OBJECTIVES, {**pages, "ImportPilesUp": pages["Watchdog"]})
    assert caught.value.hint.endswith("rename a page of no alert: ImportPilesUp")


def test_a_page_of_no_alert_is_never_told_to_be_named_as_it_is() -> None:
    pages = load_pages()
    more = dict.fromkeys(("ImportsPilingUp", "Watchdogs"), pages["Watchdog"])
    with pytest.raises(BadInputError, match="the page Watchdogs in alerts/pages/") as caught:
        pages_of(RULES, OBJECTIVES, {**pages, **more})
    assert "alerts/catalogue/" in caught.value.hint
    assert "did you mean 'Watchdog'?" in caught.value.hint


@pytest.mark.parametrize("series", ["imports_waiting", "cache_entires"])
def test_a_metric_that_the_catalogue_lacks_names_the_file_to_declare_it_in(series: str) -> None:
    with pytest.raises(BadInputError, match=series) as caught:
        scraped(series)
    assert "[paths] metrics" in caught.value.hint
    assert repr(series) not in caught.value.hint


def test_failures_that_arrive_late_on_the_other_stream_belong_to_their_file() -> None:
    told = "Unit Testing:  a\nUnit Testing:  b\n  SUCCESS\n  FAILED:\n    got nothing\n"
    assert failed_files(told) == {"a": True, "b": False}
