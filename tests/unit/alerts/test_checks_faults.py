"""One fault in a file is found by the check that is for it; the mended file has no finding."""

import json
from typing import Any

import pytest

from alerts.checks.live import Live
from alerts.checks.run import CHECKS, run_checks
from alerts.checks.subject import Around
from tests.support.rule_faults import ALONE, WITH_A_SERVER, rule_file, served

OF_SERVERS = {"series/exists", "series/match", "alerts/count"}


def said(case: Any, expr: str, live: Live | None = None) -> list[str]:
    return [p.text() for p in run_checks([("a.yaml", rule_file(case, expr))], Around(live=live))]


def named(case: dict[str, Any]) -> str:
    return f"{case['check']}: {json.dumps(case['bad'])[:80]}"


@pytest.mark.parametrize("case", ALONE, ids=named)
def test_a_fault_is_found_and_its_mended_twin_is_well(case: dict[str, Any]) -> None:
    expr = "queue_depth > 5"
    assert any(f": {case['check']} " in each for each in said(case["bad"], expr))
    assert said(case["good"], expr) == []


@pytest.mark.parametrize("case", WITH_A_SERVER, ids=named)
def test_a_fault_that_a_server_knows_of_is_found_with_one(case: dict[str, Any]) -> None:
    expr = "belt_speed > 9e9"
    assert any(f": {case['check']} " in each for each in said(case["bad"], expr, served()))
    assert said(case["good"], expr, served()) == []


def test_every_check_of_rules_has_examples() -> None:
    shown = {case["check"] for case in (*ALONE, *WITH_A_SERVER)}
    assert set(CHECKS) - shown == {"alerts/count"}  # the container test has it
