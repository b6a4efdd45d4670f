# ruff: noqa: E501  # an expectation is one row of its table
"""Misspelt weekdays, months and day words."""

import pytest

from service.parsing.grammar.english.spelling import MISSPELT, respell
from service.parsing.grammar.english.words import TABLE


@pytest.mark.parametrize(
    ("wrong", "right"),
    [("wendsday", "wednesday"), ("tommorow", "tomorrow"), ("febuary", "february"), ("thrusday", "thursday"),
     ("septmber", "september"), ("fryday", "friday")],
)  # fmt: skip
def test_a_slip_of_the_pen_is_the_word_that_was_meant(wrong: str, right: str) -> None:
    assert (MISSPELT.get(wrong) or respell(wrong)) == TABLE[right]


@pytest.mark.parametrize(
    "word", ["sundae", "monkey", "mourning", "friendly", "money", "house", "warning"]
)
def test_a_word_of_its_own_is_left_alone(word: str) -> None:
    assert word not in MISSPELT
    assert respell(word) is None


def test_no_misspelling_hides_a_word_of_the_lexicon() -> None:
    assert not set(MISSPELT) & set(TABLE)
