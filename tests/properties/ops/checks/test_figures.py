"""Promises over a time, a night beside the night before, and the day that ends."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.pure.answers import Answer, Series
from ops.checks import evening, overnight, performance
from ops.checks.finding import Finding, State
from ops.checks.observe.prometheus import STRETCH, STRETCH_S, answers_between
from ops.checks.overnight import Night
from ops.checks.own_limits import own_limits
from reports.edge.gathering import Gathered, Target
from reports.period.evidence import Evidence
from reports.period.paging import Firing
from reports.period.report import period_report
from reports.period.summary import Summary
from reports.period.window import span
from slo.edge.files import load_objectives
from tests.support.other_projects import CALENDAR
from tests.support.sampling import examples

LIMITS = own_limits()
OBJECTIVES = load_objectives()
WINDOW = timedelta(minutes=5)
START = datetime(2026, 3, 2, 18, 0, tzinfo=UTC)


def page(route: str, *, good: int, failed: int = 0, slow: int = 0) -> str:
    """Return what the service tells of one route, a third of a second each, or three."""
    total = good + failed + slow
    counts = f"""
http_requests_total{{method="GET",route="{route}",status="200"}} {good + slow}
http_requests_total{{method="GET",route="{route}",status="500"}} {failed}
"""
    edges = (("0.5", good + failed), ("2.0", good + failed), ("4.0", total), ("+Inf", total))
    name = "http_request_duration_seconds_bucket"
    return counts + "".join(
        f'{name}{{method="GET",route="{route}",le="{edge}"}} {count}\n' for edge, count in edges
    )


def measured(before: str, after: str) -> dict[str, Finding]:
    gathered, target = Gathered(), Target("calendar-api", "here")
    gathered.add(0, target, before)
    gathered.add(STRETCH_S, target, after)
    asked = performance.queries(OBJECTIVES, STRETCH, STRETCH_S)
    observed = performance.ObservedPerformance(
        STRETCH, timedelta(seconds=10), "two looks", answers_between(gathered, asked),
        sees_probes=False,
    )  # fmt: skip
    return {one.subject: one for one in performance.judge(observed, OBJECTIVES, LIMITS)}


@examples(30)
@given(st.integers(0, 5000), st.integers(0, 500), st.integers(0, 500))
def test_two_looks_count_exactly_what_happened_in_between(
    good: int, failed: int, slow: int
) -> None:
    before = page("/events", good=700, failed=3, slow=2)
    after = page("/events", good=700 + good, failed=3 + failed, slow=2 + slow)
    found, total = measured(before, after), good + failed + slow
    if total < 100:
        assert found["Error rate"].state is not State.PASS
        return
    assert f"{failed:,} of {total:,} bad" in found["Error rate"].value
    assert f"{slow:,} of {total:,} bad" in found["Latency"].value
    assert (found["Error rate"].state is State.PASS) == (failed <= 0.01 * total)
    assert (found["Latency"].state is State.PASS) == (slow <= 0.05 * total)
    assert found["requests"].measured == pytest.approx(total / 10, rel=1e-3)


def test_one_failing_route_cannot_hide_in_the_sum_of_all() -> None:
    before = page("/events", good=0) + page("/slots", good=0)
    after = page("/events", good=50_000) + page("/slots", good=50, failed=150)
    found = measured(before, after)
    assert found["Error rate"].state is State.PASS
    assert found["Error rate /slots"].state is State.FAIL
    assert "150 of 200 bad" in found["Error rate /slots"].value


def test_a_slow_route_warns_with_its_percentile() -> None:
    found = measured(page("/slots", good=0), page("/slots", good=10, slow=20))
    assert found["· /slots"].state is State.WARN
    assert found["· /slots"].measured == pytest.approx(3.85, abs=0.2)


def test_no_traffic_says_nothing_and_passes_nothing() -> None:
    found = measured(page("/events", good=5), page("/events", good=5))
    states = {name: one.state for name, one in found.items()}
    assert State.PASS not in states.values()
    assert states["Error rate"] is State.NO_DATA


def test_what_prometheus_refuses_is_reported() -> None:
    answers = {"buckets": Answer(problem="query timed out")}
    observed = performance.ObservedPerformance(WINDOW, WINDOW, "Prometheus", answers)
    (one,) = performance.judge(observed, OBJECTIVES, LIMITS)
    assert (one.state, one.value) == (State.NO_DATA, "query timed out")


@pytest.mark.parametrize(
    ("bad", "state"), [(0.05, State.PASS), (0.40, State.FAIL), (None, State.NO_DATA)]
)
def test_accuracy_is_judged_where_the_prober_exports_it(bad: float | None, state: State) -> None:
    series = () if bad is None else (Series({}, np.array([0.0]), np.array([bad])),)
    observed = performance.ObservedPerformance(
        WINDOW, WINDOW, "Prometheus", {"share.accuracy": Answer(series)}
    )
    found = {one.subject: one for one in performance.judge(observed, OBJECTIVES, LIMITS)}
    assert found["Parsing accuracy"].state is state


GOOD = Night(Summary(1000.0, 0.05, 0.001, 0.95, 0.9, 1.0), 0.2)


def night(before: Night = GOOD, p95_s: float | None = 0.2, **changes: Any) -> dict[str, Finding]:
    this = Night(replace(GOOD.figures, **changes), p95_s)
    return {one.subject: one for one in overnight.judge(this, before, OBJECTIVES, since=START)}


def test_a_quiet_night_passes_and_shows_its_trend() -> None:
    found = night(requests=1100.0)
    assert {one.state for one in found.values()} == {State.PASS, State.INFO}
    assert found["requests"].value == "1,100, +10.0 % to the night before"


@pytest.mark.parametrize(
    ("changes", "subject", "state"),
    [
        ({"requests": 400.0}, "requests", State.WARN),
        ({"requests": None}, "requests", State.NO_DATA),
        ({"requests": 0.0}, "requests", State.NO_DATA),
        ({"error_rate": 0.05}, "error rate", State.FAIL),
        ({"error_rate": None}, "error rate", State.NO_DATA),
        ({"p95_s": 2.5}, "p95", State.FAIL),
        ({"accuracy": 0.8}, "accuracy", State.FAIL),
        ({"accuracy": None}, "accuracy", State.NO_DATA),
        ({"uptime": 0.98}, "uptime", State.FAIL),
        ({"cache_hit_ratio": None}, "cache hits", State.INFO),
    ],
)
def test_a_figure_beyond_its_limit_is_reported(changes: Any, subject: str, state: State) -> None:
    assert night(**changes)[subject].state is state


def test_the_first_night_has_no_night_before() -> None:
    nothing = Night(Summary(None, None, None, None, None, None), None)
    found = night(before=nothing)
    assert found["requests"].value == "1,000; the night before has none to compare with"
    assert found["error rate"].state is State.PASS


def day(answers: Mapping[str, Answer] | None = None) -> Any:
    window = span(START - timedelta(hours=18), START, ZoneInfo("UTC"))
    return period_report(Evidence(window, OBJECTIVES, answers or {}, CALENDAR))


def test_a_day_nobody_measured_is_no_data() -> None:
    found = evening.judge(day())
    assert any(one.state is State.NO_DATA for one in found)
    assert not any(one.state is State.PASS and one.subject == "requests" for one in found)


def test_pages_of_the_day_are_listed_and_the_watchdog_is_none() -> None:
    fired = (
        Firing("ServiceDown", "critical", "P1", 2, 14.0, 2, 0, flaps=False),
        Firing("CacheHitRateLow", "warning", "P3", 1, 5.0, 1, 0, flaps=False),
        Firing("Watchdog", "info", "P4", 1, 900.0, 1, 0, flaps=False),
    )
    report = day()
    with_alerts = replace(report, paging=replace(report.paging, alerts=fired, problem=None))
    found = {one.subject: one for one in evening.judge(with_alerts)}
    assert found["ServiceDown"].state is State.WARN
    assert found["ServiceDown"].value == "P1, 2 times, 14 min in all"
    assert found["CacheHitRateLow"].state is State.INFO
    assert "Watchdog" not in found
