"""Two projects that are not ours, as their teams would write them, for boards."""

from pathlib import Path
from typing import Final

from tests.support.other_projects import ORDERS, STOCK, slo, written

_METRICS: Final = """
schema: sre.metrics/v1
metrics:
  - {name: http_requests_total, type: counter, labels: {handler: , method: , code: }}
  - {name: http_request_duration_seconds, type: histogram, labels: {handler: , method: }}
"""
_PATHS: Final = '[paths]\nobjectives = "slo"\n'
_COUNT: Final = 'http_server_request_duration_seconds_count{job="stock"%s}'


def orders(folder: Path, name: str = "orders") -> Path:
    """Write the project of a service with Prometheus's own client; return its project file.

    A second one has another `name` and the same metrics.
    """
    found = f'http_requests_total{{job="{name}"%s}}'
    timed = f'http_request_duration_seconds_%s{{job="{name}",handler="/orders"%s}}'
    text = ORDERS.replace('"orders"', f'"{name}"').replace('["/metrics"]', '["/metrics", "/live"]')
    path = written(
        folder,
        text.replace("[metrics.requests]", f'{_PATHS}metrics = "metrics.yaml"\n[metrics.requests]'),
        slo("answered", name, bad=found % ',code=~"5.."', total=found % "", target=0.99,
            title="Requests answered", split="handler"),
        slo("fast", name, good=timed % ("bucket", ',le="0.25"'), total=timed % ("count", ""),
            target=0.99, title="Requests fast"),
    )  # fmt: skip
    (folder / "metrics.yaml").write_text(_METRICS)
    return path


def stock(folder: Path) -> Path:
    """Write the project of a service with OpenTelemetry's names and no label of a route."""
    failed = _COUNT % ',http_response_status_code=~"5.."'
    within = 'http_server_request_duration_seconds_bucket{job="stock",le="0.25"}'
    return written(
        folder,
        STOCK.replace("[metrics.requests]", f"{_PATHS}[metrics.requests]"),
        slo("answered", "stock", bad=failed, total=_COUNT % "", target=0.99,
            title="Requests answered"),
        slo("fast", "stock", good=within, total=_COUNT % "", target=0.99, title="Requests fast"),
    )  # fmt: skip
