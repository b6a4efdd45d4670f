"""What the shipped set notices when the parser is broken on purpose, one row at a time."""

import contextlib
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from ops import parser_rows
from ops.in_process import InProcessParser
from service.parsing import Preferences, decide
from service.parsing.building import durations
from service.parsing.resolve import nth
from service.parsing.resolve.arith import week_of
from synthetic.edge.golden.runs import ask_all
from synthetic.golden.case import Case
from synthetic.golden.gate import GateVerdict
from synthetic.golden.mutation import Row, mutants_of, survey
from synthetic.golden.run_value import Answer
from tests.golden.test_gate import run_gate, without_rule
from tests.support.golden_cases import shipped_cases
from tests.support.sampling import quick

LEAST = 0.98


def answers(cases: list[Case]) -> list[Answer]:
    return [one.answer for one in ask_all(cases, InProcessParser()).results]


def some_rows(cases: list[Case], wanted: tuple[str, ...]) -> list[Row]:
    with InProcessParser().asking() as ask:
        return [row for row in parser_rows.rows(cases, ask) if row.name.startswith(wanted)]


@pytest.mark.thorough
def test_a_broken_row_answers_differently_and_is_whole_again_afterwards() -> None:
    cases = [
        case for case in shipped_cases() if "fortnight" in case.text or "afternoon" in case.text
    ]
    before = [(one.event, one.confidence) for one in answers(cases)]
    rows = some_rows(
        cases,
        ("default afternoon_hour", "building.durations._IN_DAYS[fortnight]", "en: UNIT 'fortnight'",
         "en: parts of the day: date-part"),
    )  # fmt: skip
    assert {row.kind for row in rows} == {"rule", "word", "convention"}
    with InProcessParser().asking() as ask:
        found = list(mutants_of(rows, cases, ask, lambda *_: None))
    assert len(found) == 4
    assert all(one.noticed_by for one in found), found
    assert [(one.event, one.confidence) for one in answers(cases)] == before


@contextlib.contextmanager
def broken(what: str) -> Iterator[None]:
    """Break a convention as a careless change would."""
    with pytest.MonkeyPatch.context() as patch:
        BROKEN[what](patch)
        yield


def _afternoon(patch: pytest.MonkeyPatch) -> None:
    later = Preferences(afternoon_hour=15)
    kept = decide.parse
    patch.setattr(
        "ops.in_process.parse", lambda text, **said: kept(text, preferences=later, **said)
    )


def _fortnight(patch: pytest.MonkeyPatch) -> None:
    patch.setitem(durations._IN_DAYS, "fortnight", 7)


def _week_of_month(patch: pytest.MonkeyPatch) -> None:
    patch.setattr(nth, "week_of", lambda day: week_of(day + timedelta(days=7)))


def _hours_before(patch: pytest.MonkeyPatch) -> None:
    without_rule(patch, "length-before-time")


BROKEN: dict[str, Any] = {
    "the afternoon an hour late": _afternoon,
    "half a fortnight": _fortnight,
    "the nth week of a month a week off": _week_of_month,
    "hours before a time lost": _hours_before,
}


@pytest.mark.parametrize("what", quick(BROKEN, first=1))
@pytest.mark.thorough
def test_damage_that_once_passed_fails_the_gate(what: str) -> None:
    with broken(what):
        done = run_gate()
    assert done.gate.verdict is GateVerdict.FAIL


@pytest.mark.thorough
def test_hardly_a_row_of_the_parser_can_be_broken_without_a_case_that_notices() -> None:
    run = ask_all(shipped_cases(), InProcessParser())
    right = [case for case, one in zip(shipped_cases(), run.results, strict=True) if one.right]
    with InProcessParser().asking() as ask:
        rows = parser_rows.rows(right, ask)
        found = survey(mutants_of(rows, right, ask, lambda *_: None), LEAST)
    assert found.share >= LEAST, "\n".join(f"{one.kind}: {one.name}" for one in found.unnoticed)
