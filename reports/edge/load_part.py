"""What the page says of a load run."""

from collections.abc import Mapping, Sequence
from typing import Any

from kit.charts import latency
from kit.charts.failures import failures
from kit.charts.scaling import scaling
from kit.charts.throughput import throughput
from reports.load_words import capacity_words, check_words, failure_words, health_words


def load_part(record: Mapping[str, Any], differences: Sequence[str] = ()) -> dict[str, Any]:
    """Return everything that the template needs for the section on load.

    `differences` are lines of a comparison with a baseline.
    """
    thresholds_s = sorted({r["threshold_s"] for r in record["rows"] if r["threshold_s"]})
    charts = (
        ("Distribution of latency", latency.distribution(record)),
        ("Latency over time", latency.over_time(record, thresholds_s)),
        ("Throughput against the schedule", throughput(record)),
        ("Latency heat map", latency.heat_map(record)),
        ("Failures over time", failures(record)),
        ("What it can take", scaling(record)),
    )
    found, capacity = record["overall"]["percentiles_ms"], record.get("capacity")
    return {
        "record": record,
        "profile": record["config"]["profile"],
        "charts": [(title, chart) for title, chart in charts if chart is not None],
        "percentiles": {
            name: found[name]["value"] if name in found else None for name in ("p50", "p95", "p99")
        },
        "routes": [(name, f) for name, f in record["routes"].items() if f["requests"]],
        "answered": record["overall"]["outcomes"]["answered"],
        "failures": failure_words(record),
        "capacity_words": capacity_words(capacity) if capacity else (),
        "differences": tuple(differences),
        "check": record.get("cross_check"),
        "cleaning_problem": record.get("cleaning_problem"),
        "health_words": health_words(record.get("health")),
        "check_words": check_words(record.get("cross_check")),
    }
