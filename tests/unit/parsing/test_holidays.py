# ruff: noqa: E501  # an expectation is one row of its table
"""Holidays by rule."""

from datetime import date

import pytest
from dateutil.easter import easter as reference

from service.parsing import holidays, other_calendars
from service.parsing.grammar.english.language import ENGLISH
from service.parsing.tokens import tokenise
from tests.unit.parsing.reading import read


@pytest.mark.parametrize("year", range(1990, 2100, 7))
def test_easter_is_where_the_reference_library_puts_it(year: int) -> None:
    assert holidays.easter(year) == reference(year)


@pytest.mark.parametrize(
    ("name", "day"),
    [("thanksgiving", date(2027, 11, 25)), ("labor day", date(2027, 9, 6)), ("memorial day", date(2027, 5, 31)),
     ("good friday", date(2027, 3, 26)), ("black friday", date(2027, 11, 26)), ("election day", date(2028, 11, 7)),
     ("super bowl", date(2026, 2, 8)), ("grandparents day", date(2025, 9, 7)), ("grandparents day", date(2028, 9, 10)),
     ("administrative day", date(2025, 4, 23)), ("administrative day", date(2024, 4, 24)), ("victoria day", date(2026, 5, 18))],
)  # fmt: skip
def test_a_holiday_of_a_year(name: str, day: date) -> None:
    assert holidays.on(name, day.year) == day


def test_every_name_can_be_resolved() -> None:
    for choices in holidays._BY_FIRST_WORD.values():
        for _, name in choices:
            assert holidays.on(name, 2028).year == 2028


@pytest.mark.parametrize(
    "text",
    [
        "st. patrick's day",
        "st patricks day",
        "saint patrick day",
        "d-day",
        "X-mas",
        "day of the dead",
    ],
)
def test_a_name_is_found_however_it_is_pointed(text: str) -> None:
    lower = text.lower()
    assert [i.cls for i in holidays.mark(tokenise(lower, ENGLISH), lower)] == ["HOLIDAY"]


def test_a_fixed_holiday_and_an_nth_weekday_have_a_rule_and_easter_has_none() -> None:
    assert holidays.yearly("christmas") == (("BYMONTH", "12"), ("BYMONTHDAY", "25"))
    assert holidays.yearly("thanksgiving") == (("BYDAY", "4TH"), ("BYMONTH", "11"))
    assert holidays.yearly("easter") is None


@pytest.mark.parametrize(
    ("name", "year", "day"),
    [
        ("rosh hashanah", 2024, date(2024, 10, 3)),
        ("rosh hashanah", 2026, date(2026, 9, 12)),
        ("yom kippur", 2025, date(2025, 10, 2)),
        ("passover", 2027, date(2027, 4, 22)),
        ("hanukkah", 2025, date(2025, 12, 15)),
        ("orthodox easter", 2025, date(2025, 4, 20)),
        ("orthodox easter", 2027, date(2027, 5, 2)),
        ("chinese new year", 2026, date(2026, 2, 17)),
        ("eid al-fitr", 2027, date(2027, 3, 9)),
    ],
)
def test_a_holiday_of_another_calendar_has_its_own_day(name: str, year: int, day: date) -> None:
    assert other_calendars.on(name, year) == day


def test_a_year_that_no_table_knows_is_said_and_not_guessed() -> None:
    decision = read("Diwali 2077")
    assert decision.event.start is None
    assert "diwali in 2077" in decision.problems[0]
