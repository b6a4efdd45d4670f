"""Documents of an earlier release, in a database on which the service of today is started."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import pytest
from bson import json_util
from pymongo import MongoClient

from tests.compat.frozen import RELEASES
from tests.support.service_process import RunningService, running_service

BERLIN: Final = "Europe/Berlin"
YEAR: Final = {"from": "2026-01-01", "to": "2026-12-31", "timezone": BERLIN, "limit": "500"}
ADMIN: Final = "a-key-for-the-tests-of-old-data-0123456789"
FOREVER_S: Final = 2_000_000_000
AWARE: Final = json_util.JSONOptions(tz_aware=True)
Document = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Old:
    """A service on the documents of a release, and what that release answered."""

    service: RunningService
    documents: dict[str, list[Document]]
    answers: dict[str, Any]
    url: str

    def ask(self, method: str, path: str, owner: str, **options: Any) -> Any:
        """Return the answer to the key that the release gave an owner."""
        key = ADMIN if owner == "admin" else self.answers["secrets"][owner]
        headers = {"Authorization": f"Bearer {key}", **options.pop("headers", {})}
        return self.service.ask(method, path, headers=headers, **options)

    def stored(self, event: str) -> Document:
        """Return the document of an event as it is now."""
        with MongoClient[Document](self.url, tz_aware=True) as client:
            found = client.get_default_database()["events"].find_one({"_id": event})
        assert found is not None
        return found


def documents_of(release: Path) -> dict[str, list[Document]]:
    return {
        path.stem: [
            json_util.loads(line, json_options=AWARE)
            for line in path.read_text("utf-8").splitlines()
        ]
        for path in sorted((release / "mongodb").glob("*.jsonl"))
    }


@pytest.fixture(params=RELEASES, ids=lambda release: release.name)
def old(request: pytest.FixtureRequest, mongodb_url: str) -> Iterator[Old]:
    release: Path = request.param
    documents = documents_of(release)
    with MongoClient[Document](mongodb_url) as client:
        for name, rows in documents.items():
            client.get_default_database()[name].insert_many(rows)
    answers = json.loads((release / "answers-of-service.json").read_text(encoding="utf-8"))
    with running_service(
        mongodb_url, auth="on", admin_key=ADMIN, idempotency_ttl_s=FOREVER_S
    ) as service:
        service.wait_until_ready()
        yield Old(service, documents, answers, mongodb_url)


def test_the_service_of_today_reads_edits_and_writes_back_whole_what_it_finds(old: Old) -> None:
    # The mode that was chosen then, and what operators list.
    assert old.ask("GET", "/admin/mode", "admin").json() == old.answers["mode"]
    assert old.ask("GET", "/admin/keys", "admin").json()["keys"] == old.answers["keys"]
    assert old.ask("GET", "/feedback", "admin").json() == old.answers["feedback"]
    assert old.ask("GET", "/review", "admin").json() == old.answers["waiting"]
    done = old.ask("GET", "/review", "admin", params={"status": "done"}).json()
    assert done == old.answers["done"]
    assert old.ask("GET", "/events", "gone").status_code == 401

    for owner, events in old.answers["events"].items():
        listed = old.ask("GET", "/events", owner, params={"limit": 1000}).json()["events"]
        assert listed == events
        exported = old.ask("GET", "/calendar.ics", owner).text
        before = old.answers["calendar.ics"][owner]
        assert exported.count("BEGIN:VEVENT") == before.count("BEGIN:VEVENT") > 0
        once = old.answers["once"][owner]
        again = old.ask(
            "POST", once["path"], owner, json=once["body"], headers={"Idempotency-Key": once["key"]}
        )
        assert again.status_code == 201
        assert (again.json().get("event") or again.json())["id"] in {e["id"] for e in events}
        for event in events:
            _is_kept_through_an_edit(old, owner, event)
        assert len(old.ask("GET", "/events", owner, params={"limit": 1000}).json()["events"]) == (
            len(events)
        )


def _is_kept_through_an_edit(old: Old, owner: str, event: dict[str, Any]) -> None:
    path = f"/events/{event['id']}"
    found = old.ask("GET", path, owner)
    assert found.json() == event
    times = old.ask("GET", f"{path}/occurrences", owner, params=YEAR).json()["occurrences"]
    assert times == old.answers["occurrences"][event["id"]]
    before = old.stored(event["id"])
    edit = {"description": f"{event['description']} read by a later release"}
    changed = old.ask("PATCH", path, owner, json=edit, headers={"If-Match": found.headers["ETag"]})
    assert changed.status_code == 200, changed.text
    after = old.stored(event["id"])
    differing = {name for name in before if before[name] != after[name]}
    assert differing == {"description", "version", "updated_at"}


def test_what_a_later_release_added_is_never_lost_and_what_it_changed_is_told(old: Old) -> None:
    base = next(row for row in old.documents["events"] if row["changes"])
    later = {
        **base,
        "schema": 99,
        "colour": {"of": "the wall"},
        "_id": "a" * 32,
        "uid": "later",
        "owner": "ana",
    }
    beyond = {**later, "_id": "b" * 32, "uid": "beyond", "start": {"day": 1}, "owner": "ben"}
    with MongoClient[Document](old.url) as client:
        client.get_default_database()["events"].insert_many([later, beyond])
    answer = old.ask("PATCH", f"/events/{later['_id']}", "ana", json={"title": "Edited"})
    assert answer.status_code == 200, answer.text
    kept = old.stored(later["_id"])
    assert (kept["title"], kept["schema"], kept["colour"]) == ("Edited", 99, {"of": "the wall"})

    refused = old.ask("PATCH", f"/events/{beyond['_id']}", "ben", json={"title": "Edited"})
    assert (refused.status_code, refused.json()["code"]) == (503, "newer_event")
    assert "schema 99" in refused.json()["detail"]
    assert old.stored(beyond["_id"])["start"] == {"day": 1}
    listed = old.ask("GET", "/events", "ben", params={"limit": 1000})
    assert (listed.status_code, listed.json()["code"]) == (503, "newer_event")
