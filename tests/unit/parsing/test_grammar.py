# ruff: noqa: E501  # an expectation is one row of its table
"""Stage 3: every table of rules can be compiled, and each family of phrases has its value."""

import pytest

from service.parsing import holidays
from service.parsing.engine import CODE
from service.parsing.grammar.english.language import ENGLISH
from service.parsing.grammar.german.stages import STAGES as GERMAN
from service.parsing.grammar.pipeline import read
from service.parsing.tokens import tokenise
from service.parsing.values import (
    Beside,
    Clock,
    ClockSpan,
    DateSpan,
    DayShift,
    Edge,
    Fields,
    Holiday,
    Inside,
    Length,
    Moment,
    NthOf,
    Numeric,
    Offset,
    Part,
    Period,
    Repeat,
    Rolling,
    Season,
    WeekdayRef,
    WeekNumber,
    Within,
    YearPart,
)  # fmt: skip

STAGES = (*ENGLISH.stages, *GERMAN)


def value(text: str) -> object:
    """Return the value of the only time expression in the text."""
    found = [
        i.value
        for i in read(holidays.mark(tokenise(text, ENGLISH), text), ENGLISH.stages)
        if i.rule
    ]
    assert len(found) == 1, found
    return found[0]


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_every_rule_of_a_table_compiles(stage: object) -> None:
    stage.compile()  # type: ignore[attr-defined]
    assert stage._compiled.keys() == {rule.pattern for rule in stage.rules}  # type: ignore[attr-defined]


def test_rule_names_are_unique_in_their_table() -> None:
    for stage in STAGES:
        names = [rule.name for rule in stage.rules]
        assert len(names) == len(set(names)), stage.name


def test_every_rule_makes_a_known_class() -> None:
    assert all(rule.makes.rstrip("*") in CODE for stage in STAGES for rule in stage.rules)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("march 3rd, 2027", Fields(2027, 3, 3)),
        ("the twenty first of june", Fields(None, 6, 21)),
        ("tuesday the 9th", Fields(None, None, 9, 1)),
        ("3/4", Numeric(3, 4)),
        ("2027-03-04", Fields(2027, 3, 4)),
        ("may 4-6", DateSpan(Fields(None, 5, 4), Fields(None, 5, 6))),
        ("the day after tomorrow", DayShift(2)),
        ("next friday", WeekdayRef(4, "next")),
        ("next month", Period("month", 1)),
        ("the next 3 days", Rolling(Length(days=3), 1)),
        ("within 2 hours", Within(Length(seconds=7200))),
        ("3 weeks after easter", Offset(Holiday("easter"), Length(days=21))),
        ("two days ago", Offset(None, Length(days=2), -1)),
        ("the first monday in may", NthOf(1, 0, Fields(None, 5))),
        ("friday next week", Inside(WeekdayRef(4), Period("week", 1))),
        ("the friday before easter", Beside(4, Holiday("easter"), -1)),
        ("the end of next month", Edge("end", Period("month", 1))),
        ("summer of 2027", Season("summer", 2027)),
        ("q3 2027", YearPart(3, 3, 2027)),
        ("week 12", WeekNumber(12)),
    ],
)
def test_a_date(text: str, wanted: object) -> None:
    assert value(text) == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("4pm", Clock(4, 0, 0, "pm")),
        ("at half past seven", Clock(7, 30)),
        ("quarter to nine pm", Clock(8, 45, 0, "pm")),
        ("at nine thirty", Clock(9, 30)),
        ("8 in the evening", Clock(8, 0, 0, "pm")),
        ("noon", Clock(12, 0, 0, "24")),
        ("eight hundred am", Clock(8, 0, 0, "am")),
        ("from 2 to 4pm", ClockSpan(Clock(2), Clock(4, 0, 0, "pm"))),
        ("tomorrow morning", Moment(DayShift(1), None, Part("morning"))),
        ("late tonight", Moment(DayShift(0), None, Part("night", "late"))),
    ],
)
def test_a_time_of_day(text: str, wanted: object) -> None:
    assert value(text) == wanted


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("90 minutes", 5400), ("an hour and a half", 5400), ("half an hour", 1800), ("1 1/2 hours", 5400),
     ("2 hours and 5 min", 7500), ("a couple of hours", 7200), ("three quarters of an hour", 2700)],
)  # fmt: skip
def test_a_length(text: str, seconds: int) -> None:
    assert value(text) == Length(seconds=seconds)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("every other friday", Repeat("WEEKLY", 2, (("BYDAY", "FR"),))),
        ("every 3 weeks", Repeat("WEEKLY", 3)),
        ("the 2nd and last monday of each month", Repeat("MONTHLY", 1, (("BYDAY", "2MO,-1MO"),))),
        ("every july 4th", Repeat("YEARLY", 1, (("BYMONTH", "7"), ("BYMONTHDAY", "4")))),
        (
            "every 20th and 30th of may",
            Repeat("YEARLY", 1, (("BYMONTHDAY", "20,30"), ("BYMONTH", "5"))),
        ),
        ("the 10th of every second month", Repeat("MONTHLY", 2, (("BYMONTHDAY", "10"),))),
    ],
)
def test_a_rule(text: str, wanted: object) -> None:
    assert value(text) == wanted
