"""Stage 2: what each word or sign is, before any grammar."""

from dataclasses import replace

import pytest

from service.parsing import tokens
from service.parsing.grammar.english.language import ENGLISH
from service.parsing.tokens import tokenise
from service.parsing.values import Clock


def classes(text: str) -> list[str]:
    return [item.cls for item in tokenise(text, ENGLISH)]


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("7am", ["NUM", "AMPM"]),
        ("7 p.m.", ["NUM", "AMPM"]),
        ("3p", ["NUM", "AMPM"]),
        ("i am here", ["WORD", "AMPM", "WORD"]),  # harmless: no rule takes it without a number
        ("10:30", ["CLOCK"]),
        ("2026-03-04", ["ISO"]),
        ("3/4/2026", ["ISO"]),
        ("3/4", ["PAIR"]),
        ("2.5", ["DECIMAL"]),
        ("1.2.3", ["JUNK"]),
        ("555-123-4567", ["JUNK"]),
        ("$1,200.50", ["JUNK"]),
        ("1,200", ["JUNK"]),
        ("#44", ["JUNK"]),
        ("21st", ["ORD"]),
        ("2026", ["YEAR"]),
        ("1430", ["HHMM"]),
        ("https://example.com/a?b=1", ["LINK"]),
        ("ana@example.com", ["LINK"]),
        ("tomorrow's", ["DAY"]),
    ],
)
def test_a_sign_gets_its_class(text: str, wanted: list[str]) -> None:
    assert classes(text) == wanted


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("may 5", True),
        ("in may", True),
        ("may i go", False),
        ("march on", False),
        ("the march", False),
    ],
)
def test_a_doubtful_month_is_one_only_beside_its_like(text: str, month: bool) -> None:  # noqa: FBT001  # a parametrised expectation
    assert ("MONTH" in classes(text)) is month


@pytest.mark.parametrize(
    ("text", "weekday"),
    [
        ("sat at 5", True),
        ("next mon", True),
        ("he sat down", False),
        ("mon ami", False),
        ("sun", True),
    ],
)
def test_a_doubtful_weekday_is_one_only_beside_its_like(text: str, weekday: bool) -> None:  # noqa: FBT001  # a parametrised expectation
    assert ("WEEKDAY" in classes(text)) is weekday


def test_offsets_point_into_the_text() -> None:
    text = "lunch at 12:30 on fri."
    assert [text[i.start : i.end] for i in tokenise(text, ENGLISH)] == [
        "lunch",
        "at",
        "12:30",
        "on",
        "fri",
        ".",
    ]


def test_four_figures_with_a_leading_nought_are_a_24_hour_clock() -> None:
    assert tokenise("0730", ENGLISH)[0].value == Clock(7, 30, 0, "24")


@pytest.mark.parametrize(
    "text",
    [
        "lunch at 7 p. m., 2026-04-02 14:30", "section 4.2.11 on 4.2.11", "pay $ 5 at 3p",
        "2026-03-14t09:00 pm", "may 3, mon/tue; tom's 5-a-side", "D&D at a@b.org  twice  ",
        "call x at 9am call x at 9am", "\u20ac 30 on 1.2.2027, page 3.4.2027", "", "   ",
    ],
)  # fmt: skip
def test_pieces_that_were_seen_before_give_what_the_whole_text_gives(text: str) -> None:
    fresh = replace(ENGLISH)
    whole, _ = tokens._scanned(text, fresh, rich="@" in text)
    first, again = tokenise(text, fresh), tokenise(text, fresh)
    assert first == again
    assert [item[1:3] for item in first] == [item[1:3] for item in whole]
    assert [
        i for i, j in zip(first, whole, strict=True) if i.cls != j.cls and j.cls in _SIGNS
    ] == []


_SIGNS = {"CLOCK", "ISO", "DECIMAL", "JUNK", "LINK", "AMPM", "NUM", "MOMENT", "DOTTED", "ORD"}


def test_a_language_with_other_words_knows_nothing_of_what_was_seen() -> None:
    tokenise("fortnight", ENGLISH)
    assert replace(ENGLISH, words={}, sure={}).seen == {}
