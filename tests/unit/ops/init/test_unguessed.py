"""What `sre init` says that it could not guess, and the journey that it leaves to uncomment."""

import re
import tomllib
from typing import Any, Final

import pytest
import yaml

from kit.pure.fields import Field
from ops.init.exporters import recognise
from ops.init.families import families_of
from ops.init.guessing import Seen, guesses, uncounted
from ops.init.openapi import read_api
from ops.init.unguessed import unguessed
from ops.init.writes import write_journey
from synthetic.steps.reading import read_journey

BARE = """
# TYPE visits counter
visits{page="/x",verb="GET",answer_code="200"} 3
"""
WORDS = """
# TYPE rpc_calls_total counter
rpc_calls_total{op="buy",outcome="ok"} 3
rpc_calls_total{op="buy",outcome="payment_error"} 3
# TYPE rpc_ms histogram
rpc_ms_bucket{op="buy",le="100"} 3
rpc_ms_bucket{op="buy",le="400"} 3
rpc_ms_bucket{op="buy",le="2000"} 3
rpc_ms_bucket{op="buy",le="+Inf"} 3
rpc_ms_count{op="buy"} 3
rpc_ms_sum{op="buy"} 3
# TYPE db_query_duration_seconds histogram
db_query_duration_seconds_bucket{le="+Inf"} 3
db_query_duration_seconds_count 3
db_query_duration_seconds_sum 1
"""
NO_STATUS = """
# TYPE shop_requests_total counter
shop_requests_total{handler="/x"} 3
"""
API: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Shop"},
    "paths": {
        "/things": {
            "get": {"responses": {"200": {}}},
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {
                    "type": "object", "required": ["label", "tags"], "properties": {
                        "label": {"type": "string"},
                        "tags": {"type": "array", "items": {"type": "string"}}}}}}},
                "responses": {"201": {"content": {"application/json": {"schema": {
                    "properties": {"thing_id": {"type": "string"}}}}}}},
            },
        },
        "/things/{thing_id}": {
            "parameters": [{"name": "thing_id", "in": "path", "required": True,
                            "schema": {"type": "string"}}],
            "get": {"responses": {"200": {}}},
            "delete": {"responses": {"204": {}}},
        },
    },
}  # fmt: skip


def seen(metrics: str, api: dict[str, Any] | None = None) -> Seen:
    families = families_of(metrics, source="x")
    described = read_api(yaml.safe_dump(api), source="api") if api else None
    return Seen("http://x", families, recognise(families, source="x"), described)


def test_a_counter_is_called_as_prometheus_stores_it() -> None:
    found = {f"{one.table}.{one.key}": one.value for one in guesses(seen(BARE))}
    assert found["metrics.requests.counter"] == "visits"
    assert found["metrics.requests.status"] == "answer_code"


def test_words_tell_failures_and_a_name_tells_its_unit() -> None:
    found = {f"{one.table}.{one.key}": one.value for one in guesses(seen(WORDS))}
    assert found["metrics.requests.status"] == "outcome"
    assert "err" in str(found["metrics.requests.failed"])
    assert found["metrics.latency.histogram"] == "rpc_ms"
    assert found["metrics.latency.unit"] == "ms"


@pytest.mark.parametrize(
    ("metrics", "said"),
    [
        (NO_STATUS, "no label of shop_requests_total tells them"),
        (NO_STATUS, "no histogram times requests"),
        (WORDS, "rpc_ms is taken for the latency of requests, and not db_query_duration_seconds"),
        (BARE, "GET /things/{thing_id}, DELETE /things/{thing_id}"),
        (BARE, "POST /things"),
        (BARE, "a golden set"),
    ],
)
def test_what_was_not_guessed_is_said(metrics: str, said: str) -> None:
    assert any(said in line for line in unguessed(seen(metrics, API)))


def test_a_write_is_a_comment_that_is_a_journey_once_it_is_none() -> None:
    text = write_journey(read_api(yaml.safe_dump(API), source="api").routes)
    lines = text.strip().splitlines()
    assert all(line.startswith("#") for line in lines)
    table = "\n".join(line.removeprefix("# ") for line in lines[2:])
    (written,) = tomllib.loads(table)["journeys"]
    journey = read_journey(Field("x", "", written))
    create, look = journey.steps
    (clean,) = journey.clean
    assert (create.body, create.expect) == ({"label": "example", "tags": []}, (201,))
    assert create.save == (("made", "$.thing_id"),)
    assert (look.path, look.expect) == ("/things/{made}", (200,))
    assert (clean.method, clean.path, clean.expect) == ("DELETE", "/things/{made}", (204,))


@pytest.mark.parametrize("missing", ["delete", "post"])
def test_without_a_clean_up_no_write_is_proposed(missing: str) -> None:
    paths = {
        path: {verb: each for verb, each in operations.items() if verb != missing}
        for path, operations in API["paths"].items()
    }
    assert write_journey(read_api(yaml.safe_dump({**API, "paths": paths}), source="x").routes) == ""


LOCKERS: Final = """
# TYPE lockers_hits_total counter
lockers_hits_total{verb="GET",where="<none>",result_code="404",service="lockers-eu"} 1
lockers_hits_total{verb="GET",where="/metrics",result_code="200",service="lockers-eu"} 1
# TYPE lockers_requests_in_flight gauge
lockers_requests_in_flight 1
# TYPE process_files_open_files gauge
process_files_open_files 30
# TYPE process_files_max_files gauge
process_files_max_files 65535
"""


def test_one_value_that_stands_for_no_route_hides_no_label_of_routes() -> None:
    found = {f"{one.table}.{one.key}": one.value for one in guesses(seen(LOCKERS))}
    assert found["metrics.requests.route"] == "where"
    assert found["metrics.requests.status"] == "result_code"
    assert found["metrics.in_progress"] == "lockers_requests_in_flight"
    assert found["metrics.saturation.limit"] == "process_files_max_files"


def test_words_and_numbers_side_by_side_both_tell_failures() -> None:
    mixed = LOCKERS.replace('result_code="404"', 'result_code="timeout"')
    found = {f"{one.table}.{one.key}": one.value for one in guesses(seen(mixed))}
    failed = re.compile(str(found["metrics.requests.failed"]))
    assert [bool(failed.fullmatch(one)) for one in ("503", "timeout", "200", "ok")] == [
        True, True, False, False,
    ]  # fmt: skip


def test_routes_that_are_names_are_known_for_probes_as_well() -> None:
    named = 'a_http_requests_total{handler="%s",code="200",method="get"} 1\n'
    text = "".join(named % one for one in ("metrics", "livez", "search"))
    assert uncounted(seen("# TYPE a_http_requests_total counter\n" + text)) == (
        "/metrics", "livez", "metrics",
    )  # fmt: skip


def test_a_route_that_is_asked_with_a_query_is_not_said_to_be_left_out() -> None:
    size = {"in": "query", "name": "volume", "required": True, "schema": {"type": "integer"}}
    api = {"openapi": "3.0.3", "paths": {"/size": {"get": {"parameters": [size]}}}}
    assert [line for line in unguessed(seen(LOCKERS, api)) if "/size" in line] == []
