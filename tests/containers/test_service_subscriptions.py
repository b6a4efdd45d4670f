"""A secret address of a calendar is read by what programs are made of: a cache and a parser."""

from collections.abc import Iterator
from datetime import UTC, date, datetime
from importlib import import_module
from typing import Any

import icalendar
import pytest
import recurring_ical_events

from tests.support.service_process import RunningService, running_service

# pip brings the HTTP client and its cache along; neither has types.
requests: Any = import_module("pip._vendor.requests")
cachecontrol: Any = import_module("pip._vendor.cachecontrol")
ADMIN_KEY = "the-key-of-the-first-hour"
JSON = {"start": "2026-03-02T09:00:00+01:00", "timezone": "Europe/Berlin"}


@pytest.fixture
def service(mongodb_url: str) -> Iterator[RunningService]:
    settings: dict[str, Any] = {"auth": "on", "admin_key": ADMIN_KEY}
    with running_service(mongodb_url, public_url="https://calendar.example/", **settings) as found:
        found.wait_until_ready()
        yield found


@pytest.fixture
def program() -> Iterator[Any]:
    """Return an HTTP client with a cache that keeps RFC 9111."""
    with requests.Session() as session:
        session.trust_env = False
        yield cachecontrol.CacheControl(session, cache_etags=True)


def answered(service: RunningService, status: int) -> int:
    """Return how often the address has been answered so."""
    metrics = service.ask("GET", "/metrics", headers={"X-API-Key": ADMIN_KEY}).text
    start = 'http_requests_total{method="GET",route="/subscribe/{token}.ics",'
    line = next(x for x in metrics.splitlines() if x.startswith(f'{start}status="{status}"'))
    return int(float(line.rsplit(" ", 1)[1]))


def subscribed(service: RunningService, calendar: str | None) -> str:
    """Return an address that shows a calendar of the operator's, where this service is."""
    body = {} if calendar is None else {"calendar": calendar}
    headers = {"X-API-Key": ADMIN_KEY}
    made = service.ask("POST", "/subscriptions", json=body, headers=headers).json()
    assert made["url"].startswith("https://calendar.example/subscribe/")
    assert made["webcal"] == made["url"].replace("https://", "webcal://")
    return str(made["url"]).replace("https://calendar.example", service.url)


def add(service: RunningService, **fields: object) -> str:
    made = service.ask(
        "POST", "/events", json=JSON | fields, headers={"X-API-Key": ADMIN_KEY}
    ).json()
    return f"/events/{made['id']}"


def titles(text: bytes, first: date, last: date) -> list[str]:
    """Return what a program would show from one day to another."""
    found = recurring_ical_events.of(icalendar.Calendar.from_ical(text)).between(first, last)
    return sorted(str(event["SUMMARY"]) for event in found)


def test_a_program_sees_one_calendar_as_it_is_and_loads_it_when_it_changes(
    service: RunningService, program: Any
) -> None:
    add(service, title="Standup", calendar="work", recurrence="FREQ=DAILY;COUNT=3")
    add(service, title="Dentist", calendar="home")
    work, everything = subscribed(service, "work"), subscribed(service, None)
    answer = program.get(work)
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert answer.headers["Cache-Control"] == "private, max-age=300"
    assert titles(answer.content, date(2026, 3, 1), date(2026, 3, 9)) == ["Standup"] * 3
    assert titles(program.get(everything).content, date(2026, 3, 1), date(2026, 3, 9)) == [
        *("Dentist", "Standup", "Standup", "Standup")
    ]
    again = program.get(work)  # within its time nobody is asked
    assert again.from_cache
    assert answered(service, 200) == 2

    asks = {"Cache-Control": "no-cache"}
    later = program.get(work, headers=asks)
    assert later.content == answer.content
    assert (answered(service, 200), answered(service, 304)) == (2, 1)
    add(
        service,
        title="Review",
        calendar="work",
        start=datetime(2026, 3, 4, 9, tzinfo=UTC).isoformat(),
    )
    later = program.get(work, headers=asks)
    assert later.headers["ETag"] != answer.headers["ETag"]
    assert "Review" in titles(later.content, date(2026, 3, 1), date(2026, 3, 9))


def test_an_address_only_shows_and_a_wrong_one_shows_nothing(
    service: RunningService, program: Any
) -> None:
    address = subscribed(service, None)
    assert {program.request(how, address).status_code for how in ("PUT", "POST", "DELETE")} == {405}
    assert program.get(address[:-5] + "x.ics").status_code == 404
    assert program.get(f"{service.url}/events", params={"token": address}).status_code == 401


def given(service: RunningService) -> dict[str, float]:
    """Return how many events were given out in each way, to whatever key."""
    metrics = service.ask("GET", "/metrics", headers={"X-API-Key": ADMIN_KEY}).text
    found = dict.fromkeys(("export", "list", "read"), 0.0)
    for line in metrics.splitlines():
        for way in found:
            if line.startswith("events_given_total{") and f'way="{way}"' in line:
                found[way] += float(line.rsplit(" ", 1)[1])
    return found


def test_what_a_key_is_given_is_counted_by_events_and_not_by_requests(
    service: RunningService,
) -> None:
    paths = [add(service, title=f"Event {number}") for number in range(3)]
    headers = {"X-API-Key": ADMIN_KEY}

    def ask(path: str, **more: str) -> None:
        assert service.ask("GET", path, headers=headers | more).status_code in {200, 304}

    assert given(service) == {"export": 0, "list": 0, "read": 0}
    tag = service.ask("GET", paths[0], headers=headers).headers["etag"]
    ask(paths[0], **{"If-None-Match": tag})  # nothing is given
    ask("/events?limit=2")
    assert given(service) == {"export": 0, "list": 2, "read": 1}
    ask("/calendar.ics")
    url = subscribed(service, None)
    ask(url.removeprefix(service.url))
    assert given(service) == {"export": 6, "list": 2, "read": 1}
    ask("/account/data")
    assert given(service)["export"] > 6
