"""The parts of a load run's page that not every run has."""

from typing import Any

import pytest
from lxml import html

from reports.edge.run_page import run_report
from reports.run.load_words import check_words
from tests.pages.reports.test_run_page import load

STEPS = [
    {"offered_per_s": rate, "served_per_s": served, "in_flight": n, "p95_ms": 9.0, "verdict": found}
    for rate, served, n, found in (
        (50.0, 49.0, 0.8, "PASS"),
        (100.0, 99.0, 12.0, "PASS"),
        (150.0, 122.0, 30.0, "FAIL"),
    )
]


def estimate(value: float) -> dict[str, float]:
    return {"value": value, "low": value * 0.9, "high": value * 1.1}


CAPACITY = {
    "safe_per_s": 100.0,
    "broken_per_s": 150.0,
    "rate": estimate(60),
    "contention": estimate(0.45),
    "coherency": estimate(0.0),
    "peak_per_s": estimate(130),
    "peak_in_flight": None,
    "steps": STEPS,
}


def page_of(record: dict[str, Any], **more: Any) -> tuple[list[str], str]:
    """Return the titles of the charts, and all text."""
    page = html.fromstring(run_report(record, None, **more))
    titles = [one.text_content() for one in page.iterfind(".//figure/h3")]
    return titles, " ".join(page.text_content().split())


@pytest.mark.thorough
def test_a_run_with_failures_shows_when_and_how_they_failed() -> None:
    titles, text = page_of(load(failures=7))
    assert "Failures over time" in titles
    assert "Failed: 7 HTTP 500." in text


@pytest.mark.thorough
def test_a_record_of_an_older_version_is_drawn_without_what_it_lacks() -> None:
    record = load(failures=7)
    for part in record["timeline"]:
        del part["failures"], part["answers"]
    titles, text = page_of(record)
    assert "Failures over time" in titles
    assert "HTTP 500" not in text


@pytest.mark.thorough
def test_a_climb_shows_its_steps_the_safe_rate_and_the_fitted_law() -> None:
    titles, text = page_of(load() | {"capacity": CAPACITY})
    assert "Failures over time" not in titles
    assert "What it can take" in titles
    assert text.count("Safe up to 100/s, broken at 150/s.") == 2  # as the headline, too
    assert "Every objective is met" not in text
    assert "Levels off at 130/s (117 to 143)." in text


@pytest.mark.thorough
def test_what_the_service_counted_and_what_a_baseline_says_stand_beside_the_figures() -> None:
    counts = {"client": 50, "service": 70.0, "client_mean_ms": 12.0, "service_mean_ms": None}
    check = {"problem": None, "differing": ["POST /parse"], "routes": {"POST /parse": counts}}
    lines = ("p95 of GET /<b>: slower by 12 % (8 to 17)",)
    _, text = page_of(load() | {"cross_check": check}, differences=lines)
    assert "The service counted otherwise: POST /parse 50 here, 70 there." in text
    assert "p95 of GET /<b>: slower by 12 %" in text


def test_counts_that_could_not_be_had_are_no_agreement() -> None:
    away = {"problem": "/metrics answers 404", "differing": [], "routes": {}}
    assert check_words(away) == "not compared: /metrics answers 404"
    assert check_words(None) == "the target shows no counts of its own"
