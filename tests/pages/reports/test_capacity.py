from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from kit.pure.answers import Answer, Series
from reports.capacity.compose import document
from reports.capacity.growth import Day, growth, reached
from reports.capacity.report import CapacityReport, capacity_report, queries
from reports.edge.capacity_charts import draw
from reports.edge.html_page import to_html
from reports.markdown import to_markdown
from reports.period.evidence import Record
from slo.verdict import Verdict
from tests.support.other_projects import CALENDAR

UTC_ZONE = ZoneInfo("UTC")
END = datetime(2026, 11, 2, tzinfo=UTC)
RHYTHM = (1.0, 1.1, 1.2, 1.1, 0.9, 0.5, 0.4)


def days(count: int, weekly: float, noise: float = 0.02, seed: int = 1) -> tuple[Day, ...]:
    rng = np.random.default_rng(seed)
    first = date(2026, 8, 3)
    return tuple(
        Day(
            first + timedelta(days=n),
            10 * RHYTHM[n % 7] * (1 + weekly) ** (n / 7) * float(np.exp(rng.normal(0, noise))),
        )
        for n in range(count)
    )


def test_growth_is_found_under_the_rhythm_of_the_week() -> None:
    found = growth(days(91, 0.03))
    assert found is not None
    assert found.per_week_low <= 0.03 <= found.per_week_high
    assert found.per_week == pytest.approx(0.03, abs=0.002)
    ahead = {one.day: one for one in found.ahead}
    wednesday, sunday = date(2026, 11, 4), date(2026, 11, 8)
    assert ahead[wednesday].per_s / ahead[sunday].per_s == pytest.approx(3, rel=0.05)


def test_nineteen_of_twenty_days_to_come_lie_in_the_range() -> None:
    inside = total = 0
    for seed in range(40):
        past, later = days(91, 0.02, 0.1, seed), days(105, 0.02, 0.1, seed)[91:]
        found = growth(past)
        assert found is not None
        for truth, forecast in zip(later, found.ahead, strict=False):
            inside += forecast.low <= truth.per_s <= forecast.high
            total += 1
    assert inside / total == pytest.approx(0.95, abs=0.03)


def test_the_day_on_which_the_limit_is_reached_is_the_true_one() -> None:
    found = growth(days(91, 0.03, 0.0))
    assert found is not None
    # The busiest weekday has 12/s in week 0: 24/s are reached after ln 2 / ln 1.03 = 23.4 weeks.
    day = reached(found, 24.0, "per_s")
    assert day is not None
    assert abs(day - (date(2026, 8, 5) + timedelta(weeks=23.45))) <= timedelta(days=7)
    assert reached(found, 1e9, "high") is None


def test_three_weeks_of_days_are_needed() -> None:
    assert growth(days(20, 0.1)) is None
    assert growth(()) is None


def climb(safe: float | None, /, day: int = 1, **flaw: Any) -> Record:
    capacity: dict[str, Any] = {
        "safe_per_s": safe,
        "broken_per_s": 300.0,
        "rate": {"value": 6.0, "low": 5.0, "high": 7.0},
        "contention": {"value": 0.02, "low": 0.01, "high": 0.03},
        "coherency": {"value": 1e-4, "low": 0, "high": 1e-3},
        "peak_per_s": {"value": 280.0, "low": 250.0, "high": 300.0},
        "peak_in_flight": None,
        "steps": [
            {"offered_per_s": 50, "served_per_s": 50, "in_flight": 1.2, "p95_ms": 40,
             "verdict": "PASS"},
        ],
    }  # fmt: skip
    when = datetime(2026, 10, day, tzinfo=UTC)
    return Record("load", f"climb-{day}", when, "PASS", {"capacity": capacity, **flaw})


def measured(weekly: float, replicas: int = 2) -> dict[str, Answer]:
    (asked, *_) = queries(END, CALENDAR)
    times = np.arange(asked.start_s, asked.end_s + 1, 3600, dtype=np.float64)
    hour = np.asarray((times - 3600 - times[0]) / 3600 / 168, dtype=np.float64)
    rhythm = 1 + 0.5 * np.sin(times / 86_400 * 2 * np.pi)
    requests = 3600 * 10 * rhythm * (1 + weekly) ** hour
    processor = requests / 3600 * 0.004
    one = np.array([float(asked.end_s)])
    return {
        "requests": Answer((Series({}, times, requests),)),
        "cpu": Answer((Series({}, times, processor),)),
        "replicas": Answer((Series({}, one, np.array([float(replicas)])),)),
    }


def capacity_of(weekly: float, safe: float | None = 40.0) -> CapacityReport:
    return capacity_report(measured(weekly), [climb(safe)], end=END, zone=UTC_ZONE)


def test_plenty_of_room_passes_and_the_need_is_in_whole_replicas() -> None:
    report = capacity_of(0.0)
    assert report.verdict is Verdict.PASS
    assert report.used == pytest.approx(15 / 80, rel=0.02)
    assert report.reached is None
    assert {row.replicas for row in report.needed} == {1}
    assert report.cpu_s_per_request == pytest.approx(0.004, rel=1e-6)
    assert report.most_per_core_per_s == pytest.approx(250, rel=1e-6)


def test_a_law_without_a_peak_is_said_to_level_off() -> None:
    assert capacity_of(0.0).knee == "levels off at 280/s (250 to 300)"


def test_a_limit_that_is_near_fails_and_one_that_is_far_has_its_date() -> None:
    near = capacity_of(0.12)  # 15/s grows to 65/s in thirteen weeks: 80/s is two weeks away
    assert near.verdict is Verdict.FAIL
    far = capacity_of(0.05)
    assert far.verdict is Verdict.PASS
    assert far.reached is not None
    weeks = np.log(80 / 15) / np.log(1.05) - 13
    assert abs(far.reached - (END.date() + timedelta(weeks=weeks))) <= timedelta(days=4)
    assert far.needed[-1].replicas is not None
    assert far.needed[-1].replicas > 2


def test_without_a_climb_or_without_traffic_there_is_no_verdict() -> None:
    assert capacity_of(0.0, safe=None).verdict is Verdict.NO_DATA
    silent = capacity_report({}, [climb(40.0)], end=END, zone=UTC_ZONE, troubles=["it is away"])
    assert silent.verdict is Verdict.NO_DATA
    assert "it is away" in silent.problems
    assert "was not measured" in silent.headline


def cut(answers: dict[str, Answer], days: int, ago: int = 0) -> dict[str, Answer]:
    """Return the answers with the traffic of so many days only, which ended some days ago."""
    (one,) = answers["requests"].series
    end = END.timestamp() - ago * 86_400
    kept = (one.times > end - days * 86_400) & (one.times <= end)
    return answers | {"requests": Answer((Series({}, one.times[kept], one.values[kept]),))}


@pytest.mark.parametrize("known", [1, 6, 20])
def test_less_than_three_weeks_of_traffic_give_no_verdict(known: int) -> None:
    report = capacity_report(cut(measured(0.0), known), [climb(40.0)], end=END, zone=UTC_ZONE)
    assert report.verdict is Verdict.NO_DATA
    enough = capacity_report(cut(measured(0.0), 22), [climb(40.0)], end=END, zone=UTC_ZONE)
    assert enough.verdict is Verdict.PASS


def test_too_little_history_does_not_hide_that_it_is_full_already() -> None:
    full = capacity_report(cut(measured(0.0), 8), [climb(5.0)], end=END, zone=UTC_ZONE)
    assert full.verdict is Verdict.FAIL


def test_traffic_that_was_last_measured_weeks_ago_is_not_that_of_now() -> None:
    old = capacity_report(cut(measured(0.0), 60, ago=9), [climb(40.0)], end=END, zone=UTC_ZONE)
    assert old.verdict is Verdict.NO_DATA
    assert old.busiest_per_s is None


@pytest.mark.parametrize("flaw", [{"void_reason": "a worker died"}, {"interrupted": True}])
def test_a_climb_that_is_void_or_was_interrupted_shows_no_safe_rate(flaw: dict[str, Any]) -> None:
    alone = capacity_report(measured(0.0), [climb(40.0, **flaw)], end=END, zone=UTC_ZONE)
    assert alone.verdict is Verdict.NO_DATA
    assert alone.safe_per_s is None
    assert any("climb-1 is left out" in problem for problem in alone.problems)


def test_an_older_whole_climb_counts_where_the_newest_is_void_and_the_report_says_so() -> None:
    climbs = [climb(40.0), climb(900.0, day=2, void_reason="a worker died")]
    found = capacity_report(measured(0.0), climbs, end=END, zone=UTC_ZONE)
    assert (found.run, found.safe_per_s) == ("climb-1", 40.0)
    assert any("climb-2 is left out: it is void" in problem for problem in found.problems)


def test_the_page_and_the_text_hold_the_forecast() -> None:
    report = capacity_of(0.05)
    whole = document(report)
    page = to_html(whole, lambda chart: draw(chart, report))
    assert "<svg" in page
    assert "the forecast for a year" in page
    assert report.headline in to_markdown(whole)
    assert page == to_html(whole, lambda chart: draw(chart, report))
