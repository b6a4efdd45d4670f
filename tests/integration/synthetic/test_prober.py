"""Journeys against a live service."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from prometheus_client import generate_latest

from kit.edge.target import Access
from slo.edge.project_file import SHIPPED, load_project
from synthetic.edge.journeys.files import journeys_of
from synthetic.edge.journeys.metrics import ProbeMetrics
from synthetic.edge.journeys.prober import ProbeResult, probe_for_ever, probe_once
from tests.support import awkward
from tests.support.small_calendar import SmallCalendar

JOURNEYS = journeys_of(load_project(SHIPPED))


@pytest.fixture(autouse=True)
def tomorrow(calendar: SmallCalendar) -> None:
    """The small calendar understands the prober's sentence."""
    day = datetime.now(UTC).date() + timedelta(days=1)
    calendar.answer = {
        "start": f"{day}T10:30:00+00:00",
        "end": f"{day}T11:30:00+00:00",
        "title": "dentist appointment",
    }


def probe(url: str, timeout_s: float = 5.0) -> ProbeResult:
    (result,) = probe_once(url, JOURNEYS, access=Access(), timeout_s=timeout_s)
    return result


def test_a_journey_succeeds_and_leaves_nothing_behind(calendar: SmallCalendar) -> None:
    result = probe(calendar.url)
    assert result.problem is None
    assert result.success
    assert result.duration_s > 0
    assert calendar.created_titles
    assert not calendar.events


def test_a_misunderstood_sentence_fails_the_journey(calendar: SmallCalendar) -> None:
    calendar.answer = {"start": "2020-01-01T10:30:00+00:00"}
    assert "understand" in (probe(calendar.url).problem or "")


def test_an_event_that_is_not_kept_fails_the_journey(calendar: SmallCalendar) -> None:
    calendar.forgets = True
    assert probe(calendar.url).problem == "read back: HTTP 404 instead of 200"


def test_an_offered_time_that_is_taken_fails_the_journey(calendar: SmallCalendar) -> None:
    taken = {name: calendar.answer[name] for name in ("start", "end")}
    calendar.slots = [taken]
    assert (probe(calendar.url).problem or "").startswith("find time: the slot")
    assert not calendar.events


def test_an_old_version_that_still_works_fails_the_journey(calendar: SmallCalendar) -> None:
    calendar.careless = True
    assert probe(calendar.url).problem == "update: HTTP 200 instead of 412 for an old version"
    assert not calendar.events


def test_an_error_names_the_step_and_what_to_do(calendar: SmallCalendar) -> None:
    calendar.status = 503
    found = probe(calendar.url)
    assert found.problem == "understand: HTTP 503 instead of 200"
    assert found.advice == "see sre check dependencies"
    calendar.status = 401
    assert probe(calendar.url).advice == "set SRE_API_KEYS to a valid key"


def test_a_service_that_is_gone_or_hangs_is_a_failed_journey_not_a_crash() -> None:
    assert "no answer" in (probe("http://127.0.0.1:9").problem or "")
    for behaviour in (awkward.hang, awkward.drip):
        with awkward.awkward_server(behaviour) as url:
            assert probe(url, timeout_s=0.3).problem == "understand: no answer within 0.3 s"


def test_the_prober_exports_what_it_found(calendar: SmallCalendar) -> None:
    metrics = ProbeMetrics(JOURNEYS)
    assert b'probe_success{journey="calendar_day"} NaN' in generate_latest(metrics.registry)
    stop = threading.Event()
    results: list[ProbeResult] = []

    def take(result: ProbeResult) -> None:
        results.append(result)
        metrics.take(result)
        calendar.status = 500
        if len(results) == 2:
            stop.set()

    probe_for_ever(calendar.url, JOURNEYS, access=Access(), every_s=0.05, on_result=take, stop=stop)
    assert [result.success for result in results] == [True, False]
    text = generate_latest(metrics.registry).decode()
    assert 'probe_success{journey="calendar_day"} 0.0' in text
    assert 'probe_duration_seconds{journey="calendar_day"}' in text
    assert 'probe_walks_total{journey="calendar_day",result="success"} 1.0' in text
