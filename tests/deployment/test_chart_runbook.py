"""What the runbook and the page name in the cluster is what the chart makes."""

import re

import pytest

from kit.edge.containers.catalog import ROOT
from tests.support.chart import documents

KINDS = {"deployment": "Deployment", "cronjob": "CronJob", "hpa": "HorizontalPodAutoscaler"}
PAGES = ("docs/runbook.md", "docs/kubernetes.md", "docs/operations.md")


@pytest.mark.parametrize("page", PAGES)
def test_every_object_that_a_page_names_exists(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"\b(deployment|cronjob|hpa)[/ ]((?:calendar|mongodb|redis)[a-z-]*)\b", text)
    there = {(one["kind"], one["metadata"]["name"]) for one in documents("default")}
    assert named
    assert [one for one in named if (KINDS[one[0]], one[1]) not in there] == []
