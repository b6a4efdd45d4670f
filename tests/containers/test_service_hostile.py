"""What people and machines send by mistake or on purpose: refused quickly, with a stable code."""

import socket
from collections.abc import Iterator
from typing import Any

import psutil
import pytest

from tests.support.container import Server
from tests.support.databases import fresh_mongodb_database
from tests.support.service_process import RunningService, running_service
from tests.support.waiting import HANGS_S

JSON = {"content-type": "application/json"}
EVENT = {"title": "x", "start": "2026-03-02T09:00:00Z"}


MOST_CPU_S = 0.5
"""0.1 is wanted of a machine with nothing else to do; runaway work would take far longer."""


@pytest.fixture(scope="module")
def service(mongodb_server: Server) -> Iterator[RunningService]:
    with (
        fresh_mongodb_database(mongodb_server) as mongodb_url,
        running_service(mongodb_url, body_deadline_s=0.5, request_deadline_s=2) as running,
    ):
        running.wait_until_ready()
        yield running


def event_with(**fields: Any) -> dict[str, Any]:
    return {"json": EVENT | fields}


def raw(body: str | bytes) -> dict[str, Any]:
    return {"content": body, "headers": JSON}


@pytest.mark.parametrize(
    ("path", "options", "status", "code"),
    [
        ("/parse", {"json": {"text": "x" * 1_000_000}}, 413, "body_too_large"),
        ("/parse", {"json": {"text": "x" * 100_000}}, 422, "invalid_request"),
        ("/parse", {"json": {"text": ""}}, 422, "invalid_request"),
        ("/parse", {"json": {"text": "a", "now": "9999-12-31T23:59:59Z"}}, 422, "invalid_time"),
        ("/parse", {"json": {"text": "a", "timezone": "Nowhere/Land"}}, 422, "invalid_timezone"),
        ("/parse", raw('{"text": NaN}'), 422, "invalid_request"),
        ("/parse", raw('{"text": "a", "now": Infinity}'), 422, "invalid_request"),
        ("/parse", raw('{"text": "\\ud800"}'), 400, "invalid_json"),
        ("/parse", raw(b'{"text": "\xff"}'), 400, "invalid_json"),
        ("/parse", raw("[" * 100_000), 400, "invalid_json"),
        ("/parse", raw('{"text":' + '{"a":' * 5000 + "1" + "}" * 5001), 400, "invalid_json"),
        ("/parse", raw(""), 400, "invalid_json"),
        ("/parse", {"content": "text=a"}, 415, "unsupported_media_type"),
        ("/events", event_with(start="9999-12-31T23:59:59Z"), 422, "invalid_time"),
        ("/events", event_with(start="0001-01-01"), 422, "invalid_time"),
        ("/events", event_with(start="NaN-na-nan"), 422, "invalid_time"),
        ("/events", event_with(start=1e308), 422, "invalid_request"),
        ("/events", event_with(recurrence="FREQ=DAILY;COUNT=1000000000"), 422,
         "recurrence_too_long"),
        ("/events", event_with(recurrence="FREQ=SECONDLY"), 422, "recurrence_too_frequent"),
        ("/events", event_with(recurrence="FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30"), 422,
         "invalid_recurrence"),
        ("/events", event_with(recurrence="FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30"), 422,
         "invalid_recurrence"),
        ("/events", event_with(timezone="../../etc/passwd"), 422, "invalid_timezone"),
        ("/events", event_with(unknown=1), 422, "invalid_request"),
        ("/events", event_with(attendees=["a"] * 201), 422, "invalid_request"),
        ("/events", event_with(exdates=["2026-03-02T09:00:00Z"] * 1001), 422, "invalid_request"),
        ("/calendar.ics", {"content": "no", "headers": {"content-type": "text/calendar"}}, 422,
         "invalid_icalendar"),
        ("/events", {"json": EVENT, "headers": {"Idempotency-Key": "a b"}}, 422,
         "invalid_request"),
    ],
)  # fmt: skip
def test_what_cannot_be_done_is_refused_with_a_stable_code_and_little_work(
    service: RunningService, path: str, options: dict[str, Any], status: int, code: str
) -> None:
    service.ask("POST", path, **options)  # the first may load what the next does not need to
    before = cpu_seconds(service)
    answer = service.ask("POST", path, **options)
    used = cpu_seconds(service) - before
    assert (answer.status_code, answer.json()["code"]) == (status, code), answer.text[:300]
    assert answer.headers["content-type"] == "application/problem+json"
    assert used <= MOST_CPU_S


def cpu_seconds(service: RunningService) -> float:
    assert service.process is not None
    times = psutil.Process(service.process.pid).cpu_times()
    return times.user + times.system


@pytest.mark.parametrize(
    "text",
    [
        "🎉🎉 tomorrow at 3pm",
        "מחר בשעה 15:00",
        "\u202emorning\u202c",
        "👩‍👩‍👧‍👦",
        "\0",
        "\u0015",
        "   ",
    ],
)
def test_any_script_and_any_sign_is_read(service: RunningService, text: str) -> None:
    answer = service.ask("POST", "/parse", json={"text": text, "now": "2026-03-02T09:00:00"})
    assert answer.status_code == 200, answer.text
    made = service.ask("POST", "/events", json=EVENT | {"title": f"a{text}b"})
    assert made.status_code == 201
    found = service.ask("GET", made.headers["location"]).json()
    assert found["title"] == f"a{text}b"


def test_a_header_that_is_given_twice_is_refused(service: RunningService) -> None:
    headers = [*JSON.items(), ("Idempotency-Key", "a"), ("Idempotency-Key", "b")]
    answer = service.ask("POST", "/events", content="{}", headers=headers)
    assert answer.status_code in {400, 422}
    body = '{"title":"x","start":"2026-03-02"}'
    answer = service.ask("POST", "/events", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (400, "duplicate_header")


def test_a_slow_body_is_given_up(service: RunningService) -> None:
    with socket.create_connection(("127.0.0.1", service.port), timeout=HANGS_S) as connection:
        head = "POST /parse HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
        connection.sendall(f"{head}content-length: 100\r\n\r\n{{".encode())
        answer = b""  # while the other 99 bytes have not come
        while b"body_timeout" not in answer and (more := connection.recv(4096)):
            answer += more
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"body_timeout" in answer


def test_a_body_without_a_length_is_cut_off_at_the_limit(service: RunningService) -> None:
    def endless() -> Iterator[bytes]:
        for _ in range(100):
            yield b" " * 10_000

    answer = service.ask("POST", "/parse", content=endless(), headers=JSON)
    assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")


def test_memory_stays_where_it_is_under_large_bodies(service: RunningService) -> None:
    assert service.process is not None
    process = psutil.Process(service.process.pid)
    body = '{"text": "' + "x" * 200_000 + '"}'
    for _ in range(50):
        service.ask("POST", "/parse", **raw(body))
    before = process.memory_info().rss
    for _ in range(300):
        service.ask("POST", "/parse", **raw(body))
    assert process.memory_info().rss < before * 1.1


def test_nobody_can_search_with_a_pattern_of_their_own(service: RunningService) -> None:
    service.ask("POST", "/events", json=EVENT | {"title": "needle (in) a haystack"})
    found = service.ask("GET", "/events", params={"q": "(IN) a"}).json()["events"]
    assert [event["title"] for event in found] == ["needle (in) a haystack"]
    assert service.ask("GET", "/events", params={"q": "n.*k"}).json()["events"] == []
