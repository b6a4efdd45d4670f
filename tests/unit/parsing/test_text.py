"""Stage 1: one spelling of look-alikes, nothing moves."""

from service.parsing.text import READ_AT_MOST_CHARS, clean


def test_typographic_signs_become_plain_ones_and_keep_their_place() -> None:
    said = clean("\u201cJo\u2019s\u201d 9\u20135\u00a0pm")
    assert said.shown == '"Jo\'s" 9-5 pm'
    assert len(said.shown) == 13


def test_lowering_never_moves_an_offset() -> None:
    said = clean("\u0130stanbul on FRIDAY")  # this capital grows by one character when lowered
    assert len(said.lower) == len(said.shown)
    assert said.lower.endswith("on friday")


def test_control_characters_are_spaces() -> None:
    assert clean("a\x00b\tc").shown == "a b c"


def test_what_is_too_long_is_cut_and_said() -> None:
    said = clean("x" * (READ_AT_MOST_CHARS + 5))
    assert len(said.shown) == READ_AT_MOST_CHARS
    assert said.problems == ("only the first 20000 of 20005 characters were read",)
