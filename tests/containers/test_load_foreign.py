"""A load run on another team's service gives the verdicts that Prometheus gives."""

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import httpx2
import pytest
from docker.models.networks import Network

from sre.running import run
from tests.support.container import Server
from tests.support.monitoring import open_job, prometheus_spec
from tests.support.orders_service import PROJECT, orders_service
from tests.support.waiting import wait_for
from tests.support.webhook import gateway_of

pytestmark = pytest.mark.containers

PROFILE: Final = """
name: orders
description: orders and reports
stages: [{for_s: 12, per_s: 30}]
requests: [{path: "/orders?limit=5"}, {method: POST, path: /orders, body: {n: 1}}, {path: /reports}]
max_lag_p99_ms: 3000
rule: observed
"""
SLO: Final = """
apiVersion: openslo/v1
kind: SLO
metadata: {name: NAME, annotations: {ANNOTATIONS}}
spec:
  service: orders
  indicator: {metadata: {name: NAME}, spec: {ratioMetric: {RATIO}}}
  timeWindow: [{duration: 30d, isRolling: true}]
  budgetingMethod: Occurrences
  objectives: [{target: TARGET}]
"""
REQUESTS: Final = 'sum(rate(http_requests_total{job="orders"MORE}[{{.window}}]))'
TIMED: Final = "sum(rate(http_request_duration_seconds_%s[{{.window}}]))"
QUICK: Final = {
    name: (TIMED % f'count{{handler="{path}"}}', TIMED % f'bucket{{handler="{path}",le="0.3"}}')
    for name, path in (("quick-orders", "/orders"), ("quick-reports", "/reports"))
}
ACCURACY: Final = "avg(avg_over_time(orders_accuracy_ratio[{{.window}}]))"
FAILED: Final = REQUESTS.replace("MORE", ',code=~"5.."')
ALL: Final = REQUESTS.replace("MORE", "")


def metric(name: str, query: str) -> str:
    text = json.dumps(query)
    return f"{name}: {{metricSource: {{type: Prometheus, spec: {{query: {text}}}}}}}"


def slo(name: str, ratio: str, target: float, annotations: str = "") -> str:
    text = SLO.replace("NAME", name).replace("TARGET", str(target))
    return text.replace("ANNOTATIONS", annotations).replace("RATIO", ratio)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "sre.toml").write_text(PROJECT)
    for folder in ("slo", "load"):
        (tmp_path / folder).mkdir()
    (tmp_path / "load" / "orders.yaml").write_text(PROFILE)
    counted = f"counter: true, {metric('bad', FAILED)}, {metric('total', ALL)}"
    found = {
        name: slo(name, f"counter: true, {metric('good', good)}, {metric('total', total)}", 0.95)
        for name, (total, good) in QUICK.items()
    }
    found["failed"] = slo("failed", counted, 0.9)
    found["by-handler"] = slo("by-handler", counted, 0.9, "calendar-sre/split-by: handler")
    raw = f"counter: false, rawType: success, {metric('raw', ACCURACY)}"
    found["accuracy"] = slo("accuracy", raw, 0.85)
    for name, text in found.items():
        (tmp_path / "slo" / f"{name}.yaml").write_text(text)
    return tmp_path


def asked(prometheus: Server, query: str) -> dict[str, float]:
    """Return the value of a query by its handler, "" for the whole."""
    url = f"http://{prometheus.host}:{prometheus.port}/api/v1/query"
    content = httpx2.get(url, params={"query": query}).json()
    return {
        one["metric"].get("handler", ""): float(one["value"][1])
        for one in content["data"]["result"]
    }


@pytest.mark.thorough
def test_each_objective_gets_the_verdict_that_prometheus_gives_for_the_same_minutes(
    project: Path,
    private_network: Network,
    start_private: Callable[..., Server],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.delenv("SRE_RUNS_DIR", raising=False)
    with orders_service(gateway_of(private_network.name or "")) as orders:
        scrapes = [open_job("orders", orders.url.removeprefix("http://"))]
        spec = prometheus_spec({}, scrapes=scrapes)
        prometheus = start_private(spec, private_network, "prometheus")
        wait_for(
            lambda: asked(prometheus, 'up{job="orders"} == 1'), what="the first scrape", within_s=10
        )
        words = ["load", "run", "orders", "--project", str(project), "--target", orders.url]
        code = run([*words, "--junit", str(project / "r.xml"), "--json"])
        told: dict[str, Any] = json.loads(capsys.readouterr().out)
        sent = told["account"]["sent"]
        total = "sum(http_requests_total)"
        wait_for(
            lambda: asked(prometheus, total).get("") == sent, what="the last scrape", within_s=10
        )
        time.sleep(1.5)  # what the run ended with is scraped once more
    window = "10m"
    rows = {(row["objective"], row["part"]): row for row in told["rows"]}
    queries = {name: (of, f"{of} - {good}") for name, (of, good) in QUICK.items()}
    queries["failed"] = queries["by-handler"] = ALL, FAILED
    for name, (of, bad) in queries.items():
        share = asked(prometheus, f"({bad}) / ({of})".replace("{{.window}}", window))[""]
        same(rows[name, None], 1 - share, waits=name in QUICK)
    assert {name: rows[name, None]["verdict"] for name in queries} == {
        "quick-orders": "PASS", "quick-reports": "FAIL", "failed": "PASS", "by-handler": "PASS",
    }  # fmt: skip
    assert told["verdict"] == "FAIL"
    assert code == 1
    by = f"sum by (handler) ({FAILED[4:-1]}) / sum by (handler) ({ALL[4:-1]})"
    parts = asked(prometheus, by.replace("{{.window}}", window))
    assert parts["/reports"] == pytest.approx(0.2, abs=0.02)
    same(rows["by-handler", "GET /reports"], 1 - parts["/reports"])
    accuracy = rows["accuracy", None]
    assert accuracy["unmeasurable"] == "its query gives a ready-made share"
    assert accuracy["verdict"] == "NO DATA"
    assert "not measurable by a load run: its query" in (project / "r.xml").read_text()
    assert told["cross_check"]["differing"] == []
    assert told["cross_check"]["problem"] is None
    assert [path.stem for path in (project / "runs" / "load").iterdir()] == [told["id"]]


def same(row: dict[str, Any], good: float, *, waits: bool = False) -> None:
    """Say that a row has the share, and so the verdict, that Prometheus has.

    With `waits` the share is of latencies, and a client on a busy machine waits a little longer
    than the service knows.
    """
    measured = row["measured"]["value"]
    assert measured <= good + 1e-6 if waits else measured == pytest.approx(good, abs=1e-6)
    assert row["verdict"] == ("PASS" if good >= row["target"] else "FAIL")
