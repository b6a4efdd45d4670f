"""Small dashboards to check, as the JSON that Grafana keeps."""

import json
from typing import Any

from dashboards.context import Context
from dashboards.document import Dashboard
from dashboards.problem import Problem
from dashboards.read import read_dashboard
from dashboards.rules import check_dashboard

SOURCE = {"type": "prometheus", "uid": "${datasource}"}


def target_variable(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "label": name.capitalize(),
        "type": "query",
        "query": {"query": f"label_values(up, {name})"},
        "datasource": SOURCE,
        "refresh": 2,
        "multi": True,
        "includeAll": True,
        "allValue": ".+",
    }


def panel(
    expr: str = 'rate(x_total{job=~"$job",instance=~"$instance"}[$__rate_interval])', **more: Any
) -> dict[str, Any]:
    return {
        "title": "Requests",
        "description": "Good: some.",
        "type": "timeseries",
        "datasource": SOURCE,
        "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
        "fieldConfig": {"defaults": {"unit": "reqps"}},
        "targets": [{"refId": "A", "expr": expr}],
    } | more


def dashboard_json(*panels: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a dashboard without a fault; `more` replaces its top-level parts."""
    return {
        "uid": "sample",
        "title": "Sample",
        "editable": False,
        "templating": {
            "list": [
                {
                    "name": "datasource",
                    "label": "Data source",
                    "type": "datasource",
                    "query": "prometheus",
                },
                target_variable("job"),
                target_variable("instance"),
            ]
        },
        "panels": list(panels or (panel(),)),
    } | more


def dashboard(*panels: dict[str, Any], **more: Any) -> Dashboard:
    return read_dashboard("sample.json", json.dumps(dashboard_json(*panels, **more)))


def problems(found: Dashboard, context: Context | None = None) -> list[Problem]:
    return list(check_dashboard(found, context or Context()))


def broken_rules(found: Dashboard, context: Context | None = None) -> set[str]:
    return {problem.rule for problem in problems(found, context)}
