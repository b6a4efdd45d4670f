"""One fault in a file is found by the check that is for it; the mended file has no finding."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from alerts.checks.problem import Problem
from alerts.checks.run import CHECKS, run_checks
from alerts.checks.subject import Around

HERE = Path(__file__).parent / "faults"
CASES: list[dict[str, Any]] = yaml.safe_load((HERE / "alone.yaml").read_text())
SKELETON: dict[str, Any] = {
    "alert": "Full",
    "expr": "queue_depth > 5",
    "for": "10m",
    "labels": {"severity": "page"},
    "annotations": {"summary": "it is full"},
}
WITH_A_SERVER = {"series/exists", "series/match", "alerts/count"}


def groups_of(case: Any) -> list[dict[str, Any]]:
    fields = {"expr": case} if isinstance(case, str) else dict(case)
    if "groups" in fields:
        return [
            {**each, "rules": [told(rule) for rule in each["rules"]]} for each in fields["groups"]
        ]
    group = {"name": "g", **fields.pop("group", {})}
    if "rules" in fields:
        return [{**group, "rules": [told(rule) for rule in fields["rules"]]}]
    if "record" in fields and "expr" in fields:
        return [{**group, "rules": [fields]}]
    rule = {key: value for key, value in {**SKELETON, **fields}.items() if value is not None}
    return [{**group, "rules": [rule]}]


def told(rule: dict[str, Any]) -> dict[str, Any]:
    texts = {key: SKELETON[key] for key in ("labels", "annotations")}
    return rule if "record" in rule else {**texts, **rule}


def found(case: Any) -> tuple[Problem, ...]:
    text = yaml.safe_dump({"groups": groups_of(case)}, sort_keys=False)
    # What YAML 1.1 reads as true or false has to stand in the file as people write it.
    text = text.replace(": false", ": No").replace(": true", ": Yes")
    return run_checks([("mail.yaml", text)], Around())


@pytest.mark.parametrize("case", CASES, ids=lambda case: json.dumps(case["bad"])[:90])
def test_a_fault_is_found_and_its_mended_twin_is_well(case: dict[str, Any]) -> None:
    assert case["check"] in {each.check for each in found(case["bad"])}
    assert [each.text() for each in found(case["good"])] == []


def test_every_check_of_rules_alone_has_examples() -> None:
    shown = {case["check"] for case in CASES}
    assert set(CHECKS) - WITH_A_SERVER <= shown
