"""Projects of other services, as files: nothing of them is known to the harness."""

from pathlib import Path
from typing import Final

OPENSLO: Final = """\
apiVersion: openslo/v1
kind: SLO
metadata: {{name: {name}, displayName: {name}, labels: {{team: {team}}}}}
spec:
  service: {service}
  indicator:
    metadata: {{name: {name}}}
    spec:
      ratioMetric:
        counter: true
        {side}: {{metricSource: {{type: Prometheus, spec: {{query: '{part}'}}}}}}
        total: {{metricSource: {{type: Prometheus, spec: {{query: '{total}'}}}}}}
  timeWindow: [{{duration: 30d, isRolling: true}}]
  budgetingMethod: Occurrences
  objectives: [{{target: {target}}}]
"""
ORDERS: Final = """\
schema = "sre.project/v1"
[service]
name = "orders"
job = "orders"
labels = {team = "payments", tier = "1"}
[metrics]
started = "process_start_time_seconds"
[metrics.requests]
counter = "http_requests_total"
route = "handler"
method = "method"
status = "code"
[metrics.latency]
histogram = "http_request_duration_seconds"
route = "handler"
method = "method"
early = 0.1
[metrics.cache]
hits = "basket_cache_hits_total"
misses = "basket_cache_misses_total"
[[metrics.dependency]]
name = "PostgreSQL"
up = "pg_up"
[[metrics.saturation]]
name = "memory"
used = "process_resident_memory_bytes"
limit = 500000000
"""
STOCK: Final = """\
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


def orders(folder: Path) -> Path:
    """Write a service of prometheus-client, with routes in `handler`; return its project file."""
    return _project(
        folder,
        ORDERS,
        "orders",
        "http_requests_total",
        "http_request_duration_seconds",
        "code",
        "0.3",
    )


def stock(folder: Path) -> Path:
    """Write a service of OpenTelemetry, without a label of routes; return its project file."""
    histogram = "http_server_request_duration_seconds"
    status = "http_response_status_code"
    return _project(folder, STOCK, "stock", f"{histogram}_count", histogram, status, "2.0")


def _project(
    folder: Path, text: str, service: str, counter: str, histogram: str, status: str, edge: str
) -> Path:
    def rate(series: str, *more: str) -> str:
        labels = ",".join((f'job="{service}"', *more))
        return f"sum(rate({series}{{{labels}}}[{{{{.window}}}}]))"

    home = folder / service
    (home / "slo").mkdir(parents=True)
    failed, within = f'{status}=~"5.."', f'le="{edge}"'
    for name, side, part, total, target in (
        ("availability", "bad", rate(counter, failed), rate(counter), 0.999),
        ("speed", "good", rate(f"{histogram}_bucket", within), rate(f"{histogram}_count"), 0.95),
    ):
        made = OPENSLO.format(
            name=name, team="checkout", service=service, side=side, part=part, total=total,
            target=target,
        )  # fmt: skip
        (home / "slo" / f"{name}.yaml").write_text(made)
    (home / "sre.toml").write_text(text)
    return home / "sre.toml"
