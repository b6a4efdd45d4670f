"""No worker answers with what is no longer true, whatever became of the one who changed it."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from pymongo import MongoClient

from tests.support.container import Server
from tests.support.databases import fresh_mongodb_database, fresh_redis_database
from tests.support.proxy import Proxy, proxy_of
from tests.support.sampling import quick
from tests.support.service_process import RunningService, running_service
from tests.support.waiting import wait_for

EVENT = {"title": "Choir", "start": "2026-05-04T19:00:00Z", "recurrence": "FREQ=WEEKLY;COUNT=4"}
SECOND = "2026-05-11T19:00:00Z"
PATIENT: dict[str, Any] = {"mongodb_timeout_s": 3, "request_deadline_s": 20}
LATE_S = 60
"""Far more than it takes; a cache would keep what is old for 300."""


class Pair:
    """Two instances of the service on one MongoDB and one Redis, the writer behind proxies."""

    def __init__(self, stack: ExitStack, mongodb: Server, redis: Server) -> None:
        self.mongodb_url = stack.enter_context(fresh_mongodb_database(mongodb))
        redis_url = stack.enter_context(fresh_redis_database(redis))
        self.to_mongodb: Proxy = stack.enter_context(proxy_of(mongodb))
        self.to_redis: Proxy = stack.enter_context(proxy_of(redis))
        self.writer: RunningService = stack.enter_context(
            running_service(
                self.mongodb_url.replace(f":{mongodb.port}/", f":{self.to_mongodb.port}/"),
                redis_url=redis_url.replace(f":{redis.port}/", f":{self.to_redis.port}/"),
                **PATIENT,
            )
        )
        self.reader: RunningService = stack.enter_context(
            running_service(self.mongodb_url, redis_url=redis_url, **PATIENT)
        )
        client = stack.enter_context(MongoClient[dict[str, Any]](self.mongodb_url))
        self.events = client.get_default_database()["events"]
        for one in (self.writer, self.reader):
            one.wait_until_ready()

    def both(self, path: str) -> list[Any]:
        """Return what both answer."""
        return [one.ask("GET", path) for one in (self.writer, self.reader)]

    def kept_event(self) -> str:
        """Return the path of an event that both have in their caches."""
        path = str(self.writer.ask("POST", "/events", json=EVENT).headers["location"])

        def has_hit(one: RunningService) -> bool:
            before = hits(one)
            one.ask("GET", path)
            return hits(one) > before

        for one in (self.writer, self.reader):
            wait_for(lambda one=one: has_hit(one), what="it is cached", within_s=LATE_S)  # type: ignore[misc]
        return path


def hits(service: RunningService) -> float:
    """Return how often the cache of the process had what was asked for."""
    told = service.ask("GET", "/metrics").text.partition('cache_hits_total{tier="memory"}')[2]
    return float(told.split()[0])


@pytest.fixture(scope="module")
def pair(mongodb_server: Server, redis_server: Server) -> Iterator[Pair]:
    with ExitStack() as stack:
        yield Pair(stack, mongodb_server, redis_server)


@pytest.fixture(autouse=True)
def whole(pair: Pair) -> Iterator[None]:
    """Mend what a test has broken."""
    yield
    pair.to_redis.mend()
    pair.writer.wait_until_ready()


Ask = Callable[[RunningService, str], Any]
WRITES: dict[str, tuple[Ask, Callable[[Any], bool]]] = {
    "patch": (
        lambda s, path: s.ask("PATCH", path, json={"title": "Band"}),
        lambda answer: answer.json().get("title") == "Band",
    ),
    "put": (
        lambda s, path: s.ask("PUT", path, json=EVENT | {"title": "Duo"}),
        lambda answer: answer.json().get("title") == "Duo",
    ),
    "delete": (
        lambda s, path: s.ask("DELETE", path),
        lambda answer: answer.status_code == 404,
    ),
    "delete an occurrence": (
        lambda s, path: s.ask("DELETE", f"{path}/occurrences/{SECOND}"),
        lambda answer: answer.headers.get("etag") == '"2"',
    ),
    "split": (
        lambda s, path: s.ask(
            "PATCH", f"{path}/occurrences/{SECOND}", json={"span": "following", "title": "Late"}
        ),
        lambda answer: answer.headers.get("etag") == '"2"',
    ),
}


@pytest.mark.parametrize("kind", quick(WRITES, first=2))
def test_a_write_that_is_applied_after_it_was_given_up_is_seen_by_all(
    pair: Pair, kind: str
) -> None:
    write, is_new = WRITES[kind]
    path = pair.kept_event()
    wanted = {"_id": path.rpartition("/")[2], "version": 1}
    with holding_the_write(pair, kind):
        answer = write(pair.writer, path)
        assert answer.status_code == 503, answer.text
        # Read in between: nobody may remember what is about to be replaced.
        for _ in range(3):
            assert pair.reader.ask("GET", path).headers["etag"] == '"1"'
        assert pair.events.count_documents(wanted) == 1
    wait_for(lambda: pair.events.count_documents(wanted) == 0, what="applied", within_s=LATE_S)
    wait_for(lambda: pair.writer.ask("GET", "/readyz").is_success, what="ready", within_s=LATE_S)
    assert all(is_new(answer) for answer in pair.both(path))


def holding_the_write(pair: Pair, kind: str) -> Any:
    """Let the writer's reads pass, and hold the command that makes its change."""
    word = {"delete": b"\x02delete\0", "split": b"commitTransaction\0"}.get(kind, b"\x02update\0")
    return pair.to_mongodb.holding(lambda data: word in data and b"silent_workers" not in data)


def test_a_worker_that_cannot_tell_is_not_believed_to_have_changed_nothing(pair: Pair) -> None:
    path = pair.kept_event()
    pair.to_redis.cut()
    for title in ("Solo", "Trio"):
        assert pair.writer.ask("PATCH", path, json={"title": title}).status_code == 200
        assert pair.reader.ask("GET", path).json()["title"] == title
        before = pair.reader.ask("GET", path).headers["etag"]
        assert pair.reader.ask("DELETE", path, headers={"If-Match": '"1"'}).status_code == 412
        assert before != '"1"'
    pair.to_redis.mend()
    assert pair.reader.ask("GET", path).json()["title"] == "Trio"
    pair.kept_event()  # and caches are used again


def test_a_deletion_by_a_worker_that_cannot_tell_is_seen_at_once(pair: Pair) -> None:
    path = pair.kept_event()
    pair.to_redis.cut()
    assert pair.writer.ask("DELETE", path).status_code == 204
    assert pair.reader.ask("GET", path).status_code == 404
