"""Which exporter's metrics are these, and which of them play which role?"""

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from prometheus_client import CollectorRegistry
from prometheus_fastapi_instrumentator import Instrumentator

from kit.pure.errors import BadInputError, HarnessError, NotEnoughDataError
from ops.init.exporters import METHOD, ROUTE, STATUS, recognise
from ops.init.families import MOST_SERIES, families_of

STARLETTE = """
# TYPE starlette_requests_total counter
starlette_requests_total{app_name="a",method="GET",path="/items",status_code="200"} 3
# TYPE starlette_request_duration_seconds histogram
starlette_request_duration_seconds_bucket{app_name="a",le="0.5",method="GET",path="/items",status_code="200"} 3
starlette_request_duration_seconds_bucket{app_name="a",le="+Inf",method="GET",path="/items",status_code="200"} 3
starlette_request_duration_seconds_count{app_name="a",method="GET",path="/items",status_code="200"} 3
starlette_request_duration_seconds_sum{app_name="a",method="GET",path="/items",status_code="200"} 1
# TYPE starlette_requests_in_progress gauge
starlette_requests_in_progress{app_name="a",method="GET"} 1
"""  # noqa: E501
OTEL = """
# TYPE http_server_request_duration_seconds histogram
http_server_request_duration_seconds_bucket{http_request_method="GET",http_response_status_code="200",http_route="/items",le="0.5"} 3
http_server_request_duration_seconds_bucket{http_request_method="GET",http_response_status_code="200",http_route="/items",le="+Inf"} 3
http_server_request_duration_seconds_count{http_request_method="GET",http_response_status_code="200",http_route="/items"} 3
http_server_request_duration_seconds_sum{http_request_method="GET",http_response_status_code="200",http_route="/items"} 1
# TYPE http_server_active_requests gauge
http_server_active_requests{http_request_method="GET"} 1
"""  # noqa: E501
OLD_OTEL = """
# TYPE http_server_duration_milliseconds histogram
http_server_duration_milliseconds_bucket{http_method="GET",http_status_code="200",http_target="/items",le="500"} 3
http_server_duration_milliseconds_bucket{http_method="GET",http_status_code="200",http_target="/items",le="+Inf"} 3
http_server_duration_milliseconds_count{http_method="GET",http_status_code="200",http_target="/items"} 3
http_server_duration_milliseconds_sum{http_method="GET",http_status_code="200",http_target="/items"} 900
"""  # noqa: E501
MICROMETER = """
# TYPE http_server_requests_seconds summary
http_server_requests_seconds_count{method="GET",outcome="SUCCESS",status="200",uri="/items"} 3.0
http_server_requests_seconds_sum{method="GET",outcome="SUCCESS",status="200",uri="/items"} 0.1
# TYPE http_server_requests_seconds_max gauge
http_server_requests_seconds_max{method="GET",outcome="SUCCESS",status="200",uri="/items"} 0.05
# TYPE jvm_threads_live_threads gauge
jvm_threads_live_threads 20.0
"""
MICROMETER_WITH_BUCKETS = """
# TYPE http_server_requests_seconds histogram
http_server_requests_seconds_bucket{method="GET",status="200",uri="/items",le="0.5"} 3.0
http_server_requests_seconds_bucket{method="GET",status="200",uri="/items",le="+Inf"} 3.0
http_server_requests_seconds_count{method="GET",status="200",uri="/items"} 3.0
http_server_requests_seconds_sum{method="GET",status="200",uri="/items"} 0.1
"""
PROMHTTP = """
# TYPE go_goroutines gauge
go_goroutines 8
# TYPE promhttp_metric_handler_requests_total counter
promhttp_metric_handler_requests_total{code="200"} 90
# TYPE promhttp_metric_handler_requests_in_flight gauge
promhttp_metric_handler_requests_in_flight 1
# TYPE api_requests_total counter
api_requests_total{code="200",method="get"} 3
# TYPE request_duration_seconds histogram
request_duration_seconds_bucket{handler="push",method="get",le="0.5"} 3
request_duration_seconds_bucket{handler="push",method="get",le="+Inf"} 3
request_duration_seconds_count{handler="push",method="get"} 3
request_duration_seconds_sum{handler="push",method="get"} 1
# TYPE in_flight_requests gauge
in_flight_requests 1
"""
OWN = """
# TYPE python_info gauge
python_info{implementation="CPython",version="3.11"} 1
# TYPE shop_http_requests_total counter
shop_http_requests_total{code="200",handler="/items",method="GET"} 3
# TYPE shop_http_request_seconds histogram
shop_http_request_seconds_bucket{handler="/items",le="0.5"} 3
shop_http_request_seconds_bucket{handler="/items",le="+Inf"} 3
shop_http_request_seconds_count{handler="/items"} 3
shop_http_request_seconds_sum{handler="/items"} 1
"""


GATE = """
# TYPE gate_calls counter
gate_calls_total{op="/tickets",kind="get",answer="200",zone="a"} 3
# TYPE gate_tickets_sold counter
gate_tickets_sold_total{hall="north"} 3
# TYPE gate_took_seconds histogram
gate_took_seconds_bucket{op="/tickets",le="0.5"} 3
gate_took_seconds_bucket{op="/tickets",le="+Inf"} 3
gate_took_seconds_count{op="/tickets"} 3
gate_took_seconds_sum{op="/tickets"} 1
"""


def instrumented() -> str:
    app, registry = FastAPI(), CollectorRegistry()

    @app.get("/items/{number}")
    def item(number: int) -> int:
        return number

    Instrumentator(registry=registry).instrument(app).expose(app)
    with TestClient(app) as client:
        client.get("/items/1")
        return client.get("/metrics").text


@pytest.mark.parametrize(
    ("text", "name", "counter", "labels", "latency", "running"),
    [
        (STARLETTE, "starlette-exporter", "starlette_requests_total",
         ("path", "method", "status_code"), "starlette_request_duration_seconds",
         "starlette_requests_in_progress"),
        (OTEL, "OpenTelemetry", "http_server_request_duration_seconds_count",
         ("http_route", "http_request_method", "http_response_status_code"),
         "http_server_request_duration_seconds", "http_server_active_requests"),
        (OLD_OTEL, "OpenTelemetry (before 1.23)", "http_server_duration_milliseconds_count",
         ("http_target", "http_method", "http_status_code"),
         "http_server_duration_milliseconds", None),
        (MICROMETER, "Micrometer", "http_server_requests_seconds_count",
         ("uri", "method", "status"), None, None),
        (MICROMETER_WITH_BUCKETS, "Micrometer", "http_server_requests_seconds_count",
         ("uri", "method", "status"), "http_server_requests_seconds", None),
        (PROMHTTP, "promhttp", "api_requests_total", (None, "method", "code"),
         "request_duration_seconds", "in_flight_requests"),
        (GATE, "names of its own", "gate_calls_total", ("op", "kind", "answer"),
         "gate_took_seconds", None),
        (OWN, "prometheus-client", "shop_http_requests_total", ("handler", "method", "code"),
         "shop_http_request_seconds", None),
    ],
)  # fmt: skip
def test_an_exporter_is_known_by_what_it_shows(
    text: str,
    name: str,
    counter: str,
    labels: tuple[str | None, ...],
    latency: str | None,
    running: str | None,
) -> None:
    found = recognise(families_of(text, source="here"), source="here")
    assert (found.exporter.name, found.counter) == (name, counter)
    assert tuple(part.label(found.requests) for part in (ROUTE, METHOD, STATUS)) == labels
    assert (found.latency.name if found.latency else None) == latency
    assert (found.in_progress.name if found.in_progress else None) == running


def test_the_real_instrumentator_of_fastapi_is_known() -> None:
    found = recognise(families_of(instrumented(), source="here"), source="here")
    assert found.exporter.name == "prometheus-fastapi-instrumentator"
    assert found.counter == "http_requests_total"
    assert found.requests.labels["handler"] == {"/items/{number}"}
    assert STATUS.label(found.requests) == "status"
    assert found.latency is not None
    assert found.latency.name == "http_request_duration_seconds"
    assert found.latency.edges == ("0.1", "0.5", "1.0")


def bombed(series: int) -> str:
    head = "# TYPE http_requests_total counter\n"
    lines = (f'http_requests_total{{path="/items/{n}",code="200"}} 1' for n in range(series))
    return head + "\n".join(lines) + "\n"


@pytest.mark.parametrize(
    ("text", "kind", "said", "next_step"),
    [
        ("<html>It works!</html>", BadInputError, "is no exposition of metrics", "--target"),
        ("", NotEnoughDataError, "shows no metric", "one request"),
        ("# TYPE http_requests counter\n", NotEnoughDataError,
         "http_requests_total has no series yet", "one request"),
        ("# TYPE widgets gauge\nwidgets 3\n", BadInputError,
         "none of its 1 metrics counts HTTP requests as a known exporter does: widgets", "by hand"),
        ('promhttp_metric_handler_requests_total{code="200"} 90\n', BadInputError,
         "none of its 1 metrics counts HTTP requests", "by hand"),
        (bombed(100_000), BadInputError,
         "shows 100,000 series, more than 20,000: http_requests_total 100,000", "bound the labels"),
    ],
)  # fmt: skip
def test_what_says_too_little_or_too_much_is_named_with_the_next_step(
    text: str, kind: type[HarnessError], said: str, next_step: str
) -> None:
    with pytest.raises(kind, match=said) as caught:
        recognise(families_of(text, source="http://here/metrics"), source="http://here/metrics")
    assert "http://here/metrics" in str(caught.value)
    assert next_step in caught.value.hint


def test_as_many_series_as_a_service_may_have_are_read() -> None:
    found = families_of(bombed(MOST_SERIES), source="here")
    assert len(found["http_requests_total"].labels["path"]) == MOST_SERIES
