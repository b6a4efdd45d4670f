"""The look-up of first letters never hides a phrase that the expression would find."""

import re

from service.parsing.roles import scaffold
from service.parsing.roles.phrases import Phrases, key, keys
from tests.unit.parsing.reading import cases

TABLES = {name: value for name, value in vars(scaffold).items() if isinstance(value, Phrases)}
WORD = re.compile(r"[^\W_]+")


def test_the_key_is_the_beginning_of_the_first_word() -> None:
    assert [key(text) for text in ("Please do", '"an apple"', "'s dinner", "4pm", "…")] == [
        "ple", "an", "s", "4pm", "",
    ]  # fmt: skip
    assert keys("Pick up the kids") == ["pic", "up", "the", "kid"]


def test_no_phrase_is_missed_anywhere_in_the_corpus() -> None:
    found = 0
    for case in cases():
        for word in WORD.finditer(case.text):
            rest = case.text[word.start() :]
            for name, phrases in TABLES.items():
                plain = re.compile(phrases.pattern, re.IGNORECASE | re.DOTALL).match(rest)
                quick = phrases.match(rest, key(rest))
                wanted = plain.group() if plain else ""
                assert (quick.group() if quick else "") == wanted, (name, rest)
                found += wanted != ""
    assert found > 1_000


def test_a_text_that_begins_otherwise_is_turned_away() -> None:
    phrases = Phrases(r"(?:please|can you|events?)\s+")
    assert phrases.match("dentist tomorrow", key("dentist tomorrow")) is None
    assert phrases.match("event today", key("event today")) is not None
    assert not phrases.whole("please dentist ")
