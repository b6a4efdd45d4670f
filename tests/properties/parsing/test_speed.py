"""The work grows no faster than the text, whatever the text repeats."""

import time
from collections.abc import Callable
from itertools import pairwise

import pytest

from service.parsing.engine import CODE
from service.parsing.grammar.english.language import ENGLISH
from service.parsing.tokens import MOST_ITEMS, tokenise
from tests.support.sampling import quick
from tests.unit.parsing.reading import read

UNITS = [
    "every ", "1 ", "monday ", "monday and ", "a", "with ", "with Ann and ", "at the ", "on ",
    "first and ", "next ", "3pm to ", "5 - ", "'", '"a ', "(", "1:", "1.", "20/", "https://",
    "a@b.", "new year ", "for 2 hours and ", "called x ", "twenty ", "christmas ", "half past ",
    "a.m. ", "that i ", "\x00", "é", "st ", "to my ", "i need to ", "please ", "1,", "1-1-",
    "9",
]  # fmt: skip


def cpu_seconds(work: Callable[[], object]) -> float:
    """Return the least of three runs, so that a busy machine is not taken for a slow parser."""
    least = float("inf")
    for _ in range(3):
        before = time.process_time()
        work()
        least = min(least, time.process_time() - before)
    return least


@pytest.mark.thorough
@pytest.mark.parametrize("unit", quick(UNITS, first=4))
def test_repetition_costs_no_more_than_its_length(unit: str) -> None:
    """Four times the text may cost at most twelve times the work; a square would cost sixteen."""
    short, long = (unit * 5000)[:2_500], (unit * 5000)[:10_000]
    read(long)  # compile what this text needs
    assert cpu_seconds(lambda: read(long)) < 12 * cpu_seconds(lambda: read(short)) + 0.05


@pytest.mark.thorough
@pytest.mark.parametrize("unit", quick(UNITS, first=4))
def test_ten_kilobytes_of_anything_cost_about_what_ten_kilobytes_of_sentences_do(unit: str) -> None:
    text, usual = (unit * 10_000)[:10_000], ("lunch with Ana tomorrow at noon, " * 400)[:10_000]
    read(text)
    read(usual)
    assert cpu_seconds(lambda: read(text)) < 25 * cpu_seconds(lambda: read(usual))


def test_no_more_than_a_fixed_number_of_words_is_read() -> None:
    assert len(tokenise("tick " * 50_000, ENGLISH)) == MOST_ITEMS


def test_a_text_without_time_words_reaches_no_rule() -> None:
    codes = CODE["WORD"] * 50
    assert all(stage.run([], codes)[1] == codes for stage in ENGLISH.stages)


def test_most_requests_take_about_the_same_time() -> None:
    texts = [f"lunch with Ana on the {day}th at noon for {day} minutes" for day in range(11, 19)]
    for text in texts:
        read(text)
    times = sorted(cpu_seconds(lambda text=text: read(text)) for text in texts)  # type: ignore[misc]
    assert all(later < 10 * earlier + 0.01 for earlier, later in pairwise(times))
