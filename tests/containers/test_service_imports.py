"""Large imports: worked on after their request, gone on with after a crash, nothing twice."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
from pymongo import MongoClient

from tests.support.container import Server
from tests.support.databases import fresh_mongodb_database
from tests.support.service_process import RunningService, running_service
from tests.support.waiting import wait_for

ICS = {"content-type": "text/calendar"}


@pytest.fixture
def database(mongodb_server: Server) -> Iterator[str]:
    with fresh_mongodb_database(mongodb_server) as url:
        yield url


@pytest.fixture
def service(database: str) -> Iterator[RunningService]:
    with running_service(database, mongodb_timeout_s=10, request_deadline_s=60) as running:
        running.wait_until_ready()
        yield running


def component(number: int, **lines: str) -> str:
    day = f"2026{1 + number % 12:02}{1 + number // 12 % 28:02}"
    usual = {
        "DTSTART;TZID=Europe/Berlin": f"{day}T{8 + number % 9:02}0000",
        "DURATION": "PT45M",
        "SUMMARY": f"Event {number}",
        "STATUS": "CONFIRMED",
        "ATTENDEE;PARTSTAT=ACCEPTED;CN=Zoe": "mailto:zoe@example.org",
    } | ({"RRULE": "FREQ=WEEKLY;COUNT=8"} if number % 5 == 0 else {})
    body = "".join(f"{name}:{value}\r\n" for name, value in (usual | lines).items())
    return f"BEGIN:VEVENT\r\nUID:big-{number}\r\n{body}END:VEVENT\r\n"


def file_of(*components: str) -> str:
    head = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\n"
    return f"{head}{''.join(components)}END:VCALENDAR\r\n"


def posted(service: RunningService, text: str, **query: Any) -> Any:
    return service.ask("POST", "/calendar.ics", content=text, headers=ICS, params=query)


def finished(service: RunningService, path: str, within_s: float = 240) -> dict[str, Any]:
    """Return an import that is done; on a busy machine the database may be away for a moment."""
    answers: list[Any] = []

    def is_over() -> bool:
        answers[:] = [service.ask("GET", path)]
        assert answers[0].status_code in {200, 503}, answers[0].text
        return bool(answers[0].status_code == 200 and answers[0].json()["state"] != "running")

    wait_for(
        is_over, what="the import is done", within_s=within_s, told=lambda: answers[0].text[:500]
    )
    found: dict[str, Any] = answers[0].json()
    return found


def uids(url: str) -> Counter[str]:
    with MongoClient[dict[str, Any]](url) as client:
        events = client.get_default_database()["events"]
        return Counter(event["uid"] for event in events.find({}, {"uid": 1}))


def test_a_large_file_is_worked_on_after_its_request_and_says_how_far_it_is(
    service: RunningService, database: str
) -> None:
    wrong = component(900, **{"DTSTART;TZID=Europe/Berlin": "20269999T000000"})
    text = file_of(*map(component, range(230)), wrong)
    answer = posted(service, text)
    assert answer.status_code == 202, answer.text
    path = answer.headers["location"]
    assert answer.json()["total"] == 231
    done = finished(service, path)
    assert (done["state"], done["done"], done["created"], done["updated"]) == ("done", 231, 230, 0)
    assert [note["uid"] for note in done["skipped"]] == ["big-900"]
    assert uids(database) == {f"big-{number}": 1 for number in range(230)}
    again = finished(service, posted(service, text).headers["location"])
    assert (again["created"], again["updated"]) == (0, 230)
    assert service.ask("GET", "/imports/none").status_code == 404


def test_a_dry_run_says_what_would_become_of_a_file_and_keeps_nothing(
    service: RunningService, database: str
) -> None:
    text = file_of(component(1), component(2, **{"X-WRONG LINE": "x"}), "BEGIN:VTODO\r\nUID:t\r\n"
                   "END:VTODO\r\n")  # fmt: skip
    told = posted(service, text, dry_run=True)
    assert told.status_code == 200, told.text
    assert (told.json()["created"], told.json()["updated"]) == (2, 0)
    assert {(note["uid"], note["property"]) for note in told.json()["warnings"]} == {
        ("t", "VTODO"), ("big-2", "X-WRONG LINE:X"),
    }  # fmt: skip
    assert uids(database) == {}
    large = posted(service, file_of(*map(component, range(210))), dry_run=True)
    assert finished(service, large.headers["location"])["created"] == 210
    assert uids(database) == {}


@pytest.mark.thorough
def test_of_very_many_notes_an_import_tells_the_first_and_how_many_more_there_are(
    service: RunningService,
) -> None:
    wrong = {f"X WRONG {number}": "x" for number in range(900)}
    text = file_of(*(component(number, **wrong) for number in range(60)))
    for query in ({}, {"background": True}):
        answer = posted(service, text, **query)
        told = answer.json() if not query else finished(service, answer.headers["location"])
        shown = len(told["warnings"]) - 1
        assert told["warnings"][-1]["reason"] == f"{60 * 900 - shown} more notes are not told"
        assert told["created"] + told["updated"] == 60


def test_an_import_goes_on_after_a_crash_and_keeps_nothing_twice(
    service: RunningService, database: str
) -> None:
    path = posted(service, file_of(*map(component, range(600)))).headers["location"]
    wait_for(lambda: sum(uids(database).values()) > 50, what="some are kept", within_s=60)
    service.kill()
    service.start()
    service.wait_until_ready()
    done = finished(service, path)
    assert (done["created"], done["updated"], done["skipped"]) == (600, 0, [])
    assert uids(database) == {f"big-{number}": 1 for number in range(600)}


@pytest.mark.thorough
def test_five_thousand_events_and_five_crashes_lose_and_double_nothing(
    service: RunningService, database: str
) -> None:
    total, cpu_s = 5000, 0.0
    path = posted(service, file_of(*map(component, range(total)))).headers["location"]
    for crash in range(1, 6):
        wait_for(
            lambda crash=crash: sum(uids(database).values()) > crash * total // 7,  # type: ignore[misc]
            what=f"enough is kept for crash {crash}",
            within_s=120,
        )
        cpu_s += cpu_of(service)
        service.kill()
        service.start()
        service.wait_until_ready()
    done = finished(service, path)
    cpu_s += cpu_of(service)
    assert (done["created"], done["updated"], done["skipped"]) == (total, 0, [])
    assert uids(database) == {f"big-{number}": 1 for number in range(total)}
    assert cpu_s < 60, cpu_s


def cpu_of(service: RunningService) -> float:
    """Return the CPU seconds of the process so far, its start included."""
    text = service.ask("GET", "/metrics").text
    (line,) = [one for one in text.splitlines() if one.startswith("process_cpu_seconds_total")]
    return float(line.rpartition(" ")[2])


@pytest.mark.thorough
def test_a_small_file_is_imported_within_its_request_while_a_large_one_is_worked_on(
    service: RunningService,
) -> None:
    path = posted(service, file_of(*map(component, range(1000, 1600)))).headers["location"]
    answer = posted(service, file_of(component(1)))
    assert answer.status_code == 200, answer.text
    assert answer.json()["created"] == 1
    assert finished(service, path)["created"] == 600
