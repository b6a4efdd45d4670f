"""Traces against real servers: what a collector gets, what Prometheus keeps, what is blamed."""

import contextlib
import json
import re
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from opentelemetry.proto.trace.v1.trace_pb2 import Span, Status

from tests.support.container import Server
from tests.support.monitoring import ask, open_job, prometheus_spec
from tests.support.otlp_receiver import Receiver, attributes_of, receiver
from tests.support.proxy import Proxy
from tests.support.service_load import load
from tests.support.service_process import RunningService, plain_client, running_service
from tests.support.waiting import HANGS_S, wait_for
from tests.support.webhook import gateway_of

ALL: dict[str, Any] = {
    "traces_sample": 1, "traces_per_second": 100_000, "mongodb_timeout_s": 5,
}  # fmt: skip
EVENT = {"title": "Choir", "start": "2026-05-04T19:00:00Z"}
SENTENCE = {"text": "lunch tomorrow at 1pm", "now": "2026-03-02T09:00:00", "timezone": "UTC"}
_US_NS = 1000


@pytest.mark.parametrize(
    "number", [200, pytest.param(10_000, marks=[pytest.mark.thorough, pytest.mark.long])]
)
def test_parents_times_and_status_agree_with_the_request_log_over_two_workers(
    mongodb_url: str, redis_url: str, tmp_path: Path, number: int
) -> None:
    with (
        receiver() as collector,
        running_service(mongodb_url, redis_url=redis_url, workers=2, log_dir=tmp_path,
                        traces_url=collector.url, **ALL) as service,
    ):  # fmt: skip
        service.wait_until_ready()
        path = service.ask("POST", "/events", json=EVENT).headers["location"]
        asks = (
            lambda client: client.get(service.url + path),
            lambda client: client.get(f"{service.url}/events"),
            lambda client: client.post(f"{service.url}/parse", json=SENTENCE),
            lambda client: client.get(f"{service.url}/events/none"),
        )
        with load(*asks, threads=4) as made:
            wait_for(lambda: len(made.outcomes) >= number, what="enough requests", within_s=600)

        def both_answered() -> bool:
            """Ask over a connection of its own: the kernel may give all of a load to one worker."""
            with plain_client() as client:
                client.get(f"{service.url}/events")
            return len(instances_of(collector)) == 2

        wait_for(both_answered, what="both workers answer", within_s=HANGS_S)
        wait_for(
            lambda: requests_in(tmp_path).keys() == roots_of(collector).keys(),
            what="each request of the log came to the collector",
            within_s=120,
            told=lambda: f"{len(requests_in(tmp_path))} logged, {len(roots_of(collector))} came",
        )
        logged, roots = requests_in(tmp_path), roots_of(collector)
    assert len(logged) >= number
    assert logged.keys() == roots.keys()
    children = children_of(collector)
    for key, line in logged.items():
        agrees(line, roots[key])
        inside(roots[key], children)


def instances_of(collector: Receiver) -> set[str]:
    """Return the workers from which something came."""
    return {
        request.resource_spans[0].resource.attributes[2].value.string_value
        for request in tuple(collector.requests)
    }


def requests_in(folder: Path) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return the lines of requests, by the ids of trace and span."""
    lines = map(json.loads, (folder / "performance-metrics.log").read_text().splitlines())
    return {(line["trace_id"], line["span_id"]): line for line in lines}


def roots_of(collector: Receiver) -> dict[tuple[str, str], Span]:
    """Return the spans of whole requests, by the same."""
    return {
        (span.trace_id.hex(), span.span_id.hex()): span
        for span in collector.spans()
        if span.kind == Span.SPAN_KIND_SERVER
    }


def children_of(collector: Receiver) -> dict[bytes, list[Span]]:
    """Return the spans below each span, by its id."""
    found: dict[bytes, list[Span]] = {}
    for span in collector.spans():
        found.setdefault(span.parent_span_id, []).append(span)
    return found


def agrees(line: Mapping[str, Any], span: Span) -> None:
    """See that a line of the log and the span of a request say the same."""
    said = attributes_of(span)
    assert said["http.response.status_code"] == line["status"]
    assert said["http.request.method"] == line["method"]
    assert said.get("http.route", "unmatched") == line["route"]
    took_ms = (span.end_time_unix_nano - span.start_time_unix_nano) / 1e6
    assert took_ms == pytest.approx(line["duration_ms"], abs=0.01)
    assert (span.status.code == Status.STATUS_CODE_ERROR) == (line["status"] >= 500)


def inside(parent: Span, children: Mapping[bytes, list[Span]]) -> None:
    """See that all spans of a request lie inside their parents, in one trace."""
    for child in children.get(parent.span_id, ()):
        assert child.trace_id == parent.trace_id
        assert parent.start_time_unix_nano <= child.start_time_unix_nano
        assert child.end_time_unix_nano <= parent.end_time_unix_nano + _US_NS
        inside(child, children)


@pytest.mark.thorough
@pytest.mark.parametrize("trouble", ["hangs", "refuses", "rubbish", "nobody", "full disk"])
def test_no_request_is_lost_whatever_becomes_of_its_trace(
    trouble: str, mongodb_url: str, tmp_path: Path
) -> None:
    with receiver() as collector:
        collector.status = 503 if trouble == "refuses" else 200
        collector.answer = b"\xff\x00<html>" if trouble == "rubbish" else collector.answer
        if trouble == "hangs":
            collector.released.clear()
        url = "http://127.0.0.1:9/v1/traces" if trouble == "nobody" else collector.url
        if trouble == "full disk":
            url = ""
            (tmp_path / "traces.log").symlink_to("/dev/full")
        told = {**ALL, "traces_url": url} if url else ALL
        with running_service(mongodb_url, log_dir=tmp_path, **told) as service:
            service.wait_until_ready()

            def asked(client: Any) -> Any:
                given = [("traceparent", "00-zz-01"), ("traceparent", f"00-{7:032x}-{7:016x}-01")]
                return client.get(f"{service.url}/events", headers=given)

            with load(asked, threads=2) as made:
                wait_for(lambda: len(made.outcomes) >= 300, what="enough requests", within_s=120)
            assert {outcome.status for outcome in made.outcomes} == {200}
            if trouble == "full disk":
                wait_for(
                    lambda: dropped(service, "write") > 0, what="the loss is told", within_s=60
                )
            collector.released.set()
        logged = requests_in(tmp_path)
    assert len(logged) >= 300
    kept = tmp_path / "traces.log"
    if trouble in {"hangs", "refuses", "nobody"}:
        assert kept.read_text().count("\n") > 0
    else:
        assert trouble == "full disk" or not kept.exists()


def dropped(service: RunningService, reason: str) -> float:
    """Return how many traces were lost so, by the metrics."""
    found = re.findall(
        rf'^traces_dropped_total\{{.*reason="{reason}".*\}} (\S+)$',
        service.ask("GET", "/metrics").text, re.MULTILINE,
    )  # fmt: skip
    return sum(map(float, found))


@contextlib.contextmanager
def reachable(service: RunningService, gateway: str) -> Iterator[str]:
    """Give an address at which containers reach a service that listens on loopback."""
    with socket.create_server((gateway, 0)) as listener:
        target: Any = SimpleNamespace(host="127.0.0.1", port=service.port)
        proxy = Proxy(target, listener)
        thread = threading.Thread(target=proxy.serve, daemon=True)
        thread.start()
        try:
            yield f"{gateway}:{proxy.port}"
        finally:
            proxy.cut()
            listener.shutdown(socket.SHUT_RDWR)
            thread.join(5)


def test_a_prometheus_with_exemplar_storage_gives_back_the_traces_of_both_workers(
    start_private: Callable[..., Server], private_network: Any, tmp_path: Path
) -> None:
    with (
        running_service(workers=2, log_dir=tmp_path, **ALL) as service,
        reachable(service, gateway_of(private_network.name)) as address,
    ):
        spec = prometheus_spec({}, scrapes=[open_job("calendar-api", address)], interval="5s")
        spec = type(spec)(
            spec.role, spec.port, (*spec.command, "--enable-feature=exemplar-storage"),
            files=spec.files,
        )  # fmt: skip
        prometheus = start_private(spec)
        service.ask("GET", "/events")  # there is no MongoDB: it fails

        def traces(query: str) -> set[str]:
            found = ask(prometheus, f"/api/v1/query_exemplars?query={query}&start=0&end=9999999999")
            return {
                exemplar["labels"]["trace_id"]
                for series in found["data"]
                for exemplar in series["exemplars"]
            }

        failed = 'http_requests_total%7Bstatus="503"%7D'
        slow = "http_request_duration_seconds_bucket"
        for query in (failed, slow):
            wait_for(partial(traces, query), what=f"exemplars of {query}", within_s=120)
        known = {line["trace_id"]: line for line in requests_in(tmp_path).values()}
        assert {known[trace]["status"] for trace in traces(failed)} == {503}
        kept = (tmp_path / "traces.log").read_text()
        assert all(trace in kept for trace in traces(slow))
        up = ask(prometheus, "/api/v1/query?query=up")["data"]["result"]
        assert [series["value"][1] for series in up] == ["1"]
