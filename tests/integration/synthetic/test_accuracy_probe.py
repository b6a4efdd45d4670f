"""The accuracy of a live service, published."""

import threading

from prometheus_client import CollectorRegistry, generate_latest

from synthetic.edge.golden.accuracy_probe import accuracy_probe, measure
from synthetic.edge.golden.parser import HttpParser
from synthetic.golden.publishing import AccuracyMetrics
from tests.properties.synthetic.test_golden_gate import CASES
from tests.support.other_projects import accuracy_role
from tests.support.small_calendar import SmallCalendar
from tests.support.waiting import HANGS_S
from tests.unit.synthetic.test_golden_case_file import GOOD
from tests.unit.synthetic.test_verdict_rows import CALENDAR

SOME = (*CASES[:60], *CASES[300:340])


def test_each_slice_that_can_be_judged_has_its_share(calendar: SmallCalendar) -> None:
    calendar.answer = {"title": "lunch", "start": GOOD["expected"]["start"]}
    registry = CollectorRegistry()
    assert (
        measure(SOME, HttpParser(calendar.url), AccuracyMetrics(registry, accuracy_role()))
        == "accuracy 100.0% of 100 cases"
    )
    text = generate_latest(registry).decode()
    assert 'parsing_accuracy_ratio{slice="all",suite="golden"} 1.0' in text
    assert 'parsing_accuracy_ratio{slice="expression:clock",suite="golden"} 1.0' in text
    assert 'parsing_accuracy_measured_timestamp_seconds{suite="golden"}' in text


def test_a_service_that_is_down_is_no_drop_in_accuracy(calendar: SmallCalendar) -> None:
    calendar.answer = {"title": "lunch", "start": GOOD["expected"]["start"]}
    registry = CollectorRegistry()
    metrics = AccuracyMetrics(registry, accuracy_role())
    measure(SOME, HttpParser(calendar.url), metrics)
    before = generate_latest(registry)
    calendar.status = 503
    assert measure(SOME, HttpParser(calendar.url), metrics) == (
        "accuracy not measured: 100 of 100 cases got no answer"
    )
    assert "cannot be reached" in measure(SOME, HttpParser("http://127.0.0.1:9"), metrics)
    assert generate_latest(registry) == before


def test_before_the_first_run_there_is_no_figure() -> None:
    registry = CollectorRegistry()
    AccuracyMetrics(registry, accuracy_role())
    assert b"parsing_accuracy_ratio{" not in generate_latest(registry)


def test_it_is_measured_again_and_again_until_told_to_end(calendar: SmallCalendar) -> None:
    lines: list[str] = []
    twice = threading.Event()

    def tell(line: str) -> None:
        lines.append(line)
        if len(lines) == 2:
            twice.set()

    registry = CollectorRegistry()
    with accuracy_probe(SOME[:3], calendar.url, CALENDAR, registry, every_s=0.01, tell=tell):
        assert twice.wait(HANGS_S)
    with accuracy_probe(SOME, calendar.url, CALENDAR, registry, every_s=0, tell=tell):
        pass
    assert all(line.startswith("accuracy 0.0%") for line in lines)
