"""What a service with default settings, no database and no keys says of itself and of sentences."""

import socket
from collections.abc import Iterator

import pytest

from kit.edge.target import Access
from ops.in_process import InProcessParser
from synthetic.edge.golden.over_http import explained_over_http
from tests.support.golden_cases import shipped_cases
from tests.support.service_process import RunningService, running_service
from tests.support.waiting import wait_for


@pytest.fixture(scope="module")
def service() -> Iterator[RunningService]:
    with running_service() as running:
        yield running


def test_where_no_key_is_asked_for_the_document_says_so(service: RunningService) -> None:
    document = service.ask("GET", "/openapi.json").json()
    operations = [one for path in document["paths"].values() for one in path.values()]
    assert operations
    assert not [one["summary"] for one in operations if "security" in one]
    assert "securitySchemes" not in document["components"]


def test_an_answer_is_explained_on_request_and_only_then(service: RunningService) -> None:
    text = "lunch with Ana next friday at 1pm"
    asked = {"text": text, "now": "2026-03-02T09:00:00"}
    plain = service.ask("POST", "/parse", json=asked).json()
    assert "explanation" not in plain
    explained = service.ask("POST", "/parse", json=asked | {"explain": True}).json()
    evidence = explained.pop("explanation")["evidence"]
    assert explained == plain | {"source": "cache"}
    assert [text[one["start"] : one["end"]] for one in evidence] == [
        one["words"] for one in evidence
    ]
    assert {"next friday", "1pm"} <= {one["words"] for one in evidence}
    assert all(one["rule"] for one in evidence)
    assert "explanation" not in service.ask("POST", "/parse", json=asked).json()


def test_over_http_a_sentence_is_explained_as_it_is_in_process(service: RunningService) -> None:
    cases = shipped_cases()[::60]
    with explained_over_http(service.url, access=Access()) as explain:
        told = [explain(case) for case in cases]
    with InProcessParser().explaining() as explain:
        assert told == [explain(case) for case in cases]
    assert any(told)


def in_progress(service: RunningService) -> float:
    text = service.ask("GET", "/metrics").text
    return float(text.split("\nhttp_requests_in_progress ")[1].split()[0])


def test_requests_that_run_are_counted_until_they_end(service: RunningService) -> None:
    head = b"POST /parse HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    waiting = [socket.create_connection(("127.0.0.1", service.port)) for _ in range(5)]
    for one in waiting:
        one.sendall(head + b"content-length: 20\r\n\r\n{")
    wait_for(lambda: in_progress(service) >= 5, what="five that run", within_s=2)
    for one in waiting:
        one.close()
    wait_for(lambda: in_progress(service) <= 1, what="none but the one that asks", within_s=5)


def test_head_answers_as_get_does_without_the_body_wherever_there_is_a_get(
    service: RunningService,
) -> None:
    paths = [
        path.replace("{id}", "none")
        for path, operations in service.client.get(f"{service.url}/openapi.json")
        .json()["paths"]
        .items()
        if "get" in operations and path.count("{") == path.count("{id}")
    ]
    assert "/healthz" in paths
    assert len(paths) > 10
    for path in paths:
        asked = f"{service.url}{path}"
        got, head = service.client.get(asked), service.client.head(asked)
        assert (head.status_code, head.content) == (got.status_code, b""), path
        assert head.headers["content-type"] == got.headers["content-type"], path
    refused = service.client.head(f"{service.url}/parse")
    assert (refused.status_code, refused.headers["allow"]) == (405, "POST")
    events = service.client.request("PATCH", f"{service.url}/events")
    assert events.headers["allow"] == "GET, HEAD, POST"
