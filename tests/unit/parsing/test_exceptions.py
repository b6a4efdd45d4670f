# ruff: noqa: E501  # an expectation is one row of its table
"""What a rule leaves out: said in the RRULE where it can be, in the problems where it cannot."""

import pytest

from tests.unit.parsing.reading import read


@pytest.mark.parametrize(
    ("text", "rule", "start"),
    [
        ("every week except in july", "FREQ=WEEKLY;BYMONTH=1,2,3,4,5,6,8,9,10,11,12", "2026-03-11"),
        ("every month except december", "FREQ=MONTHLY;BYMONTH=1,2,3,4,5,6,7,8,9,10,11", "2026-03-11"),
        ("daily except june to august", "FREQ=DAILY;BYMONTH=1,2,3,4,5,9,10,11,12", "2026-03-11"),
        ("every friday except in march", "FREQ=WEEKLY;BYDAY=FR;BYMONTH=1,2,4,5,6,7,8,9,10,11,12", "2026-04-03"),
        ("every friday except the first friday of the month", "FREQ=MONTHLY;BYDAY=2FR,3FR,4FR,5FR", "2026-03-13"),
        ("every friday except the last friday of the month", "FREQ=MONTHLY;BYDAY=-2FR,-3FR,-4FR,-5FR", "2026-03-13"),
        ("every friday except march 13", "FREQ=WEEKLY;BYDAY=FR", "2026-03-20"),
    ],
)  # fmt: skip
def test_what_a_rule_can_say_it_says(text: str, rule: str, start: str) -> None:
    decision = read(text)
    assert (decision.event.recurrence, str(decision.event.start)) == (rule, start)
    assert decision.problems == ()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("every friday except april 3", "2026-04-03"),
        ("every monday at 9 except on march 23 and april 6", "2026-04-06"),
        ("every day except sundays and holidays", "holidays"),
        ("every monday except the 23rd to the 27th", "EXDATE"),
    ],
)
def test_what_a_rule_cannot_say_is_told(text: str, named: str) -> None:
    decision = read(text)
    assert decision.event.recurrence is not None
    assert any(named in problem for problem in decision.problems)


def test_where_nothing_repeats_an_exception_is_a_date_like_any_other() -> None:
    assert str(read("team meeting, but on friday").event.start) == "2026-03-13"
