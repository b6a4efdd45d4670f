"""Promises judged by what was measured."""

from datetime import timedelta

import numpy as np
import pytest

from slo.edge.project_file import SHIPPED, load_project
from slo.objective import Measure, Objective, Ratio, RawRatio
from slo.verdict import Verdict
from synthetic.load.samples import SAMPLE, Outcome, Samples
from synthetic.load.verdicts import judge
from synthetic.verdict_rows import Row, Rule, row

CALENDAR = load_project(SHIPPED)
ROUTES = ("GET /events",)
ALL = 'sum(rate(http_requests_total{job="calendar-api"}[{{.window}}]))'
FAILED = 'sum(rate(http_requests_total{job="calendar-api",status=~"5.."}[{{.window}}]))'
TIMED = "sum(rate(http_request_duration_seconds_%s[{{.window}}]))"


def promise(name: str, target: float, indicator: Ratio | RawRatio) -> Objective:
    return Objective(name, name, "", "x", Measure.OTHER, target, timedelta(days=30), indicator)


PROMISES = (
    promise("availability", 0.999, Ratio(ALL, bad=FAILED)),
    promise("latency", 0.95, Ratio(TIMED % "count", good=TIMED % 'bucket{le="2.0"}')),
    promise("errors", 0.99, Ratio(ALL, bad=FAILED)),
    promise("accuracy", 0.85, RawRatio("avg(avg_over_time(parsing_accuracy_ratio[{{.window}}]))")),
)


def samples(total: int, **columns: object) -> Samples:
    found = np.zeros(total, SAMPLE)
    found["status"], found["expected"], found["latency_s"] = 200, 1, 0.1
    found["due_s"] = np.random.default_rng(5).permutation(total) / 60  # who is bad is so by chance
    for name, values in columns.items():
        found[name][: len(values)] = values  # type: ignore[arg-type]
    return found


def verdicts(found: Samples, **options: object) -> dict[str, Verdict]:
    rows = judge(found, ROUTES, PROMISES, CALENDAR, **options)  # type: ignore[arg-type]
    return {one.objective: one.verdict for one in rows if one.unmeasurable is None}


def judged(total: int, bad: int, target: float = 0.99) -> Row:
    objective = promise("errors", target, Ratio(ALL, bad=FAILED))
    return row(objective, total=total, bad=bad, rule=Rule.PROVEN, void=False)


def test_a_load_run_says_that_it_cannot_measure_accuracy() -> None:
    *_, last = judge(samples(10), ROUTES, PROMISES, CALENDAR)
    assert last.objective == "accuracy"
    assert last.unmeasurable == "its query gives a ready-made share"
    assert last.verdict is Verdict.NO_DATA


def test_no_requests_and_void_runs_are_never_a_pass() -> None:
    assert set(verdicts(samples(0)).values()) == {Verdict.NO_DATA}
    assert set(verdicts(samples(5000), void=True).values()) == {Verdict.NO_DATA}


def test_three_requests_decide_nothing_by_either_rule() -> None:
    for rule in Rule:
        assert set(verdicts(samples(3), rule=rule).values()) == {Verdict.INCONCLUSIVE}


def test_fifty_failures_of_fifty_break_a_promise_by_either_rule() -> None:
    for rule in Rule:
        found = row(PROMISES[2], total=50, bad=50, rule=rule, void=False)
        assert found.verdict is Verdict.FAIL
        assert found.more_needed is None


def test_a_few_requests_whose_interval_holds_the_target_stay_open() -> None:
    for rule in Rule:
        found = row(PROMISES[1], total=12, bad=1, rule=rule, void=False)
        assert found.verdict is Verdict.INCONCLUSIVE


def test_each_promise_counts_its_own_kind_of_bad() -> None:
    slow = verdicts(samples(10_000, latency_s=[3.0] * 1000))
    assert slow == {
        "availability": Verdict.PASS, "latency": Verdict.FAIL, "errors": Verdict.PASS
    }  # fmt: skip
    refused = samples(1000, status=[429] * 50 + [302] * 50, expected=[0] * 100)
    assert verdicts(refused)["errors"] is Verdict.PASS
    broken = samples(1000, status=[503] * 50, expected=[0] * 50)
    assert verdicts(broken)["availability"] is Verdict.FAIL


def test_who_never_got_an_answer_waited_too_long() -> None:
    lost = samples(1000, status=[0] * 100, expected=[0] * 100, outcome=[int(Outcome.REFUSED)] * 100)
    assert verdicts(lost)["latency"] is Verdict.FAIL


def test_a_proof_needs_the_whole_interval() -> None:
    assert judged(10_000, 50).verdict is Verdict.PASS
    assert judged(1_000, 8).verdict is Verdict.INCONCLUSIVE
    assert judged(10_000, 200).verdict is Verdict.FAIL


@pytest.mark.parametrize(("total", "bad"), [(1_000, 8), (500, 0), (1_000, 14), (100, 0)])
def test_an_open_verdict_says_how_many_more_would_decide_it(total: int, bad: int) -> None:
    found = judged(total, bad, 0.99 if bad else 0.999)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.more_needed is not None
    grown = total + found.more_needed
    again = judged(grown, round(bad / total * grown), 0.99 if bad else 0.999)
    assert again.verdict in {Verdict.PASS, Verdict.FAIL}


def test_the_budget_spent_is_the_bad_share_over_what_may_be_bad() -> None:
    assert judged(1_000, 5).budget_spent == pytest.approx(0.5)
    assert judged(1_000, 20).budget_spent == pytest.approx(2.0)
    assert judged(0, 0).budget_spent is None
