"""What the gate lets pass, what it stops, and what it says."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from kit.pure.errors import BadInputError
from slo.objective import RawRatio
from slo.verdict import Verdict
from synthetic.edge.golden.judged_answers import run
from synthetic.golden import baseline as baselines
from synthetic.golden.baseline import Baseline
from synthetic.golden.case import Case
from synthetic.golden.gate import Gate, GateVerdict, Policy, gate
from synthetic.golden.paired import holm, mcnemar
from synthetic.golden.run_value import Answer, GoldenRun
from synthetic.golden.verdicts import goals
from tests.integration.synthetic.test_golden_run import ACCURACY, OBJECTIVE, PROMISE
from tests.support.golden_cases import case_from_json
from tests.unit.synthetic.test_golden_case_file import GOOD

BLESSING = {"on": "2026-11-21", "by": "me", "reason": "a test", "set_hash": "x", "commit": "c"}
CASES = tuple(
    case_from_json(
        {
            **GOOD,
            "id": f"c-{n}",
            "text": f"lunch number {n} tomorrow at noon",
            "slices": {**GOOD["slices"], "expression": "weekday" if n < 200 else "clock"},
        }
    )
    for n in range(1000)
)


def answers(wrong: set[int], cases: tuple[Case, ...] = CASES) -> GoldenRun:
    ids = {f"c-{n}" for n in wrong}
    return run(cases, lambda c: Answer({} if c.id in ids else dict(c.expected), 0.9), workers=1)


def blessed(wrong: set[int]) -> Baseline:
    return baselines.baseline_of(answers(wrong), CASES, BLESSING, None)


def gated(before: set[int], now: set[int], **policy: float) -> Gate:
    return gate(answers(now), [PROMISE], blessed(before), Policy(**policy))  # type: ignore[arg-type]


def test_where_no_case_was_answered_nothing_was_measured() -> None:
    silence = run(CASES, lambda _case: Answer(None, problem="HTTP 500"), workers=1)
    found = gate(silence, [PROMISE], blessed(set()))
    assert found.verdict is GateVerdict.VOID
    (row,) = found.rows
    assert (row.verdict, row.measured, row.budget_spent) == (Verdict.NO_DATA, None, None)


def test_the_same_answers_pass_and_say_so() -> None:
    found = gated({1, 2, 3}, {1, 2, 3})
    assert found.verdict is GateVerdict.PASS
    assert found.headline == "997 of 1,000 cases right, as before"
    assert not found.changes


def test_a_slice_that_got_worse_is_named_with_its_count_and_how_sure() -> None:
    found = gated(set(), set(range(10)))
    assert found.verdict is GateVerdict.FAIL
    assert "expression:weekday lost 10 and gained 0 of 200 cases" in " ".join(found.reasons)
    assert "chance does once in 1,024" in found.headline


def test_losing_a_few_is_no_failure_but_is_named() -> None:
    found = gated(set(), {5})
    assert found.verdict is GateVerdict.PASS
    assert "lost: c-5" in found.headline


def test_losing_more_than_the_stated_few_fails_even_when_the_total_rises() -> None:
    found = gated(set(range(300, 340)), {1, 2, 3})
    assert found.slices["all"].right_now > found.slices["all"].right_before
    assert found.verdict is GateVerdict.FAIL
    assert found.headline == ("expression:weekday lost 3 and gained 0 of 200 cases (1 may be lost)")
    assert {c.case_id for c in found.changes if c.was_right} == {"c-1", "c-2", "c-3"}
    assert gated(set(range(300, 340)), {1, 2, 3}, lost_share=0.02).verdict is GateVerdict.PASS


def test_another_wrong_answer_is_a_change_but_no_loss() -> None:
    before = blessed({1})
    other = run(
        CASES,
        lambda c: Answer({"title": "else"} if c.id == "c-1" else dict(c.expected)),
        workers=1,
    )
    found = gate(other, [PROMISE], before)
    assert found.verdict is GateVerdict.PASS
    assert [(c.case_id, c.was_right, c.is_right) for c in found.changes] == [("c-1", False, False)]


def test_a_broken_promise_fails_whatever_the_baseline_says() -> None:
    wrong = set(range(300))
    found = gated(wrong, wrong)
    assert found.verdict is GateVerdict.FAIL
    assert "all: 700 of 1000 right" in found.headline
    assert "the objective is 85%" in found.headline


def test_a_promise_that_the_cases_cannot_decide_is_inconclusive() -> None:
    wrong = set(range(150))
    assert gated(wrong, wrong).verdict is GateVerdict.INCONCLUSIVE


def test_without_a_baseline_the_gate_says_so_but_still_fails_a_broken_promise() -> None:
    assert gate(answers(set()), [PROMISE], None).verdict is GateVerdict.NO_BASELINE
    assert gate(answers(set(range(300))), [PROMISE], None).verdict is GateVerdict.FAIL


def test_a_promise_may_be_about_a_slice() -> None:
    query = 'avg(parsing_accuracy_ratio{slice="expression:weekday"})'
    weekdays = replace(OBJECTIVE, name="weekdays", target=0.97, indicator=RawRatio(query))
    other = replace(OBJECTIVE, indicator=RawRatio('x{slice="expression:weekday"}'))
    about, *more = goals((weekdays, other), ACCURACY)
    assert more == [], "an objective on another metric is about no accuracy"
    wrong = set(range(30))
    found = gate(answers(wrong), [PROMISE, about], blessed(wrong))
    assert found.verdict is GateVerdict.FAIL
    assert found.headline.startswith("expression:weekday: 170 of 200 right")
    nowhere = replace(about, label="expression:moon")
    with pytest.raises(BadInputError, match="expression:moon"):
        gate(answers(wrong), [nowhere], blessed(wrong))


def test_silence_above_the_limit_voids_the_run_and_below_it_counts_as_wrong() -> None:
    def silent(many: int) -> GoldenRun:
        ids = {f"c-{n}" for n in range(500, 500 + many)}
        return run(
            CASES,
            lambda c: Answer(None, problem="HTTP 500") if c.id in ids else Answer({**c.expected}),
            workers=1,
        )

    void = gate(silent(30), [PROMISE], blessed(set()))
    assert void.verdict is GateVerdict.VOID
    assert "30 of 1,000 cases got no answer (HTTP 500)" in void.headline
    few = gate(silent(4), [PROMISE], blessed(set()))
    assert few.slices["all"].right_now == 996


def test_answers_that_change_when_asked_again_fail() -> None:
    tries = iter(range(10**6))
    flaky = run(CASES[:40], lambda c: Answer({**c.expected, "location": str(next(tries))}),
                workers=1, repeats=2)  # fmt: skip
    found = gate(flaky, [PROMISE], None)
    assert found.verdict is GateVerdict.FAIL
    assert "answered differently when asked again" in found.headline


def test_mcnemar_is_the_exact_sign_test() -> None:
    for lost in range(12):
        for gained in range(12):
            if lost + gained:
                exact = stats.binomtest(lost, lost + gained, alternative="greater").pvalue
                assert mcnemar(lost, gained) == pytest.approx(exact)
    assert mcnemar(0, 0) == 1.0


def test_holm_keeps_the_chance_of_any_false_alarm_at_its_level() -> None:
    assert holm({"a": 0.01, "b": 0.04, "c": 0.03}) == {"a"}
    assert holm({"a": 0.001, "b": 0.02, "c": 0.04}) == {"a", "b", "c"}
    random = np.random.default_rng(3)
    alarms = sum(
        bool(holm({str(n): p for n, p in enumerate(random.uniform(size=20))})) for _ in range(4000)
    )
    assert alarms / 4000 < 0.06


def test_a_baseline_comes_back_from_its_file_as_it_was() -> None:
    found = blessed({1, 2})
    assert baselines.from_text(baselines.to_text(found), source="x") == found
    assert found.right == 998


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"schema": "other"}'])
def test_a_file_that_is_no_baseline_is_refused_by_name(text: str) -> None:
    with pytest.raises(BadInputError, match=r"^my\.json: not a baseline"):
        baselines.from_text(text, source="my.json")


def test_a_baseline_of_another_set_is_refused_with_the_overlap() -> None:
    other = (*CASES[:990], case_from_json({**GOOD, "id": "new"}))
    with pytest.raises(BadInputError, match="990 of its 1,000 cases are among the 991"):
        baselines.check_same_set(blessed(set()), other, "h")
    changed = (case_from_json({**CASES[0].to_json(), "text": "dinner"}), *CASES[1:])
    with pytest.raises(BadInputError, match="999 of its 1,000"):
        baselines.check_same_set(blessed(set()), changed, "h")
    baselines.check_same_set(blessed(set()), CASES, "h")
