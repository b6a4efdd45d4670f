"""All that is kept of a person can be given out and erased, and nothing is left anywhere."""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import bson
import pytest
import redis
from pymongo import MongoClient

from tests.support.container import Server
from tests.support.databases import fresh_mongodb_database, fresh_redis_database
from tests.support.service_process import RunningService, running_service
from tests.support.waiting import wait_for

ADMIN = {"Authorization": "Bearer the-key-of-the-first-hour"}
SECRET = "Zwetschgenkuchen"
OWNER, OTHER = "ann.of.green.gables", "bob"
FILE = f"""BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Example//Example//EN
BEGIN:VEVENT
UID:{SECRET}@example.org
DTSTAMP:20260301T120000Z
DTSTART:20260302T090000Z
DTEND:20260302T091500Z
SUMMARY:{SECRET} imported
X-NOTE:{SECRET} verbatim
END:VEVENT
END:VCALENDAR
"""


class Kept:
    """A running service, and every place where it keeps something."""

    def __init__(self, service: RunningService, mongodb: Any, cache: Any, logs: Path) -> None:
        self.service, self._mongodb, self._cache, self._logs = service, mongodb, cache, logs

    def key_for(self, owner: str) -> dict[str, str]:
        body = {"owner": owner, "scopes": ["calendar"], "label": f"of {owner}"}
        made = self.service.ask("POST", "/admin/keys", json=body, headers=ADMIN).json()
        return {"X-API-Key": made["key"]}

    def documents(self) -> bytes:
        names = self._mongodb.list_collection_names()
        return b"".join(bson.encode(one) for name in names for one in self._mongodb[name].find())

    def cached(self) -> bytes:
        keys = self._cache.keys("*")
        values = [self._cache.get(key) for key in keys if self._cache.type(key) == b"string"]
        return b"".join([*keys, *(value or b"" for value in values)])

    def logged(self) -> bytes:
        return b"".join(path.read_bytes() for path in sorted(self._logs.iterdir()))

    def said(self, *words: str) -> list[str]:
        """Return the places in which one of the words stands."""
        found = {
            "MongoDB": self.documents(),
            "Redis": self.cached(),
            "logs": self.logged(),
            "output": self.service.log.read_bytes(),
            "metrics": self.service.ask("GET", "/metrics", headers=ADMIN).content,
        }
        return [name for name, text in found.items() if any(w.encode() in text for w in words)]


@pytest.fixture
def kept(mongodb_server: Server, redis_server: Server, tmp_path: Path) -> Iterator[Kept]:
    with ExitStack() as stack:
        redis_url = stack.enter_context(fresh_redis_database(redis_server))
        url = stack.enter_context(fresh_mongodb_database(mongodb_server))
        mongodb = stack.enter_context(MongoClient[dict[str, Any]](url)).get_default_database()
        cache = stack.enter_context(redis.Redis.from_url(redis_url))
        service = stack.enter_context(
            running_service(
                url,
                redis_url=redis_url,
                auth="on",
                admin_key="the-key-of-the-first-hour",
                manual_review="true",
                review_threshold=1.0,
                log_dir=tmp_path,
            )
        )
        service.wait_until_ready()
        yield Kept(service, mongodb, cache, tmp_path)


def fill(service: RunningService, key: dict[str, str]) -> dict[str, Any]:
    """Use every route that keeps something; return what may be asked for later."""

    def ask(method: str, path: str, **more: Any) -> Any:
        answer = service.ask(method, path, headers=key | more.pop("headers", {}), **more)
        assert answer.status_code < 300, answer.text
        return answer

    event = {"title": f"{SECRET} at home", "start": "2026-03-02T09:00:00Z"}
    made = ask("POST", "/events", json=event, headers={"Idempotency-Key": "once"}).json()
    ask("GET", f"/events/{made['id']}")
    said = {"text": f"{SECRET} perhaps tomorrow", "now": "2026-03-02T09:00:00"}
    read = ask("POST", "/parse", json=said).json()
    ask("POST", "/events/quick", json=said | {"text": f"{SECRET} tomorrow at 1pm"})
    feedback = {"decision_id": read["decision_id"], "rating": 1, "comment": SECRET}
    ask("POST", "/feedback", json=feedback | {"correction": {"title": SECRET}})
    ask("POST", "/calendar.ics", content=FILE, headers={"Content-Type": "text/calendar"})
    address = ask("POST", "/subscriptions", json={}).json()["url"]
    return {"event": made["id"], "said": said, "address": address.removeprefix(service.url)}


def test_everything_is_given_out_and_then_nothing_is_left_but_other_peoples(kept: Kept) -> None:
    service = kept.service
    key, others = kept.key_for(OWNER), kept.key_for(OTHER)
    made, theirs = fill(service, key), fill(service, others)
    assert kept.said(OWNER, SECRET) == ["MongoDB", "Redis"]
    lines = service.ask("GET", "/account/data", headers=key).text.splitlines()
    given = [json.loads(line) for line in lines]
    counts = given[-1]["documents"]
    assert given[-1]["kind"] == "end"
    assert {kind for kind, count in counts.items() if count} >= {
        *("api_keys", "events", "feedback", "idempotency", "reviews", "subscriptions")
    }
    assert len(given) - 1 == sum(counts.values())
    texts = [json.dumps(one) for one in given]
    assert sum(SECRET in text for text in texts) >= 6
    assert not any(OTHER in text or "argon2" in text for text in texts)

    wrong = service.ask("DELETE", "/account/data", params={"owner": OTHER}, headers=key)
    assert (wrong.status_code, wrong.json()["code"]) == (422, "invalid_request")
    gone = service.ask("DELETE", "/account/data", params={"owner": OWNER}, headers=key).json()
    assert gone["documents"] == counts
    assert gone["complete"] is True
    assert kept.said(OWNER) == []
    assert service.ask("GET", made["address"]).status_code == 404
    refused = service.ask("GET", f"/events/{made['event']}", headers=key)
    assert refused.status_code == 401

    assert service.ask("GET", f"/events/{theirs['event']}", headers=others).status_code == 200
    assert service.ask("GET", theirs["address"]).status_code == 200
    again = service.ask("POST", "/parse", json=theirs["said"], headers=others).json()
    assert again["source"] == "cache"
    by_operator = service.ask("DELETE", "/admin/data", params={"owner": OTHER}, headers=ADMIN)
    assert by_operator.json()["documents"]["events"] == counts["events"]
    wait_for(lambda: kept.logged().count(b'"erased"') == 2, what="logged", within_s=5)
    assert kept.said(OTHER, SECRET) == []


def test_an_address_shows_nothing_once_it_is_revoked(kept: Kept) -> None:
    service, key = kept.service, kept.key_for(OWNER)
    address = fill(service, key)["address"]
    (listed,) = service.ask("GET", "/subscriptions", headers=key).json()["subscriptions"]
    others = kept.key_for(OTHER)
    path = f"/subscriptions/{listed['id']}"
    assert service.ask("DELETE", path, headers=others).status_code == 404
    assert service.ask("GET", address).status_code == 200
    assert service.ask("DELETE", path, headers=key).status_code == 204
    assert service.ask("GET", address).status_code == 404
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    wait_for(lambda: b"/subscribe/{token}.ics" in kept.logged(), what="logged", within_s=5)
    assert kept.said(token) == []


def test_later_feedback_without_a_correction_withdraws_it(kept: Kept) -> None:
    service, key = kept.service, kept.key_for(OWNER)
    said = {"decision_id": "0" * 32, "rating": 1, "correction": {"title": "Lunch"}}
    service.ask("POST", "/feedback", json=said, headers=key)
    service.ask("POST", "/feedback", json={"decision_id": "0" * 32, "rating": 5}, headers=key)
    (found,) = service.ask("GET", "/feedback", headers=ADMIN).json()["feedback"]
    assert (found["rating"], found["correction"]) == (5, None)


@pytest.mark.parametrize("text", ["\x00", "a\x00b"])
def test_a_search_that_mongodb_cannot_be_asked_is_refused(kept: Kept, text: str) -> None:
    answer = kept.service.ask("GET", "/events", params={"q": text}, headers=kept.key_for(OWNER))
    assert (answer.status_code, answer.json()["code"]) == (422, "invalid_request")
