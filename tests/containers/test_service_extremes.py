"""The ends of the calendar, in any zone and any field: an answer in words, never a fault."""

import base64
from collections.abc import Iterator
from itertools import chain
from typing import Any
from zoneinfo import available_timezones

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.support.container import Server
from tests.support.databases import fresh_mongodb_database
from tests.support.service_process import RunningService, running_service

ICS = {"content-type": "text/calendar"}
DATES = [
    "0000-01-01", "0001-01-01", "0001-01-02", "1582-10-15", "1899-12-31", "1900-01-01",
    "1900-01-02", "1970-01-01", "2026-03-02", "2199-12-30", "2199-12-31", "2200-01-01",
    "2202-12-31", "2203-01-01", "9999-12-30", "9999-12-31",
]  # fmt: skip
CLOCKS = ["00:00:00", "00:00:00.000001", "23:59:59", "23:59:59.999999", "12:30:00"]
OFFSETS = ["", "Z", "+14:00", "-12:00", "+23:59", "-23:59", "+00:01"]
MOMENTS = st.sampled_from(DATES) | st.builds(
    "{}T{}{}".format, st.sampled_from(DATES), st.sampled_from(CLOCKS), st.sampled_from(OFFSETS)
)
ZONES = st.sampled_from(
    ["UTC", "Pacific/Kiritimati", "Etc/GMT+12", "Pacific/Apia", *sorted(available_timezones())]
)
UNTILS = [
    "99991231T235959Z", "99991231", "99991231T235959", "00010101", "00010101T000000Z",
    "00010101T000000", "21991231T235959Z", "22000101T000000Z", "19000101", "00000101",
]  # fmt: skip
RULES = st.none() | st.builds(
    "FREQ={};{}".format,
    st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "YEARLY;INTERVAL=999999999",
                     "WEEKLY;INTERVAL=999999999", "DAILY;INTERVAL=999999999",
                     "SECONDLY;INTERVAL=999999999"]),
    st.sampled_from([*(f"UNTIL={until}" for until in UNTILS), "COUNT=10000", "COUNT=1", "WKST=SU"]),
)  # fmt: skip
WORDS = [
    "tomorrow", "in 300 years", "every day until 9999-12-31", "next year", "at 9999-12-31",
    "on 0001-01-01 at 5pm",
]  # fmt: skip
MANY = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


@pytest.fixture(scope="module")
def service(mongodb_server: Server) -> Iterator[RunningService]:
    with (
        fresh_mongodb_database(mongodb_server) as mongodb_url,
        running_service(mongodb_url, mongodb_timeout_s=10, request_deadline_s=30) as running,
    ):
        running.wait_until_ready()
        yield running


def asked(service: RunningService, method: str, path: str, **options: Any) -> Any:
    """Return an answer that is no fault."""
    answer = service.ask(method, path, **options)
    assert answer.status_code < 500, (method, path, options, answer.text)
    return answer


@MANY
@given(MOMENTS, st.none() | MOMENTS, ZONES, RULES, MOMENTS)
def test_an_event_anywhere_in_time_is_kept_and_changed_or_refused(
    service: RunningService, start: str, end: str | None, zone: str, rule: str | None, other: str
) -> None:
    body = {"title": "x", "start": start, "end": end, "timezone": zone, "recurrence": rule}
    made = asked(service, "POST", "/events", json=body)
    if made.status_code != 201:
        usual = {"title": "x", "start": "2026-03-02T09:00:00Z"}
        made = asked(service, "POST", "/events", json=usual)
    path = made.headers["location"]
    asked(service, "PUT", path, json=body)
    asked(service, "PATCH", path, json={"start": other})
    asked(service, "PATCH", path, json={"end": other})
    asked(service, "PATCH", path, json={"recurrence": rule})
    again = asked(service, "PATCH", path, json={"title": "the same but for this"})
    assert again.status_code == 200, (asked(service, "GET", path).text, again.text)
    for span in ("this", "following"):
        at = f"{path}/occurrences/{made.json()['start']}"
        asked(service, "PATCH", at, json={"span": span, "start": other, "end": end})
        asked(service, "DELETE", f"{path}/occurrences/{other}", params={"span": span})
    text = asked(service, "GET", "/calendar.ics").text
    assert asked(service, "POST", "/calendar.ics", content=text, headers=ICS).status_code == 200
    for event in asked(service, "GET", "/events", params={"limit": 1000}).json()["events"]:
        asked(service, "DELETE", f"/events/{event['id']}")


@MANY
@given(MOMENTS, MOMENTS, ZONES)
def test_a_window_anywhere_in_time_is_answered_or_refused(
    service: RunningService, start: str, end: str, zone: str
) -> None:
    made = asked(
        service, "POST", "/events",
        json={"title": "x", "start": "2199-12-30", "recurrence": "FREQ=DAILY;UNTIL=99991231"},
    )  # fmt: skip
    path = made.headers["location"]
    window = {"from": start, "to": end, "timezone": zone}
    for route, more in (
        ("/events", {}), (f"{path}/occurrences", {}), (f"{path}/conflicts", {}), ("/freebusy", {}),
        ("/slots", {"minutes": 1440, "buffer": 240, "zones": zone}),
    ):  # fmt: skip
        asked(service, "GET", route, params={**window, **more})
    asked(service, "GET", "/feedback", params={"since": start})
    asked(service, "GET", "/review", params={"since": end})
    asked(service, "DELETE", path)


@MANY
@given(MOMENTS, st.sampled_from(["", "2026-03-02", "1900-01-01", "2199-12-31"]))
def test_a_cursor_of_any_moment_is_answered_or_refused(
    service: RunningService, moment: str, start: str
) -> None:
    text = base64.urlsafe_b64encode(f"{moment} {'0' * 32}".encode()).decode().rstrip("=")
    window = {"from": start} if start else {}
    answer = asked(service, "GET", "/events", params={"cursor": text, **window})
    if moment[:4] in {"0000", "0001", "9999"}:
        assert (answer.status_code, answer.json()["code"]) == (422, "invalid_cursor")


@MANY
@given(MOMENTS, ZONES, st.sampled_from(WORDS))
def test_a_sentence_said_anywhere_in_time_is_read_or_refused(
    service: RunningService, now: str, zone: str, words: str
) -> None:
    body = {"text": f"lunch {words}", "now": now, "timezone": zone}
    asked(service, "POST", "/parse", json=body)
    asked(service, "POST", "/events/quick", json=body)
    asked(service, "POST", "/parse?explain=1", json=body)


def plain(moment: str) -> str:
    """Return a moment as iCalendar writes it."""
    return moment[:19].replace("-", "").replace(":", "")


@MANY
@given(MOMENTS, MOMENTS, ZONES, RULES, st.sampled_from(["PT1H", "P999999999D", "-P1D", "P105000W"]))
def test_a_file_with_times_anywhere_is_taken_or_refused_event_by_event(
    service: RunningService, start: str, other: str, zone: str, rule: str | None, length: str
) -> None:
    def lines(name: str, moment: str) -> str:
        kind = f";TZID={zone}" if "T" in moment else ";VALUE=DATE"
        return f"{name}{kind}:{plain(moment)}"

    bodies = [
        [lines("DTSTART", start), lines("DTEND", other)],
        [lines("DTSTART", start), f"DURATION:{length}"],
        [lines("DTSTART", start), lines("EXDATE", other)],
        [lines("DTSTART", start), *([f"RRULE:{rule}"] if rule else [])],
        ["DTSTART:20260302T090000Z", *([f"RRULE:{rule}"] if rule else [])],
    ]
    events = [["BEGIN:VEVENT", f"UID:{n}", *body, "END:VEVENT"] for n, body in enumerate(bodies)]
    change = ["BEGIN:VEVENT", "UID:3", lines("RECURRENCE-ID", other), lines("DTSTART", other),
              "END:VEVENT"]  # fmt: skip
    whole = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:x", *chain(*events), *change,
             "END:VCALENDAR", ""]  # fmt: skip
    answer = asked(service, "POST", "/calendar.ics", content="\r\n".join(whole), headers=ICS)
    found = answer.json()
    if answer.status_code == 200:
        taken = found["created"] + found["updated"] + len(found["skipped"])
        assert taken == len(bodies), found
    asked(service, "GET", "/calendar.ics")


@pytest.mark.parametrize("until", UNTILS[:3])
def test_for_ever_is_accepted_wherever_a_rule_is(service: RunningService, until: str) -> None:
    body = {"title": "x", "start": "2026-03-02T09:00:00", "timezone": "America/Los_Angeles"}
    rule = {"recurrence": f"FREQ=WEEKLY;UNTIL={until}"}
    made = asked(service, "POST", "/events", json=body | rule)
    assert made.status_code == 201, made.text
    path = made.headers["location"]
    assert asked(service, "PUT", path, json=body | rule).status_code == 200
    assert asked(service, "PATCH", path, json=rule).status_code == 200
    text = asked(service, "GET", "/calendar.ics").text
    kept = asked(service, "POST", "/calendar.ics", content=text, headers=ICS).json()
    assert kept["skipped"] == []
    window = {"from": "2198-01-01", "to": "2198-03-01"}
    found = asked(service, "GET", f"{path}/occurrences", params=window).json()["occurrences"]
    assert len(found) == 9  # the Mondays of those two months
