"""What a set would notice: wrong answers made of right ones, and the share that is asked for."""

from contextlib import nullcontext
from dataclasses import replace

import pytest

from kit.pure.errors import NotEnoughDataError
from synthetic.golden.case import Case, Provenance
from synthetic.golden.comparators import right_fields
from synthetic.golden.corrupting import corrupted, mistakes
from synthetic.golden.mutation import Mutant, Row, Verdict, mutants_of, survey, to_record
from synthetic.golden.run_value import Answer
from synthetic.golden.spec import FieldRule, Spec
from synthetic.steps.step import Step

RULES = {
    "when": (FieldRule("when", "moment"), "2026-03-12T09:00:00+01:00"),
    "day": (FieldRule("day", "moment"), "2026-03-12"),
    "rule": (FieldRule("rule", "recurrence"), "FREQ=WEEKLY;COUNT=4"),
    "who": (FieldRule("who", "names"), ["Ana", "Bo"]),
    "tags": (FieldRule("tags", "set"), ["a", "b"]),
    "score": (FieldRule("score", "within", within=0.5), 3.0),
    "what": (FieldRule("what", "words"), "lunch"),
    "spam": (FieldRule("spam", "truth"), False),
    "label": (FieldRule("label", "exact"), "billing"),
    "code": (FieldRule("code", "regex"), "A-[0-9]+"),
}
SPEC = Spec(Step("POST", "/"), tuple(rule for rule, _ in RULES.values()))
ANSWER = {name: value for name, (_, value) in RULES.items()} | {"code": "A-12"}


def case(**more: object) -> Case:
    whole = Case(
        id="one", text="lunch", now="2026-03-11T09:00:00", timezone="Europe/Berlin",
        expected={name: value for name, (_, value) in RULES.items()}, fields=tuple(RULES),
        slices={"kind": "short"}, provenance=Provenance("x", "2026-11-30", "y"), spec=SPEC,
    )  # fmt: skip
    return replace(whole, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", RULES)
def test_every_mistake_that_is_made_of_a_right_value_is_judged_wrong(name: str) -> None:
    rule, _ = RULES[name]
    made = dict(mistakes(rule, ANSWER[name]))
    assert made
    for mistake, value in made.items():
        assert not right_fields(case(), {**ANSWER, name: value})[name], (mistake, value)


@pytest.mark.parametrize("compare", ["moment", "recurrence", "names", "set", "within", "exact"])
def test_where_nothing_is_expected_something_is_invented(compare: str) -> None:
    (made,) = mistakes(FieldRule("x", compare), None)
    assert made[0] == "invented"
    assert made[1]


def test_a_field_that_no_case_of_a_slice_looks_at_lets_every_mistake_there_pass() -> None:
    blind = case(id="two", fields=("what",), slices={"kind": "long"})
    found = {(one.name, one.kind): one for one in corrupted([(case(), ANSWER), (blind, ANSWER)])}
    assert found["kind:long", "what: other"].noticed_by == ("two",)
    assert found["kind:long", "when: an hour late"].noticed_by == ()
    assert found["kind:short", "when: an hour late"].noticed_by == ("one",)
    assert found["all", "when: an hour late"].concerned == 2
    assert found["all", "when: an hour late"].noticed_by == ("one",)


def test_a_field_that_is_ignored_has_no_mistakes() -> None:
    assert not dict(mistakes(FieldRule("x", "ignored"), "anything"))


def test_a_row_is_noticed_by_the_cases_that_it_concerns_and_by_silence() -> None:
    rows = [
        Row("rule", "none", lambda _: False, nullcontext),
        Row("rule", "same", lambda _: True, nullcontext),
    ]
    answers = iter([Answer(ANSWER), Answer(None, problem="it raised")])
    done: list[tuple[int, int]] = []
    found = [
        *mutants_of(rows, [case()], lambda _: next(answers), lambda *step: done.append(step)),
        *mutants_of(rows[1:], [case()], lambda _: next(answers), lambda *_: None),
    ]
    assert [(one.concerned, one.noticed_by) for one in found] == [(0, ()), (1, ()), (1, ("one",))]
    assert done == [(1, 2), (2, 2)]


def test_the_verdict_is_the_share_that_is_noticed() -> None:
    mutants = [Mutant("rule", str(n), 1, ("one",) if n else ()) for n in range(50)]
    assert survey(mutants, 0.98).verdict is Verdict.PASS
    assert survey(mutants, 0.981).verdict is Verdict.FAIL
    told = to_record(survey(mutants, 0.98), "hash", 60, 55)
    assert (told["mutants"], told["noticed"], told["share"]) == (50, 49, 0.98)
    assert told["unnoticed"] == [{"kind": "rule", "name": "0", "cases": 1, "example": None}]


def test_nothing_to_break_is_no_pass() -> None:
    with pytest.raises(NotEnoughDataError):
        survey([], 0.5)
