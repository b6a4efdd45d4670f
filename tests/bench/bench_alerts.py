"""What one evaluation of the rules costs beside sloth's shape for two objectives.

Both are replayed by the same engine over a quarter of an hour of the same 10,000 series, with a
sample and an evaluation a minute; the figure is the processor time of an evaluation, less that of
an engine with one trivial rule. Then: how long building every file takes.
"""

import json
import resource
import subprocess
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import yaml

from alerts.edge.shipped import HOME
from kit.edge.tools import tool_command
from tests.support.calendar_alerts import generated

MINUTES: Final = 15
INSTANCES: Final = 25
ROUTES: Final = 25
EDGES: Final = (
    ".25", "0.5", "0.63", "0.794", "1.0", "1.26", "1.587", "2.0", "2.52", "3.175", "4.0", "5.0",
    "8.0", "+Inf",
)  # fmt: skip
WINDOWS: Final = ("5m", "30m", "1h", "2h", "6h", "1d", "3d")
ROUNDS: Final = 1


def series() -> list[dict[str, str]]:
    """Return 10,000 series: 25 instances, 25 routes, two statuses and 14 buckets each."""
    found = []
    for instance in range(INSTANCES):
        for route in range(ROUTES):
            labels = f'job="calendar-api",instance="i{instance}",route="/r{route}",method="GET"'
            for status in ("200", "500"):
                name = f'http_requests_total{{{labels},status="{status}"}}'
                found.append({"series": name, "values": f"0+{7 + route}x{MINUTES}"})
            for index, edge in enumerate(EDGES):
                name = f'http_request_duration_seconds_bucket{{{labels},le="{edge}"}}'
                found.append({"series": name, "values": f"0+{index + 3}x{MINUTES}"})
    return found


def sloth() -> dict[str, Any]:
    """Return the rules in the shape that sloth generates for two objectives: 34."""
    total = 'http_requests_total{job="calendar-api"}'
    failed = 'http_requests_total{job="calendar-api",status=~"5.."}'
    bucket = 'http_request_duration_seconds_bucket{job="calendar-api",le="%s"}'
    queries = {
        "availability": (f"sum(rate({failed}[W]))", f"sum(rate({total}[W]))", 0.001),
        "latency": (
            f"sum(rate({bucket % '+Inf'}[W])) - sum(rate({bucket % '2.0'}[W]))",
            f"sum(rate({bucket % '+Inf'}[W]))",
            0.05,
        ),
    }
    groups = []
    for name, (bad, all_, budget) in queries.items():
        label = f'{{sloth_id="{name}"}}'
        rules: list[dict[str, Any]] = [
            _record(f"slo:sli_error:ratio_rate{w}", f"({bad}) / ({all_})".replace("W", w), name)
            for w in WINDOWS
        ]
        short = f"slo:sli_error:ratio_rate5m{label}"
        rules.append(
            _record(
                "slo:sli_error:ratio_rate30d",
                f"sum_over_time({short}[30d]) / count_over_time({short}[30d])",
                name,
            )
        )
        rules += [
            _record(f"slo:meta:{index}", expr, name)
            for index, expr in enumerate((
                f"vector({1 - budget})", f"vector({budget})", "vector(30)",
                f"{short} / on(sloth_id) group_left slo:meta:1{label}",
                f"slo:sli_error:ratio_rate30d{label} / on(sloth_id) group_left slo:meta:1{label}",
                f"1 - slo:meta:4{label}", "vector(1)"))
        ]  # fmt: skip
        for alert, tiers in (("page", (("5m", "1h", 14.4), ("30m", "6h", 6))),
                             ("ticket", (("2h", "1d", 3), ("6h", "3d", 1)))):  # fmt: skip
            expr = " or ".join(
                f"(max(slo:sli_error:ratio_rate{a}{label} > {f * budget}) without (sloth_window)"
                f" and max(slo:sli_error:ratio_rate{b}{label} > {f * budget}) without"
                " (sloth_window))"
                for a, b, f in tiers
            )
            rules.append({"alert": f"{name}{alert}", "expr": expr})
        groups.append({"name": name, "rules": rules})
    return {"groups": groups}


def _record(name: str, expr: str, slo: str) -> dict[str, Any]:
    return {"record": name, "expr": expr, "labels": {"sloth_id": slo}}


def processor_s(folder: Path, rules: dict[str, Any], given: list[dict[str, str]]) -> float:
    """Return the processor seconds of a replay, the least of ROUNDS."""
    (folder / "rules.json").write_text(json.dumps(rules))
    test = {
        "rule_files": [str(folder / "rules.json")],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": given,
                "promql_expr_test": [{"expr": "vector(0) > 1", "eval_time": f"{MINUTES}m"}],
            }
        ],
    }
    (folder / "test.json").write_text(json.dumps(test))
    spent = []
    for _ in range(ROUNDS):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            [*tool_command("promtool", [folder]), "test", "rules", str(folder / "test.json")],
            check=True,
            capture_output=True,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        spent.append(after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)
    return min(spent)


def main() -> None:
    """Print the table."""
    given = series()
    ours = yaml.safe_load((HOME / "generated/calendar.yaml").read_text())
    trivial = {"groups": [{"name": "t", "rules": [{"record": "a:b:c", "expr": "vector(1)"}]}]}
    with tempfile.TemporaryDirectory(prefix="sre-bench-") as name:
        folder = Path(name)
        base = processor_s(folder, trivial, given)
        figures = {
            label: (processor_s(folder, rules, given) - base) / (MINUTES + 1)
            for label, rules in (("ours", ours), ("sloth's shape, two objectives", sloth()))
        }
    print(f"one evaluation over {len(given)} series, processor time ({MINUTES} min of history)")
    for label, seconds in figures.items():
        rules = ours if label == "ours" else sloth()
        count = sum(len(group["rules"]) for group in rules["groups"])
        print(f"  {label:32} {count:3} rules  {seconds * 1000:7.1f} ms")
    started = time.perf_counter()
    files = generated()
    print(f"building {len(files)} files: {(time.perf_counter() - started) * 1000:.0f} ms")


if __name__ == "__main__":
    main()
