"""Calendars over HTTP: lists, series, free time, files, sentences, and what people say of them."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.service_process import RunningService, running_service

BERLIN = "Europe/Berlin"
DAILY = {"title": "Standup", "start": "2026-03-27T09:00:00", "timezone": BERLIN,
         "end": "2026-03-27T09:30:00", "recurrence": "FREQ=DAILY;COUNT=6"}  # fmt: skip
WINDOW = {"from": "2026-03-01", "to": "2026-05-01", "timezone": BERLIN}


@pytest.fixture
def service(mongodb_url: str, redis_url: str) -> Iterator[RunningService]:
    settings: dict[str, Any] = {"manual_review": "true", "review_threshold": 1}
    with running_service(mongodb_url, redis_url=redis_url, **settings) as running:
        running.wait_until_ready()
        yield running


def create(service: RunningService, **fields: Any) -> dict[str, Any]:
    answer = service.ask("POST", "/events", json=fields)
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found


def starts(service: RunningService, event: str) -> list[str]:
    found = service.ask("GET", f"/events/{event}/occurrences", params=WINDOW).json()
    return [occurrence["start"] for occurrence in found["occurrences"]]


def test_pages_together_are_the_whole_list_in_order(service: RunningService) -> None:
    for day in (5, 3, 9, 1, 7):
        create(service, title=f"day {day}", start=f"2026-03-0{day}T09:00:00Z")
    create(service, title="all day", start="2026-03-04")
    titles: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = service.ask("GET", "/events", params={"limit": 2, "cursor": cursor}).json()
        titles += [event["title"] for event in page["events"]]
        cursor = page["next_cursor"]
    assert titles == ["day 1", "day 3", "all day", "day 5", "day 7", "day 9"]


def test_a_list_has_what_touches_its_range_in_the_zone_asked_for(service: RunningService) -> None:
    create(service, title="long", start="2026-02-01T00:00:00Z", end="2026-03-03T00:00:00Z")
    create(service, title="before", start="2026-03-01T09:00:00Z")
    create(service, title="day", start="2026-03-02")
    create(service, title="over", start="2026-03-01", recurrence="FREQ=DAILY;UNTIL=20260301")
    create(service, title="series", start="2026-01-05T09:00:00Z", recurrence="FREQ=WEEKLY")
    ask = {"from": "2026-03-02", "to": "2026-03-03", "timezone": "Pacific/Honolulu"}
    found = service.ask("GET", "/events", params=ask).json()["events"]
    assert {event["title"] for event in found} == {"long", "day"}
    ask["timezone"] = "UTC"
    found = service.ask("GET", "/events", params=ask).json()["events"]
    assert {event["title"] for event in found} == {"long", "day", "series"}


def test_one_occurrence_is_changed_and_one_left_out(service: RunningService) -> None:
    event = create(service, **DAILY)["id"]
    every = starts(service, event)
    assert every[2:4] == ["2026-03-29T09:00:00+02:00", "2026-03-30T09:00:00+02:00"]
    path = f"/events/{event}/occurrences"
    moved = {"start": "2026-03-30T15:00:00+02:00", "title": "Late"}
    assert service.ask("PATCH", f"{path}/{every[3]}", json=moved).status_code == 200
    assert service.ask("DELETE", f"{path}/{every[1]}").status_code == 204
    assert service.ask("DELETE", f"{path}/{every[1]}").status_code == 404
    wanted = [every[0], every[2], "2026-03-30T15:00:00+02:00", every[4], every[5]]
    assert starts(service, event) == wanted


def test_this_and_following_become_a_series_of_their_own(service: RunningService) -> None:
    event = create(service, **DAILY)["id"]
    every = starts(service, event)
    wish = {"span": "following", "start": "2026-03-30T11:00:00+02:00"}
    answer = service.ask("PATCH", f"/events/{event}/occurrences/{every[3]}", json=wish)
    rest = answer.json()["id"]
    assert rest != event
    assert starts(service, event) == every[:3]
    assert starts(service, rest) == [moment.replace("T09", "T11") for moment in every[3:]]
    stale = service.ask(
        "PATCH", f"/events/{event}/occurrences/{every[1]}", json=wish, headers={"If-Match": '"1"'}
    )
    assert stale.status_code == 412


def test_conflicts_busy_time_and_slots_agree(service: RunningService) -> None:
    event = create(service, **DAILY)["id"]
    other = {"title": "Call", "start": "2026-03-30T09:15:00", "timezone": BERLIN}
    refused = service.ask("POST", "/events", json=other | {"on_conflict": "reject"})
    assert (refused.status_code, refused.json()["code"]) == (409, "overlap")
    call = create(service, **other)
    create(service, title="Free", start="2026-03-30T09:00:00", timezone=BERLIN, busy=False)
    found = service.ask("GET", f"/events/{event}/conflicts", params=WINDOW).json()["conflicts"]
    assert [pair["other"]["event_id"] for pair in found] == [call["id"]]
    day = {"from": "2026-03-30", "to": "2026-03-31", "timezone": BERLIN}
    busy = service.ask("GET", "/freebusy", params=day).json()["busy"]
    assert busy == [{"start": "2026-03-30T09:00:00+02:00", "end": "2026-03-30T10:15:00+02:00"}]
    wish = day | {"minutes": 60, "count": 2, "step": 15}
    slots = service.ask("GET", "/slots", params=wish).json()["slots"]
    assert [slot["start"] for slot in slots] == [
        "2026-03-30T10:15:00+02:00", "2026-03-30T11:15:00+02:00",
    ]  # fmt: skip


def test_a_calendar_goes_out_and_comes_in_again(service: RunningService) -> None:
    event = create(service, **DAILY)
    every = starts(service, event["id"])
    path = f"/events/{event['id']}/occurrences/{every[2]}"
    service.ask("PATCH", path, json={"title": "Late"})
    text = service.ask("GET", "/calendar.ics").text
    headers = {"content-type": "text/calendar"}
    again = service.ask("POST", "/calendar.ics", content=text, headers=headers).json()
    assert again == {"created": 0, "updated": 1, "skipped": []}
    service.ask("DELETE", f"/events/{event['id']}")
    back = service.ask("POST", "/calendar.ics", content=text, headers=headers).json()
    assert back == {"created": 1, "updated": 0, "skipped": []}
    (made,) = service.ask("GET", "/events").json()["events"]
    assert (made["uid"], made["timezone"]) == (event["uid"], BERLIN)
    assert starts(service, made["id"]) == every


def test_a_sentence_becomes_an_event_once(service: RunningService) -> None:
    sentence = {"text": "lunch with Ann tomorrow at 1pm", "now": "2026-03-02T09:00:00"}
    headers = {"Idempotency-Key": "q"}
    first = service.ask("POST", "/events/quick", json=sentence, headers=headers)
    assert first.status_code == 201
    assert first.json()["event"]["start"] == "2026-03-03T13:00:00+00:00"
    again = service.ask("POST", "/events/quick", json=sentence, headers=headers)
    assert again.text == first.text
    nothing = service.ask("POST", "/events/quick", json={"text": "hello there"})
    assert (nothing.status_code, nothing.json()["code"]) == (422, "not_an_event")


@pytest.mark.parametrize(
    ("text", "instead"),
    [
        ("am I free on Friday afternoon?", "GET /events"),
        ("move lunch to Friday at 1", "PATCH /events/{id}"),
        ("cancel my meeting tomorrow at 3", "DELETE /events/{id}"),
    ],
)
def test_a_sentence_that_asks_for_something_else_makes_no_event(
    service: RunningService, text: str, instead: str
) -> None:
    before = len(service.ask("GET", "/events").json()["events"])
    refused = service.ask("POST", "/events/quick", json={"text": text})
    assert (refused.status_code, refused.json()["code"]) == (422, "not_an_event")
    assert instead in refused.json()["detail"]
    assert len(service.ask("GET", "/events").json()["events"]) == before


def test_what_people_say_is_counted_and_uncertain_decisions_wait(service: RunningService) -> None:
    sentence = {"text": "lunch tomorrow at 1pm", "now": "2026-03-02T09:00:00"}
    decision = service.ask("POST", "/parse", json=sentence).json()["decision_id"]
    said = {"decision_id": decision, "rating": 4, "correction": {"title": "Lunch"}}
    assert service.ask("POST", "/feedback", json=said).status_code == 201
    assert 'feedback_total{rating="4"} 1.0' in service.ask("GET", "/metrics").text
    waiting = service.ask("GET", "/review").json()["waiting"]
    assert [item["decision_id"] for item in waiting] == [decision]
    path = f"/review/{decision}"
    assert service.ask("POST", path, json={"verdict": "right"}).status_code == 200
    assert service.ask("POST", path, json={"verdict": "right"}).status_code == 404
    assert service.ask("GET", "/review").json()["waiting"] == []
    done = service.ask("GET", "/review", params={"status": "done"}).json()["done"]
    assert [(one["decision_id"], one["verdict"]) for one in done] == [(decision, "right")]
    since = {"status": "done", "since": done[0]["resolved_at"]}
    assert service.ask("GET", "/review", params=since).json()["done"] == []


def test_feedback_is_listed_with_the_sentence_that_came_with_it_or_was_reviewed(
    service: RunningService,
) -> None:
    sentence = {"text": "dentist on Friday at 8", "now": "2026-03-02T09:00:00", "timezone": "UTC"}
    decision = service.ask("POST", "/parse", json=sentence).json()["decision_id"]
    said = {"decision_id": decision, "rating": 2, "correction": {"title": "Dentist"}}
    assert service.ask("POST", "/feedback", json=said).status_code == 201
    told = {"decision_id": "0" * 32, "rating": 1, "sentence": sentence | {"text": "choir at 6"}}
    assert service.ask("POST", "/feedback", json=told).status_code == 201
    found = service.ask("GET", "/feedback").json()["feedback"]
    reviewed = next(one for one in found if one["decision_id"] == decision)
    assert reviewed["sentence"] == sentence
    assert reviewed["correction"] == {"title": "Dentist"}
    assert reviewed["event"]["start"].startswith("2026-03-06T08:00")
    brought = next(one for one in found if one["decision_id"] == "0" * 32)
    assert (brought["sentence"]["text"], brought["event"]) == ("choir at 6", None)
    since = {"since": max(one["updated_at"] for one in found)}
    assert service.ask("GET", "/feedback", params=since).json()["feedback"] == []


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"now": "0000000000"}, "invalid_time"),
        ({"now": "2026-03-02"}, "invalid_time"),
        ({"timezone": "Mars/Olympus"}, "invalid_timezone"),
    ],
)
def test_feedback_on_a_sentence_said_at_no_time_or_nowhere_is_refused(
    service: RunningService, wrong: dict[str, str], code: str
) -> None:
    sentence = {"text": "choir at 6", "now": "2026-03-02T09:00:00", "timezone": "UTC"} | wrong
    said = {"decision_id": "0" * 32, "rating": 1, "sentence": sentence}
    answer = service.ask("POST", "/feedback", json=said)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


def test_read_only_refuses_writes_with_the_reason_and_answers_reads(
    service: RunningService,
) -> None:
    event = create(service, title="x", start="2026-03-02")
    service.ask("PUT", "/admin/mode", json={"mode": "read_only", "reason": "restore"})
    refused = service.ask("DELETE", f"/events/{event['id']}")
    assert (refused.status_code, refused.json()["code"]) == (503, "read_only")
    assert "restore" in refused.json()["detail"]
    assert int(refused.headers["retry-after"]) > 0
    assert service.ask("GET", f"/events/{event['id']}").status_code == 200
    assert 'service_mode{mode="read_only"} 1.0' in service.ask("GET", "/metrics").text
    service.ask("DELETE", "/admin/mode")
    assert service.ask("DELETE", f"/events/{event['id']}").status_code == 204


def test_an_etag_says_whether_something_has_changed(service: RunningService) -> None:
    event = create(service, title="x", start="2026-03-02")
    path = f"/events/{event['id']}"
    tag = service.ask("GET", path).headers["etag"]
    assert service.ask("GET", path, headers={"If-None-Match": tag}).status_code == 304
    changed = service.ask("PUT", path, json={"title": "y", "start": "2026-03-02"})
    assert changed.headers["etag"] != tag
    assert service.ask("GET", path, headers={"If-None-Match": tag}).json()["title"] == "y"
    stale = service.ask("DELETE", path, headers={"If-Match": tag})
    assert stale.status_code == 412
    assert stale.headers["etag"] == changed.headers["etag"]
