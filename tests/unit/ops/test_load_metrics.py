"""The metrics of a running load test."""

import httpx2
import pytest
from prometheus_client import generate_latest

from ops.load_metrics import RunMetrics, watched
from slo.errors import UnreachableError
from synthetic.load.progress import Tick
from tests.support.service_process import _free_port

TICK = Tick(
    elapsed_s=1,
    duration_s=10,
    scheduled=100,
    finished=40,
    failed=2,
    dropped=0,
    rate_per_s=20,
    p95_ms=250,
    lag_p99_ms=None,
    budget_spent=0.5,
)


def test_a_tick_becomes_gauges_in_seconds_and_what_is_unknown_has_no_series() -> None:
    metrics = RunMetrics("steady")
    metrics.take(TICK)
    text = generate_latest(metrics.registry).decode()
    assert 'load_p95_seconds{profile="steady"} 0.25' in text
    assert 'load_failed_requests{profile="steady"} 2.0' in text
    assert 'load_budget_spent_ratio{profile="steady"} 0.5' in text
    assert "load_lag_p99_seconds{" not in text


def test_they_are_served_while_the_run_goes_and_not_after() -> None:
    port, seen = _free_port(), []
    url = f"http://127.0.0.1:{port}/metrics"
    with watched(seen.append, port, None, "steady") as on_progress:
        on_progress(TICK)
        assert 'load_requests{profile="steady"} 40.0' in httpx2.get(url, trust_env=False).text
    assert seen == [TICK]
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(url, trust_env=False)


def test_a_gateway_that_is_not_there_is_told() -> None:
    with (
        pytest.raises(UnreachableError, match=r"127\.0\.0\.1:9"),
        watched(lambda _event: None, None, "127.0.0.1:9", "steady") as on_progress,
    ):
        on_progress(TICK)
