"""What the page says of a load run."""

from collections.abc import Mapping
from typing import Any

from reports.charts import latency
from reports.charts.throughput import throughput


def load_part(record: Mapping[str, Any]) -> dict[str, Any]:
    """Return everything that the template needs for the section on load."""
    thresholds_s = sorted({r["threshold_s"] for r in record["rows"] if r["threshold_s"]})
    charts = (
        ("Distribution of latency", latency.distribution(record)),
        ("Latency over time", latency.over_time(record, thresholds_s)),
        ("Throughput against the schedule", throughput(record)),
        ("Latency heat map", latency.heat_map(record)),
    )
    found = record["overall"]["percentiles_ms"]
    return {
        "record": record,
        "profile": record["config"]["profile"],
        "charts": [(title, chart) for title, chart in charts if chart is not None],
        "percentiles": {
            name: found[name]["value"] if name in found else None for name in ("p50", "p95", "p99")
        },
        "routes": [(name, f) for name, f in record["routes"].items() if f["requests"]],
    }
