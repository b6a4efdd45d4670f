"""The metrics of a running load test."""

import httpx2
import pytest
from prometheus_client import generate_latest

from kit.pure.errors import BadInputError, HarnessError, UnreachableError
from kit.pure.urls import Address
from synthetic.edge.load.metrics import RunMetrics, gateway_at, watched
from synthetic.load.progress import Progress, Tick
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


def _no_warning(warning: str) -> None:
    raise AssertionError(f"nothing to warn of, but: {warning}")


def test_they_are_served_while_the_run_goes_and_not_after() -> None:
    port = _free_port()
    seen: list[Progress] = []
    url = f"http://127.0.0.1:{port}/metrics"
    with watched(seen.append, port, None, "steady", _no_warning) as on_progress:
        on_progress(TICK)
        assert 'load_requests{profile="steady"} 40.0' in httpx2.get(url, trust_env=False).text
    assert seen == [TICK]
    with pytest.raises(httpx2.ConnectError):
        httpx2.get(url, trust_env=False)


def test_a_gateway_that_is_not_there_is_reported_and_ends_nothing() -> None:
    shown: list[str] = []
    with watched(
        lambda _event: None, None, Address("http://127.0.0.1:9"), "steady", shown.append
    ) as take:
        take(TICK)
    (warning,) = shown
    assert "not pushed to http://127.0.0.1:9" in warning


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("", BadInputError),
        ("ftp://127.0.0.1", BadInputError),
        ("http://x:99999", BadInputError),
        ("no-such-host.invalid", UnreachableError),
    ],
)
def test_what_is_no_gateway_is_refused_before_the_run(text: str, kind: type[HarnessError]) -> None:
    with pytest.raises(kind) as caught:
        gateway_at(text)
    assert "--push-to http://" in caught.value.hint


def test_a_gateway_is_given_as_a_url_or_as_host_and_port() -> None:
    assert gateway_at("127.0.0.1:9091").url == "http://127.0.0.1:9091"
    assert gateway_at("https://127.0.0.1/push/").url == "https://127.0.0.1/push"
