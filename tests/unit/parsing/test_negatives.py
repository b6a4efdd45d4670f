"""What looks like a time and is none, and what names a time that does not exist."""

import pytest

from tests.unit.parsing.reading import cases, read


@pytest.mark.parametrize("text", [case.text for case in cases("negatives")])
def test_it_is_not_taken_for_a_time(text: str) -> None:
    decision = read(text)
    assert decision.event.start is None, decision.evidence
    assert decision.event.recurrence is None
    assert decision.confidence < 0.1


@pytest.mark.parametrize("text", [case.text for case in cases("impossible")])
def test_an_impossible_time_is_named_as_a_problem(text: str) -> None:
    decision = read(text)
    assert decision.event.start is None
    assert decision.problems
    assert decision.confidence < 0.1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("February 30th", "there is no day 30 in month 2"),
        ("25 o'clock", "there is no time '25'"),
        ("meet at 13:75", "there is no time '13:75'"),
    ],
)
def test_the_problem_says_what_was_not_understood(text: str, said: str) -> None:
    assert said in read(text).problems


@pytest.mark.parametrize(
    "text", ["", " ", "\x00\x07", "😀😀", "日本語のテキスト", "...", "'\"'", "((((", "-", "@", "|"]
)
def test_an_odd_text_is_read_without_an_error(text: str) -> None:
    decision = read(text)
    assert decision.event.start is None
    assert decision.problems


def test_a_megabyte_is_cut_and_the_cut_is_told() -> None:
    decision = read("tomorrow at 3pm " + "x" * 1_000_000)
    assert decision.event.start is not None
    assert any("characters were read" in problem for problem in decision.problems)
