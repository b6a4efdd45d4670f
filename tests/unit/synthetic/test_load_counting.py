"""What an objective counts of a run's requests, and what it does not."""

from datetime import timedelta
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.edge.project_file import load_project
from slo.meaning import Request, meaning_of
from slo.objective import Measure, Objective, Ratio, RawRatio
from slo.project.project import Project
from slo.verdict import Verdict
from synthetic.load.counting import Counting, measurable
from synthetic.load.samples import SAMPLE, Outcome, Samples
from synthetic.load.verdicts import judge, verdict_of

ROUTES = ("GET /orders/{id}", "POST /orders", "GET /stock?near=5")
ORDERS = """
schema = "sre.project/v1"
[service]
name = "orders"
job = "orders"
[metrics.requests]
counter = "http_requests_total"
route = "handler"
method = "method"
status = "code"
[metrics.latency]
histogram = "http_request_duration_seconds"
route = "handler"
method = "method"
"""
COUNTED = 'sum(rate(http_requests_total{job="orders"%s}[{{.window}}]))'
FIVES = Ratio(COUNTED % "", bad=COUNTED % ',code=~"5.."')
FAST_ORDERS = Ratio(
    'sum(rate(http_request_duration_seconds_count{handler="/orders"}[{{.window}}]))',
    good='sum(rate(http_request_duration_seconds_bucket{handler="/orders",le="0.3"}[{{.window}}]))',
)


@pytest.fixture(scope="module")
def orders(tmp_path_factory: pytest.TempPathFactory) -> Project:
    path: Path = tmp_path_factory.mktemp("orders") / "sre.toml"
    path.write_text(ORDERS)
    return load_project(path)


def objective(
    indicator: Ratio | RawRatio, *, split_by: str | None = None, measure: Measure = Measure.OTHER
) -> Objective:
    month = timedelta(days=30)
    return Objective(
        "o", "O", "", "orders", measure, 0.95, month, indicator, split_by=split_by
    )  # fmt: skip


def samples(*each: tuple[int, int, float]) -> Samples:
    """Return samples of (route, status, seconds); status 0 is one without an answer."""
    found = np.zeros(len(each), SAMPLE)
    for column, values in zip(
        ("route", "status", "latency_s"), zip(*each, strict=True), strict=True
    ):
        found[column] = values
    found["outcome"] = np.where(found["status"] == 0, Outcome.TIMEOUT, Outcome.ANSWERED)
    return found


def test_a_redirect_or_a_refusal_does_not_fail_a_run_whose_query_counts_only_5xx(
    orders: Project,
) -> None:
    found = samples(*[(0, 302, 0.1)] * 60, *[(0, 429, 0.1)] * 60, *[(0, 200, 0.1)] * 80)
    wrong = objective(FIVES, measure=Measure.ERRORS)
    (row,) = judge(found, ROUTES, (wrong,), orders)
    assert (row.total, row.bad, row.verdict) == (200, 0, Verdict.PASS)
    found["status"][:20] = 503
    (row,) = judge(found, ROUTES, (wrong,), orders)
    assert (row.bad, row.verdict) == (20, Verdict.FAIL)


def test_an_objective_of_one_route_is_judged_over_that_route(orders: Project) -> None:
    found = samples(*[(0, 200, 3.0)] * 500, *[(1, 201, 0.1)] * 200, *[(1, 201, 0.4)] * 5)
    (row,) = judge(found, ROUTES, (objective(FAST_ORDERS),), orders)
    assert (row.total, row.bad, row.threshold_s) == (205, 5, 0.3)
    assert row.verdict is Verdict.PASS


def test_a_request_without_an_answer_is_bad_where_its_route_is_counted(orders: Project) -> None:
    found = samples((0, 0, 9.0), (1, 0, 9.0), (1, 201, 0.1))
    for indicator, wanted in ((FAST_ORDERS, (2, 1)), (FIVES, (3, 2))):
        (row,) = judge(found, ROUTES, (objective(indicator),), orders)
        assert (row.total, row.bad) == wanted
    good = Ratio(COUNTED % ',code!~"4.."', good=COUNTED % ',code=~"2.."')
    (row,) = judge(found, ROUTES, (objective(good),), orders)
    assert (row.total, row.bad) == (3, 2)


def test_the_label_measure_decides_nothing(orders: Project) -> None:
    found = samples((0, 500, 9.0), (1, 201, 0.1), (2, 404, 0.2))
    rows = [
        judge(found, ROUTES, (objective(FIVES, measure=measure),), orders)[0] for measure in Measure
    ]
    assert {(row.total, row.bad) for row in rows} == {(3, 1)}


@pytest.mark.parametrize(
    ("query", "why"),
    [
        ("avg(orders_accuracy)", "its query gives a ready-made share"),
        ('sum(rate(http_requests_total{job="stock"}[{{.window}}]))', "it counts job stock"),
        ('sum(rate(http_requests_total{region="eu"}[{{.window}}]))', "it selects by region"),
        ("sum(rate(jobs_total[{{.window}}]))", "it counts jobs_total, not requests"),
    ],
)
def test_what_a_load_run_cannot_judge_has_a_row_with_the_reason_and_no_say(
    orders: Project, query: str, why: str
) -> None:
    other = RawRatio(query) if query.startswith("avg") else Ratio(query, bad=query)
    found = samples(*[(0, 200, 0.1)] * 200)
    rows = judge(found, ROUTES, (objective(FIVES), objective(other)), orders)
    assert why in (rows[1].unmeasurable or "")
    assert rows[1].verdict is Verdict.NO_DATA
    assert verdict_of(rows) is Verdict.PASS
    assert verdict_of(rows[1:]) is Verdict.NO_DATA


def test_an_exporter_may_write_methods_small_and_keep_only_the_class_of_a_status(
    orders: Project,
) -> None:
    small = Ratio(COUNTED % ',method="get"', bad=COUNTED % ',method="get",code="5xx"')
    found = samples((0, 503, 0.1), (0, 200, 0.1), (1, 500, 0.1))
    assert Counting(meaning_of(objective(small), orders), ROUTES).tally(found) == (2, 1)
    rest = Ratio(COUNTED % "", good=COUNTED % ',code!="5xx"')
    assert Counting(meaning_of(objective(rest), orders), ROUTES).tally(found) == (3, 2)


@given(
    each=st.lists(
        st.tuples(
            st.integers(0, 2),
            st.sampled_from([200, 201, 302, 404, 429, 500, 503]),
            st.sampled_from([0.1, 0.25, 0.35, 2.0]),
        ),
        min_size=1,
        max_size=60,
    ),
    indicator=st.sampled_from([FIVES, FAST_ORDERS]),
)
def test_the_count_over_arrays_is_the_count_of_single_requests(
    orders: Project, each: list[tuple[int, int, float]], indicator: Ratio
) -> None:
    (one,) = measurable((objective(indicator),), orders)
    assert one.meaning is not None
    requests = []
    for route, status, seconds in each:
        method, _, path = ROUTES[route].partition(" ")
        requests.append(Request(method, path.partition("?")[0], str(status), seconds))
    counted = sum(one.meaning.counts(request) for request in requests)
    bad = sum(one.meaning.spends(request) for request in requests)
    assert Counting(one.meaning, ROUTES).tally(samples(*each)) == (counted, bad)
