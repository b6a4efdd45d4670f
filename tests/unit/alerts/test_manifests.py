"""The PrometheusRule holds the same rules as the files, in the operator's form."""

import yaml

from alerts.files import HOME

# What the operator's schema (monitoring.coreos.com/v1) allows in a group and in a rule.
GROUP = {"name", "interval", "rules", "partial_response_strategy", "limit", "labels",
         "query_offset"}  # fmt: skip
RULE = {"alert", "record", "expr", "for", "keep_firing_for", "labels", "annotations"}


def test_the_manifest_holds_every_group_of_the_rule_files() -> None:
    manifest = yaml.safe_load((HOME / "generated/kubernetes/prometheusrule.yaml").read_text())
    files = [HOME / "generated/calendar.yaml", HOME / "generated/routing/escalation.yaml"]
    groups = [g for path in files for g in yaml.safe_load(path.read_text())["groups"]]
    assert (manifest["apiVersion"], manifest["kind"]) == (
        "monitoring.coreos.com/v1",
        "PrometheusRule",
    )
    assert manifest["spec"] == {"groups": groups}


def test_the_manifest_uses_only_what_the_operator_s_schema_knows() -> None:
    manifest = yaml.safe_load((HOME / "generated/kubernetes/prometheusrule.yaml").read_text())
    for group in manifest["spec"]["groups"]:
        assert group.keys() <= GROUP
        for rule in group["rules"]:
            assert rule.keys() <= RULE
            assert ("alert" in rule) != ("record" in rule)
            for labels in (rule.get("labels", {}), rule.get("annotations", {})):
                assert all(isinstance(value, str) for value in labels.values())
