"""Projects to report on: the calendar's own, and two of other teams, written into a folder."""

from pathlib import Path
from typing import Final

from slo.edge.project_file import SHIPPED, load_project
from slo.project.project import Project
from slo.project.roles import Accuracy

CALENDAR: Final = load_project(SHIPPED)


def accuracy_role() -> Accuracy:
    """Return what plays the role of accuracy for the calendar."""
    assert CALENDAR.roles.accuracy is not None
    return CALENDAR.roles.accuracy


ORDERS: Final = """
schema = "sre.project/v1"

[service]
name = "orders"
job = "orders"
uncounted = ["/metrics"]

[metrics.requests]
counter = "http_requests_total"
route = "handler"
method = "method"
status = "code"

[metrics.latency]
histogram = "http_request_duration_seconds"
route = "handler"
method = "method"
"""
STOCK: Final = """
schema = "sre.project/v1"

[service]
name = "stock"
job = "stock"

[metrics.requests]
counter = "http_server_request_duration_seconds_count"
method = "http_request_method"
status = "http_response_status_code"

[metrics.latency]
histogram = "http_server_request_duration_seconds"
method = "http_request_method"
"""
_SLO: Final = """
apiVersion: openslo/v1
kind: SLO
metadata: {{name: {name}, displayName: {title}{more}}}
spec:
  description: {title}.
  service: {service}
  budgetingMethod: Occurrences
  timeWindow: [{window}]
  indicator:
    metadata: {{name: {name}}}
    spec:
      ratioMetric:
        counter: true
        {side}: {{metricSource: {{type: Prometheus, spec: {{query: '{counted}'}}}}}}
        total: {{metricSource: {{type: Prometheus, spec: {{query: '{total}'}}}}}}
  objectives: [{{target: {target}}}]
"""
ROLLING: Final = "{duration: 30d, isRolling: true}"


def rate(selector: str) -> str:
    """Return the query of a counter's events."""
    return f"sum(rate({selector}[{{{{.window}}}}]))"


def slo(
    name: str,
    service: str,
    *,
    total: str,
    target: float,
    bad: str = "",
    good: str = "",
    window: str = ROLLING,
    title: str = "",
    split: str = "",
    team: str = "",
) -> str:
    """Return an objective on two selectors of a counter; `split` is a label, `team` its team."""
    more = f", annotations: {{calendar-sre/split-by: {split}}}" if split else ""
    more += f", labels: {{team: {team}}}" if team else ""
    side, counted = ("bad", bad) if bad else ("good", good)
    return _SLO.format(
        name=name,
        title=title or name,
        more=more,
        service=service,
        side=side,
        counted=rate(counted),
        total=rate(total),
        target=target,
        window=window,
    )


def orders(folder: Path, *objectives: str, job: str = "orders") -> Project:
    """Write the project of a service with prometheus-client's names; return it."""
    return load_project(written(folder, ORDERS.replace('"orders"', f'"{job}"'), *objectives))


def stock(folder: Path, *objectives: str) -> Project:
    """Write the project of a service with OpenTelemetry's names and no route; return it."""
    return load_project(written(folder, STOCK, *objectives))


def written(folder: Path, text: str, *objectives: str) -> Path:
    """Write a project file and its objectives into a new folder; return the file."""
    (folder / "slo").mkdir(parents=True)
    for number, one in enumerate(objectives):
        (folder / "slo" / f"{number}.yaml").write_text(one)
    path = folder / "sre.toml"
    path.write_text(text)
    return path
