"""The PrometheusRule holds the same rules as the files, in the operator's form."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from alerts.edge.shipped import HOME
from tests.support.yaml_text import from_yaml

SCHEMA = json.loads((Path(__file__).parent / "schemas/prometheusrule.json").read_text())
OPERATOR = Draft202012Validator(SCHEMA)


def manifest() -> dict[str, Any]:
    found: dict[str, Any] = from_yaml(
        (HOME / "generated/kubernetes/prometheusrule.yaml").read_text()
    )
    return found


def test_the_manifest_holds_every_group_of_the_rule_files() -> None:
    made = manifest()
    files = [HOME / "generated/calendar.yaml", HOME / "generated/routing/escalation.yaml"]
    groups = [g for path in files for g in from_yaml(path.read_text())["groups"]]
    assert (made["apiVersion"], made["kind"]) == (
        "monitoring.coreos.com/v1",
        "PrometheusRule",
    )
    assert made["spec"] == {"groups": groups}


def test_the_manifest_holds_by_the_operator_s_schema_and_uses_only_what_that_knows() -> None:
    made = manifest()
    assert [error.message for error in OPERATOR.iter_errors(made)] == []
    of_group = SCHEMA["properties"]["spec"]["properties"]["groups"]["items"]["properties"]
    for group in made["spec"]["groups"]:
        assert group.keys() <= of_group.keys()
        for rule in group["rules"]:
            assert rule.keys() <= of_group["rules"]["items"]["properties"].keys()
            assert ("alert" in rule) != ("record" in rule)


@pytest.mark.parametrize(
    ("field", "value"),
    [("for", "soon"), ("for", "30m1h"), ("keep_firing_for", ""), ("labels", {"slo": 1}),
     ("annotations", []), ("expr", None), ("alert", 7)],
)  # fmt: skip
def test_the_operator_s_schema_refuses_what_the_operator_would(field: str, value: object) -> None:
    made = manifest()
    alert = next(r for g in made["spec"]["groups"] for r in g["rules"] if "alert" in r)
    alert[field] = value
    assert not OPERATOR.is_valid(made)
