"""A key that is revoked, changed or removed opens nothing more in any worker, whoever did it."""

import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import Any

import pytest
from pymongo import MongoClient

from tests.support.container import Server
from tests.support.databases import (
    fresh_mongodb_database,
    fresh_redis_database,
    mongodb_address,
)
from tests.support.sampling import quick
from tests.support.service_process import RunningService, running_service
from tests.support.waiting import wait_for

ADMIN_KEY = "the-key-of-the-first-hour"
ADMIN = {"Authorization": f"Bearer {ADMIN_KEY}"}
SENTENCE = {"text": "lunch tomorrow at 1pm", "now": "2026-03-02T09:00:00"}
WITHIN_S = 60
"""One second is promised to a machine that keeps up; a key would be remembered for 600."""
PATIENT: dict[str, Any] = {
    "mongodb_timeout_s": 20,
    "request_deadline_s": 60,
    "dependency_check_interval_s": 20,
}
SETTINGS: dict[str, Any] = {
    "auth": "on",
    "admin_key": ADMIN_KEY,
    "failed_login_limit": 100_000,
    "key_memory_s": 600,
}


class Kept:
    """A service whose workers remember keys for long, and the keys as MongoDB has them."""

    def __init__(self, service: RunningService, keys: Any) -> None:
        self.service, self.keys = service, keys

    def make(self, *scopes: str) -> dict[str, str]:
        """Make a key that every worker has checked; return its headers."""
        body = {"owner": "ann", "scopes": list(scopes) or ["calendar"]}
        made = self.service.ask("POST", "/admin/keys", json=body, headers=ADMIN).json()
        headers = {"X-API-Key": made["key"], "key-id": made["id"], "Connection": "close"}
        assert self.statuses(headers) == {200}
        return headers

    def statuses(self, headers: dict[str, str], path: str = "/events") -> set[int]:
        """Return what all workers answer: without a new connection each time one would."""
        return {self.service.ask("GET", path, headers=headers).status_code for _ in range(8)}


@pytest.fixture(scope="module", params=["with Redis", "without Redis"])
def kept(request: Any, mongodb_server: Server, redis_server: Server) -> Iterator[Kept]:
    with ExitStack() as stack:
        settings = SETTINGS | PATIENT
        if request.param == "with Redis":
            settings["redis_url"] = stack.enter_context(fresh_redis_database(redis_server))
        url = stack.enter_context(fresh_mongodb_database(mongodb_server))
        client = stack.enter_context(MongoClient[dict[str, Any]](url))
        service = stack.enter_context(running_service(url, workers=2, **settings))
        service.wait_until_ready()
        yield Kept(service, client.get_default_database()["api_keys"])


Harm = Callable[[Kept, str], Any]
HARMS: dict[str, Harm] = {
    "revoked": lambda kept, key: kept.service.ask("DELETE", f"/admin/keys/{key}", headers=ADMIN),
    "revoked by hand": lambda kept, key: kept.keys.update_one(
        {"_id": key}, {"$set": {"revoked_at": datetime.now(UTC)}}
    ),
    "removed": lambda kept, key: kept.keys.delete_one({"_id": key}),
    "expired": lambda kept, key: kept.keys.update_one(
        {"_id": key}, {"$set": {"expires_at": datetime(2026, 1, 1, tzinfo=UTC)}}
    ),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_key_that_is_no_more_opens_nothing_in_any_worker(kept: Kept, harm: str) -> None:
    key = kept.make()
    HARMS[harm](kept, key["key-id"])
    wait_for(lambda: kept.statuses(key) == {401}, what="refused by all", within_s=WITHIN_S)


def test_a_key_opens_what_its_scopes_are_now(kept: Kept) -> None:
    key = kept.make("calendar", "admin")
    assert kept.statuses(key, "/admin/mode") == {200}
    kept.keys.update_one({"_id": key["key-id"]}, {"$set": {"scopes": ["calendar"]}})
    wait_for(
        lambda: kept.statuses(key, "/admin/mode") == {403}, what="refused by all", within_s=WITHIN_S
    )
    assert kept.statuses(key) == {200}


def test_a_key_that_is_revoked_while_it_is_checked_is_not_remembered(kept: Kept) -> None:
    body = {"owner": "ann", "scopes": ["calendar"]}
    made = kept.service.ask("POST", "/admin/keys", json=body, headers=ADMIN).json()
    wrong = made["key"][:-8]
    with ThreadPoolExecutor(40) as pool:  # hashing takes its turn, behind all these
        for number in range(24):
            key = {"X-API-Key": f"{wrong}{number:08d}", "Connection": "close"}
            pool.submit(kept.service.ask, "GET", "/events", headers=key)
        right = {"X-API-Key": made["key"], "Connection": "close"}
        asked = [pool.submit(kept.service.ask, "GET", "/events", headers=right) for _ in range(6)]
        revoked = kept.service.ask("DELETE", f"/admin/keys/{made['id']}", headers=ADMIN)
        assert revoked.status_code == 204
        assert {answer.result().status_code for answer in asked} <= {200, 401}
    wait_for(lambda: kept.statuses(right) == {401}, what="refused by all", within_s=WITHIN_S)


def test_a_checked_key_opens_while_mongodb_is_away_for_a_moment(
    private_mongodb: Server, redis_url: str
) -> None:
    url = mongodb_address(private_mongodb, "calendar")
    with running_service(url, redis_url=redis_url, **SETTINGS) as service:
        service.wait_until_ready()
        kept = Kept(service, None)
        key = kept.make()
        private_mongodb.pause()
        wait_for(
            lambda: service.ask("GET", "/readyz").status_code == 503, what="away", within_s=WITHIN_S
        )
        answer = service.ask("POST", "/parse", json=SENTENCE, headers=key)
        assert answer.status_code == 200, answer.text
        private_mongodb.unpause()


AWAY: dict[str, Any] = {"known_keys_s": 12, "key_memory_s": 0.2, "failed_login_limit": 100_000}


def lost(kept: Kept, mongodb: Server) -> None:
    mongodb.pause()
    wait_for(
        lambda: kept.service.ask("GET", "/readyz").status_code == 503,
        what="away",
        within_s=WITHIN_S,
    )


def parsed(kept: Kept, key: dict[str, str]) -> int:
    """Return what `/parse` answers to a sentence that nobody has asked yet."""
    text = f"lunch tomorrow at 1pm with number {time.monotonic_ns()}"
    answer = kept.service.ask("POST", "/parse", json=SENTENCE | {"text": text}, headers=key)
    return answer.status_code


@pytest.mark.parametrize("redis", quick(["with Redis", "without Redis"], first=1))
def test_without_mongodb_sentences_are_read_for_known_keys_and_nothing_else_is_open(
    private_mongodb: Server, redis_url: str, redis: str
) -> None:
    url = mongodb_address(private_mongodb, "calendar")
    settings = SETTINGS | AWAY | {"redis_url": redis_url if redis == "with Redis" else ""}
    with running_service(url, **settings) as service:
        service.wait_until_ready()
        kept = Kept(service, None)
        known, operator = kept.make(), kept.make("admin", "calendar")
        body = {"owner": "eve", "scopes": ["calendar"]}
        never_used = service.ask("POST", "/admin/keys", json=body, headers=ADMIN).json()["key"]
        revoked = kept.make()
        assert service.ask("GET", "/health").json().get("known_keys") is None
        service.ask("DELETE", f"/admin/keys/{revoked['key-id']}", headers=ADMIN)
        lost(kept, private_mongodb)
        said = service.ask("GET", "/health").json()["known_keys"]
        assert said == {"open": ["POST /parse"], "checked_within_s": 12.0}
        assert parsed(kept, known) == 200
        assert parsed(kept, operator) == 200
        assert service.ask("GET", "/admin/mode", headers=operator).status_code == 503
        assert service.ask("GET", "/events", headers=known).status_code == 503
        assert parsed(kept, {"X-API-Key": never_used}) == 503
        assert parsed(kept, revoked) in {401, 503}
        wait_for(lambda: parsed(kept, known) == 503, what="forgotten", within_s=WITHIN_S)
        private_mongodb.unpause()
        wait_for(lambda: parsed(kept, known) == 200, what="known again", within_s=WITHIN_S)
        service.ask("DELETE", f"/admin/keys/{known['key-id']}", headers=ADMIN)
        wait_for(lambda: parsed(kept, known) == 401, what="revoked", within_s=WITHIN_S)
        lost(kept, private_mongodb)
        assert parsed(kept, known) in {401, 503}
        private_mongodb.unpause()


@pytest.mark.thorough
@pytest.mark.long
def test_a_known_key_is_answered_through_ten_minutes_without_mongodb(
    private_mongodb: Server, redis_url: str
) -> None:
    url = mongodb_address(private_mongodb, "calendar")
    with running_service(url, redis_url=redis_url, auth="on", admin_key=ADMIN_KEY) as service:
        service.wait_until_ready()
        kept = Kept(service, None)
        key = kept.make()
        lost(kept, private_mongodb)
        until = time.monotonic() + 600
        while time.monotonic() < until:
            assert parsed(kept, key) == 200, service.said()
            time.sleep(0.5)
        private_mongodb.unpause()
        wait_for(
            lambda: kept.statuses(key) == {200}, what="its calendar is open", within_s=WITHIN_S
        )
