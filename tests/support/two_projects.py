"""Two projects that are not ours, as their teams would write them: nothing of them is in code."""

from pathlib import Path

import yaml

ORDERS = """
schema = "sre.project/v1"

[service]
name = "orders"
job = "orders"
uncounted = ["/metrics", "/live"]

[paths]
objectives = "slo"
metrics = "metrics.yaml"

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
ORDERS_METRICS = """
schema: sre.metrics/v1
metrics:
  - {name: http_requests_total, type: counter, labels: {handler: , method: , code: }}
  - {name: http_request_duration_seconds, type: histogram, labels: {handler: , method: }}
"""
STOCK = """
schema = "sre.project/v1"

[service]
name = "stock"
job = "stock"

[paths]
objectives = "slo"

[metrics.requests]
counter = "http_server_request_duration_seconds_count"
method = "http_request_method"
status = "http_response_status_code"

[metrics.latency]
histogram = "http_server_request_duration_seconds"
method = "http_request_method"
"""
_BUCKET = "http_server_request_duration_seconds_bucket"


def orders(folder: Path, name: str = "orders") -> Path:
    """Write the project of a service with Prometheus's own client; return its project file.

    A second one has another `name` and the same metrics.
    """
    found = f'http_requests_total{{job="{name}"%s}}'
    timed = f'http_request_duration_seconds_%s{{job="{name}",handler="/orders"%s}}'
    return _written(
        folder,
        ORDERS.replace('"orders"', f'"{name}"'),
        _slo(name, "answered", bad=found % ',code=~"5.."', total=found % "", split="handler"),
        _slo(name, "fast", good=timed % ("bucket", ',le="0.25"'), total=timed % ("count", "")),
        metrics=ORDERS_METRICS,
    )


def stock(folder: Path) -> Path:
    """Write the project of a service with OpenTelemetry's names and no label of a route."""
    count = 'http_server_request_duration_seconds_count{job="stock"%s}'
    return _written(
        folder,
        STOCK,
        _slo(
            "stock", "answered", bad=count % ',http_response_status_code=~"5.."', total=count % ""
        ),
        _slo(
            "stock", "fast", good=f'{_BUCKET}{{job="stock",le="0.25"}}', total=count % ""
        ),
    )  # fmt: skip


def _written(folder: Path, project: str, *objectives: str, metrics: str | None = None) -> Path:
    (folder / "slo").mkdir(parents=True)
    for number, text in enumerate(objectives):
        (folder / "slo" / f"{number}.yaml").write_text(text)
    if metrics is not None:
        (folder / "metrics.yaml").write_text(metrics)
    path = folder / "sre.toml"
    path.write_text(project)
    return path


def _slo(service: str, name: str, *, split: str | None = None, **counts: str) -> str:
    """Return an OpenSLO document; `counts` are the selectors of two counters."""
    sides = {
        side: {
            "metricSource": {
                "type": "Prometheus",
                "spec": {"query": f"sum(rate({selector}[{{{{.window}}}}]))"},
            }
        }
        for side, selector in counts.items()
    }
    annotations = {"annotations": {"calendar-sre/split-by": split}} if split else {}
    document = {
        "apiVersion": "openslo/v1",
        "kind": "SLO",
        "metadata": {"name": name, "displayName": f"Requests {name}", **annotations},
        "spec": {
            "description": f"Requests are {name}.",
            "service": service,
            "indicator": {
                "metadata": {"name": f"{name}-requests"},
                "spec": {"ratioMetric": {"counter": True, **sides}},
            },
            "timeWindow": [{"duration": "30d", "isRolling": True}],
            "budgetingMethod": "Occurrences",
            "objectives": [{"displayName": "most", "target": 0.99}],
        },
    }
    return yaml.safe_dump(document, sort_keys=False)
