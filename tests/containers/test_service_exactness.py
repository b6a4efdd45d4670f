"""What was acknowledged is there, once: under concurrency, retries and kill -9."""

import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from functools import partial
from typing import Any

import httpx2
import pytest
from pymongo import MongoClient

from tests.support.service_process import RunningService, running_service
from tests.support.waiting import wait_for

EVENT = {"title": "Standup", "start": "2026-03-02T09:00:00Z"}


@pytest.fixture
def service(mongodb_url: str, redis_url: str) -> Iterator[RunningService]:
    with running_service(
        mongodb_url,
        redis_url=redis_url,
        workers=2,
        mongodb_timeout_s=10,  # these tests are about exactness, not about speed
        request_deadline_s=30,
    ) as running:
        running.wait_until_ready()
        yield running


@pytest.mark.thorough
def test_fifty_concurrent_updates_lose_none_that_was_acknowledged(service: RunningService) -> None:
    event = service.ask("POST", "/events", json=EVENT).json()["id"]
    path = f"/events/{event}"

    def add_attendee(number: int) -> None:
        for _ in range(500):
            found = service.ask("GET", path)
            if found.status_code == 503:  # a machine at its limit may refuse; it says so
                continue
            before = found.json()["attendees"]
            if f"guest {number}" in before:  # refused too late, when it had been done
                return
            names = [*before, f"guest {number}"]
            condition = {"If-Match": found.headers["etag"]}
            answer = service.ask("PATCH", path, json={"attendees": names}, headers=condition)
            if answer.status_code == 200:
                return
            assert answer.status_code in {412, 503}
        raise AssertionError(f"guest {number} never got in")

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(add_attendee, range(50)))
    after = service.ask("GET", f"/events/{event}").json()
    assert sorted(after["attendees"]) == sorted(f"guest {number}" for number in range(50))
    assert after["version"] == 51


def test_changes_without_a_condition_to_different_fields_are_all_kept(
    service: RunningService,
) -> None:
    event = service.ask("POST", "/events", json=EVENT).json()["id"]
    wishes: list[dict[str, Any]] = [
        {"title": "New"}, {"location": "Room 1"}, {"description": "Why"}, {"busy": False},
        {"attendees": ["Ann"]}, {"calendar": "work"},
    ]  # fmt: skip
    path = f"/events/{event}"
    with ThreadPoolExecutor(6) as pool:
        answers = list(pool.map(lambda wish: service.ask("PATCH", path, json=wish), wishes))
    assert {answer.status_code for answer in answers} == {200}
    after = service.ask("GET", f"/events/{event}").json()
    assert all(after[name] == value for wish in wishes for name, value in wish.items())


def test_fifty_simultaneous_retries_create_one_event_and_get_one_answer(
    service: RunningService,
) -> None:
    def create(_: int) -> tuple[int, str]:
        headers = {"Idempotency-Key": "the-same"}
        answer = service.ask("POST", "/events", json=EVENT, headers=headers)
        return answer.status_code, answer.text

    with ThreadPoolExecutor(50) as pool:
        answers = set(pool.map(create, range(50)))
    assert len(answers) == 1
    assert next(iter(answers))[0] == 201
    assert len(service.ask("GET", "/events").json()["events"]) == 1


def test_simultaneous_uses_of_a_key_that_has_expired_create_one_event(
    service: RunningService, mongodb_url: str
) -> None:
    def create(_: int) -> str:
        headers = {"Idempotency-Key": "again", "Connection": "close"}
        return service.ask("POST", "/events", json=EVENT, headers=headers).text

    with ThreadPoolExecutor(12) as pool, MongoClient[dict[str, Any]](mongodb_url) as client:
        kept = client.get_default_database()["idempotency"]
        for number in range(1, 4):
            assert len(set(pool.map(create, range(12)))) == 1
            assert len(service.ask("GET", "/events").json()["events"]) == number
            kept.update_many({}, {"$set": {"created_at": datetime(2026, 1, 1, tzinfo=UTC)}})


def test_a_key_used_for_another_body_is_refused(service: RunningService) -> None:
    headers = {"Idempotency-Key": "k"}
    service.ask("POST", "/events", json=EVENT, headers=headers)
    other = service.ask("POST", "/events", json=EVENT | {"title": "Other"}, headers=headers)
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_mismatch")


def test_an_empty_idempotency_key_is_refused_and_creates_nothing(service: RunningService) -> None:
    answer = service.ask("POST", "/events", json=EVENT, headers={"Idempotency-Key": ""})
    assert answer.status_code == 422
    assert service.ask("GET", "/events").json()["events"] == []


def test_a_retry_after_the_event_was_deleted_does_not_bring_it_back(
    service: RunningService,
) -> None:
    headers = {"Idempotency-Key": "k"}
    first = service.ask("POST", "/events", json=EVENT, headers=headers)
    service.ask("DELETE", first.headers["location"])
    assert service.ask("POST", "/events", json=EVENT, headers=headers).text == first.text
    assert service.ask("GET", first.headers["location"]).status_code == 404


def test_a_change_through_one_worker_is_seen_through_all(service: RunningService) -> None:
    event = service.ask("POST", "/events", json=EVENT).json()["id"]
    path = f"/events/{event}"

    def titles() -> set[str]:
        # Without a new connection each time the same worker would answer.
        answers = [service.ask("GET", path, headers={"Connection": "close"}) for _ in range(8)]
        return {answer.json()["title"] for answer in answers}

    def all_see(title: str) -> bool:
        return titles() == {title}

    for number in range(20):
        titles()  # now every worker has it in its cache
        wish = f"number {number}"
        service.ask("PATCH", path, json={"title": wish})
        wait_for(partial(all_see, wish), what="the change is seen", within_s=1)


def test_killed_in_the_middle_it_loses_and_doubles_nothing(mongodb_url: str) -> None:
    total, kill_after = 1000, 400
    acknowledged: dict[int, str] = {}
    with running_service(mongodb_url) as service:
        service.wait_until_ready()

        def write(number: int) -> None:
            headers = {"Idempotency-Key": f"write-{number}"}
            body = EVENT | {"title": f"event {number}"}
            for _ in range(600):
                try:
                    answer = service.ask("POST", "/events", json=body, headers=headers)
                except httpx2.TransportError:
                    time.sleep(0.05)
                    continue
                if answer.status_code == 201:
                    acknowledged[number] = answer.json()["id"]
                    return
                time.sleep(0.05)

        def kill_and_restart() -> None:
            wait_for(lambda: len(acknowledged) > kill_after, what="writes", within_s=60)
            service.kill()
            service.start()

        killer = threading.Thread(target=kill_and_restart)
        killer.start()
        with ThreadPoolExecutor(16) as pool:
            list(pool.map(write, range(total)))
        killer.join()
        found: dict[str, str] = {}
        pages: list[Any] = []

        def read_on(after: str) -> bool:
            """Read a page; a database that is slow on a busy machine is asked again."""
            answer = service.ask("GET", f"/events?limit=1000&cursor={after}")
            pages.append(answer.json())
            return answer.status_code == 200

        cursor: str | None = ""
        while cursor is not None:
            wait_for(partial(read_on, cursor), what="a page", within_s=60)
            page = pages[-1]
            found |= {event["id"]: event["title"] for event in page["events"]}
            cursor = page["next_cursor"]
    assert len(acknowledged) == total
    assert found == {event: f"event {number}" for number, event in acknowledged.items()}


def test_the_counts_of_all_workers_are_one_sum(service: RunningService) -> None:
    for _ in range(60):
        service.ask("GET", "/events/none", headers={"Connection": "close"})
    wanted = 'http_requests_total{method="GET",route="/events/{id}",status="404"} 60.0'
    for _ in range(5):
        assert wanted in service.ask("GET", "/metrics", headers={"Connection": "close"}).text
