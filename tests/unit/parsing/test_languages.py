"""A language is data: which one a text is in, and what each has to bring."""

from itertools import combinations

import pytest

from service.parsing.grammar.languages import LANGUAGES, choose
from service.parsing.language import Language
from tests.unit.parsing.reading import cases, read


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("zahnarzt morgen um 15 uhr", "de"),
        ("jeden montag yoga", "de"),
        ("treffen mit anna am freitag", "de"),
        ("yoga on monday", "en"),
        ("lunch at mit tomorrow at noon", "en"),
        ("um can you book a table for two", "en"),
        ("10:00 am - 1:30 pm", "en"),
        ("konzert am 27.3.", "de"),
        ("miete am 5.", "de"),
        ("gym 9 am 5. floor", "en"),
        ("i am 40. cake on friday", "en"),
        ("alarm am 7.30", "en"),
        ("dinner with von trapp on friday", "en"),
        ("", "en"),
    ],
)
def test_a_text_is_read_in_the_language_of_most_of_its_words(text: str, code: str) -> None:
    assert choose(text).code == code


def test_no_english_phrasing_of_ours_is_taken_for_german() -> None:
    english = [case.text for case in cases() if case.kind not in ("german", "hard")]
    assert len(english) > 2000
    assert [text for text in english if choose(text.lower()).code != "en"] == []


def test_every_german_phrasing_of_ours_is_taken_for_german() -> None:
    assert [c.text for c in cases("german") if choose(c.text.lower()).code != "de"] == []


@pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
def test_a_language_brings_all_that_the_engine_asks_for(language: Language) -> None:
    assert language.stages
    assert language.sure.items() <= language.words.items()
    assert not language.doubtful & language.sure.keys()
    assert len(language.telltale) > 100


def test_what_tells_one_language_tells_no_other() -> None:
    for one, other in combinations(LANGUAGES, 2):
        assert one.telltale & other.telltale <= {"halloween"}


@pytest.mark.parametrize(
    ("text", "wish"),
    [
        ("Lösche die Probe am Montag um 9", "cancel"),
        ("Verschiebe das Treffen auf Freitag um 11", "move"),
        ("Wann ist am Dienstag der Workshop?", "query"),
        ("Workshop am Dienstag", "create"),
    ],
)
def test_what_is_wanted_is_heard_in_german_too(text: str, wish: str) -> None:
    assert read(text).intent == wish


def test_german_names_and_places_are_found_by_its_own_words() -> None:
    event = read("Abendessen mit Klaus und Petra im Gasthof Adler am Samstag um 19 Uhr").event
    assert event.title == "Abendessen"
    assert event.attendees == ("Klaus", "Petra")
    assert event.location == "Gasthof Adler"


def test_a_verb_that_a_time_parted_from_its_object_belongs_to_the_title() -> None:
    assert read("Auto morgen um 9 abholen").event.title == "Auto abholen"
