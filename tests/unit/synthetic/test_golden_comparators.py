"""When an answer is right, and which mistake a wrong one makes."""

from typing import Any

import pytest

from synthetic.golden.case import Case
from synthetic.golden.comparators import (
    right_fields,
    same_moment,
    same_people,
    same_rule,
    same_words,
)
from synthetic.golden.kinds import kinds_of
from tests.support.golden_cases import case_from_json
from tests.unit.synthetic.test_golden_case_file import GOOD

FULL: dict[str, Any] = {
    "title": "lunch",
    "start": "2026-03-12T12:00:00+01:00",
    "end": "2026-03-12T13:00:00+01:00",
    "all_day": False,
    "recurrence": None,
    "location": None,
    "attendees": ["Sam"],
}


def case(**expected: Any) -> Case:
    values = {**FULL, **expected}
    return case_from_json({**GOOD, "expected": values, "fields": list(values)})


def kinds(case: Case, **answered: Any) -> tuple[str, ...]:
    event = {**FULL, **answered}
    return kinds_of(case, event, right_fields(case, event))


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Lunch", "lunch", True),
        ("the lunch", "Lunch!", True),
        ("Anna's party", "annas party", True),
        ("Anna\u2019s party", "Anna's party", True),
        ("team  lunch", "team lunch", True),
        ("lunch", "lunch with Sam", False),
        (None, "", True),
        (None, "lunch", False),
    ],
)
def test_words_are_compared_without_case_articles_and_punctuation(
    one: str | None, other: str | None, *, same: bool
) -> None:
    assert same_words(one, other) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("2026-03-12T12:00:00+01:00", "2026-03-12T11:00:00Z", True),
        ("2026-03-12T12:00:00+01:00", "2026-03-12T12:00:00Z", False),
        ("2026-03-12", "2026-03-12", True),
        ("2026-03-12", "2026-03-12T00:00:00+01:00", False),
        (None, None, True),
        (None, "2026-03-12", False),
        ("2026-03-12", "soon", False),
        ("2026-03-12T12:00:00+01:00", "2026-03-12T12:00:00", False),
    ],
)
def test_moments_are_the_same_instant_or_the_same_day(
    one: str | None, other: str | None, *, same: bool
) -> None:
    assert same_moment(one, other) is same


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("FREQ=WEEKLY;BYDAY=TU,TH", "RRULE:BYDAY=TH,TU;FREQ=WEEKLY", True),
        ("FREQ=DAILY", "FREQ=DAILY;INTERVAL=1", True),
        ("FREQ=DAILY;UNTIL=20260401", "FREQ=DAILY;UNTIL=20260401T215959Z", True),
        ("FREQ=DAILY;UNTIL=20260401", "FREQ=DAILY;UNTIL=20260401T080000Z", False),
        ("FREQ=DAILY;COUNT=5", "FREQ=DAILY;UNTIL=20260317T080000Z", True),
        ("FREQ=DAILY;COUNT=5", "FREQ=DAILY;COUNT=6", False),
        ("FREQ=YEARLY", "FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=12", True),
        ("FREQ=DAILY", "often", False),
        ("FREQ=DAILY", None, False),
        (None, "", True),
    ],
)
def test_rules_are_compared_by_what_they_say(
    one: str | None, other: str | None, *, same: bool
) -> None:
    assert same_rule(one, other, "2026-03-12T12:00:00+01:00") is same


def test_people_have_no_order() -> None:
    assert same_people(["Sam", "anna"], ["Anna", "Sam"])
    assert not same_people(["Sam"], ["Sam", "Anna"])
    assert same_people([], None)


def test_only_the_fields_that_count_are_compared() -> None:
    only_start = case_from_json({**GOOD, "expected": FULL, "fields": ["start"]})
    assert right_fields(only_start, {"start": FULL["start"], "title": "else"}) == {"start": True}


@pytest.mark.parametrize(
    ("answered", "found"),
    [
        ({}, ()),
        ({"start": "2026-03-19T12:00:00+01:00"}, ("off by a week",)),
        ({"start": "2026-03-13T12:00:00+01:00"}, ("wrong day",)),
        ({"start": "2026-03-12T00:00:00+01:00"}, ("am or pm",)),
        ({"start": "2026-03-12T12:30:00+01:00"}, ("wrong time",)),
        ({"start": "2027-03-12T12:00:00+01:00"}, ("wrong year",)),
        ({"start": "2026-03-12"}, ("date for time",)),
        ({"start": None}, ("missing start",)),
        ({"end": None}, ("missing end",)),
        ({"end": "2026-03-12T14:00:00+01:00"}, ("wrong end",)),
        ({"title": "dinner"}, ("wrong title",)),
        ({"attendees": []}, ("missing attendees",)),
        ({"attendees": ["Tom"]}, ("wrong attendees",)),
        ({"location": "here"}, ("invented location",)),
        ({"recurrence": "FREQ=DAILY"}, ("invented recurrence",)),
        ({"all_day": True, "title": "x"}, ("wrong title", "whole day or not")),
    ],
)
def test_a_mistake_has_a_kind(answered: dict[str, Any], found: tuple[str, ...]) -> None:
    assert kinds(case(), **answered) == found


def test_an_event_where_there_is_none_is_one_mistake_only() -> None:
    nothing = case_from_json({**GOOD, "expected": {"start": None}, "fields": ["start"]})
    right = right_fields(nothing, FULL)
    assert kinds_of(nothing, FULL, right) == ("false event",)
    assert kinds_of(nothing, {}, right_fields(nothing, {})) == ()
