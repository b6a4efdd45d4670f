"""Every metric and label that a built rule, board or report reads is on a live `/metrics`.

It knows no catalogue: names and labels come from what is built, and from what a service answers.
"""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

import pytest
from prometheus_client.parser import text_string_to_metric_families

from reports.period.plan import plan
from reports.period.window import Kind, containing
from slo.edge.files import load_objectives
from slo.edge.project_file import load_project
from slo.series import selectors
from tests.support.service_process import running_service
from tests.support.yaml_text import from_yaml

ROOT: Final = Path(__file__).resolve().parents[2]
BESIDE: Final = ("node_", "probe_", "ALERTS", "up", "parsing_accuracy_ratio", "alertmanager_",
                 "prometheus_", "go_", "scrape_")  # fmt: skip
"""What other jobs and Prometheus itself expose."""
ADDED: Final = {"job", "instance", "service", "__name__"}
"""Labels of the scrape, and of what Prometheus records."""
VARIABLES: Final = {"$__rate_interval": "5m", "$__range": "1h", "$__interval": "1m"}


def of_rules() -> Iterator[str]:
    for path in (ROOT / "alerts/generated").rglob("*.y*ml"):
        for group in (from_yaml(path.read_text(encoding="utf-8")) or {}).get("groups", ()):
            yield from (rule["expr"] for rule in group["rules"])


def of_boards() -> Iterator[str]:
    for path in (ROOT / "dashboards/generated").glob("*.json"):
        board = json.loads(path.read_text(encoding="utf-8"))
        values = dict(VARIABLES)
        for variable in board["templating"]["list"]:
            values[f"${variable['name']}"] = values[f"${{{variable['name']}}}"] = ".*"
        for expr in _exprs(board["panels"]):
            for name, value in sorted(values.items(), key=lambda one: -len(one[0])):
                expr = expr.replace(name, value)  # noqa: PLW2901 -- one variable after the other
            yield expr


def _exprs(place: Any) -> Iterator[str]:
    if isinstance(place, dict):
        if isinstance(place.get("expr"), str):
            yield place["expr"]
        place = list(place.values())
    if isinstance(place, list):
        for each in place:
            yield from _exprs(each)


def of_reports() -> Iterator[str]:
    window = containing(Kind.WEEK, date(2026, 3, 4), ZoneInfo("UTC"))
    yield from (query.expression for query in plan(window, load_objectives(), load_project()))


@pytest.fixture(scope="module")
def live() -> dict[str, set[str]]:
    """Return the labels of each series that a service with all its dependencies named shows."""
    with running_service(redis_url="redis://127.0.0.1:1") as service:
        text = service.ask("GET", "/metrics").text
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


@pytest.mark.parametrize("of", [of_rules, of_boards, of_reports])
def test_what_is_built_reads_only_what_the_service_shows(
    of: Any, live: dict[str, set[str]]
) -> None:
    read, missing = 0, set()
    for expr in dict.fromkeys(of()):
        for selector in selectors(expr):
            if not selector.metric or ":" in selector.metric or selector.metric.startswith(BESIDE):
                continue
            read += 1
            labels = live.get(selector.metric)
            if labels is None:
                missing.add(selector.metric)
                continue
            named = {label for label, _, _ in selector.matchers} - ADDED
            missing |= {f"{selector.metric}{{{label}}}" for label in named - labels}
    assert read > 10
    assert missing == set()
