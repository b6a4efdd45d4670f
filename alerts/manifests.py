"""The rules as PrometheusRule objects, for Prometheus's operator on Kubernetes."""

from collections.abc import Mapping
from typing import Final

from alerts.page import Page
from alerts.render import HEADER, Links, dump, group_value
from alerts.rule import RuleSet

MANIFEST_PATH: Final = "generated/kubernetes/prometheusrule.yaml"


def prometheus_rule(
    rules: RuleSet, pages: Mapping[str, Page], links: Links, *, name: str, owner: str
) -> str:
    """Return one PrometheusRule with every group.

    The operator gives groups of one object to Prometheus together, so that the set is never half
    there.
    """
    return HEADER + dump(
        {
            "apiVersion": "monitoring.coreos.com/v1",
            "kind": "PrometheusRule",
            "metadata": {
                "name": name,
                "labels": {"app.kubernetes.io/part-of": owner, "role": "alert-rules"},
            },
            "spec": {"groups": [group_value(group, pages, links) for group in rules.groups]},
        }
    )
