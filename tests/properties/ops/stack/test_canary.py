"""A canary is judged by what its requests can tell, beside the replicas of the old version."""

import numpy as np
import pytest

from ops.stack.canary import Counted, judge, tally, verdict
from slo.edge.files import SHIPPED, load_objectives
from slo.edge.project_file import shipped
from slo.meaning import meaning_of
from slo.verdict import Verdict

OBJECTIVES = {one.name: one for one in load_objectives(SHIPPED)}
NOTHING = Counted({}, {})


def _counted(*, fine: float, failed: float = 0, slow: float = 0) -> Counted:
    where = ("POST", "/parse")
    total = fine + failed
    return Counted(
        {(*where, "200"): fine, (*where, "503"): failed},
        {(*where, 1.0): total - slow, (*where, 2.0): total - slow, (*where, float("inf")): total},
    )


def _judged(name: str, fresh: Counted, beside: Counted = NOTHING) -> Verdict:
    objective = OBJECTIVES[name]
    return judge(objective, meaning_of(objective, shipped()), fresh, beside).verdict


@pytest.mark.parametrize("name", ["availability", "errors", "latency"])
def test_a_canary_without_requests_is_never_a_pass(name: str) -> None:
    assert _judged(name, NOTHING) is Verdict.NO_DATA
    unasked = Counted({("GET", "/readyz", "200"): 500.0}, {})
    assert _judged(name, unasked) is Verdict.NO_DATA


def test_some_requests_that_are_all_well_do_not_decide_and_many_do() -> None:
    assert _judged("availability", _counted(fine=100)) is Verdict.INCONCLUSIVE
    assert _judged("availability", _counted(fine=1000)) is Verdict.PASS


def test_a_canary_that_burns_the_budget_fails_beside_replicas_that_do_not() -> None:
    beside = _counted(fine=900)
    assert _judged("availability", _counted(fine=280, failed=20), beside) is Verdict.FAIL
    assert _judged("latency", _counted(fine=300, slow=100), beside) is Verdict.FAIL


def test_what_the_old_version_suffers_as_well_is_not_the_fault_of_the_new() -> None:
    beside = _counted(fine=840, failed=60)
    assert _judged("availability", _counted(fine=280, failed=20), beside) is Verdict.INCONCLUSIVE


def test_one_failed_request_of_a_few_takes_nothing_back() -> None:
    found = _judged("availability", _counted(fine=4, failed=1), _counted(fine=5000))
    assert found is Verdict.INCONCLUSIVE


@pytest.mark.thorough
def test_looking_every_second_at_a_canary_as_good_as_promised_seldom_takes_it_back() -> None:
    objective = OBJECTIVES["availability"]
    meaning, random = meaning_of(objective, shipped()), np.random.default_rng(7)
    taken_back = 0
    for _ in range(40):
        failed = np.cumsum(random.binomial(25, objective.budget, 300))
        looks = zip(range(25, 25 * 301, 25), failed, strict=True)
        taken_back += any(
            judge(objective, meaning, _counted(fine=n - bad, failed=bad), NOTHING).verdict
            is Verdict.FAIL
            for n, bad in looks
            if bad >= 3
        )
    assert taken_back <= 2


def test_a_counter_that_fell_began_anew() -> None:
    before, now = _counted(fine=1000, failed=3), _counted(fine=40, failed=1)
    total = tally(meaning_of(OBJECTIVES["errors"], shipped()), now.since(before))
    assert total == (1, 41)


def test_one_objective_that_fails_is_the_verdict_of_all() -> None:
    fresh = _counted(fine=3000, slow=1500)
    judged = [
        judge(one, meaning_of(one, shipped()), fresh, _counted(fine=9000))
        for name, one in OBJECTIVES.items()
        if name != "accuracy"
    ]
    assert verdict(judged) is Verdict.FAIL
    assert {one.objective for one in judged if one.verdict is Verdict.FAIL} == {"latency"}
