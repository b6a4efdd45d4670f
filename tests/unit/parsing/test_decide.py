# ruff: noqa: E501  # an expectation is one row of its table
"""The whole decision: evidence, alternatives, shape."""

import dataclasses
from datetime import date, datetime

import pytest

from service.parsing import warm_up
from service.parsing.grammar.languages import LANGUAGES
from tests.unit.parsing.reading import read, shown


def test_every_value_found_remembers_its_words_and_its_rule() -> None:
    text = "Lunch with Ana tomorrow at noon for 45 minutes"
    found = {(e.part, e.words): e.rule for e in read(text).evidence}
    assert found == {
        ("date", "tomorrow"): "day-word", ("time", "noon"): "noon", ("length", "45 minutes"): "n-units",
        ("attendees", "Ana"): "names", ("title", "Lunch"): "residue",
    }  # fmt: skip
    assert all(text[e.start : e.end] == e.words for e in read(text).evidence)


def test_next_weekday_offers_the_coming_one() -> None:
    (other,) = read("next friday").alternatives
    assert shown(other.start) == "2026-03-13"
    assert 0 < other.likelihood < 0.5


def test_a_bare_hour_offers_the_other_half_of_the_day() -> None:
    others = read("call Jo on the 20th at 4").alternatives
    assert [shown(other.start) for other in others] == ["2026-03-20T04:00"]


def test_a_date_in_figures_offers_the_other_order() -> None:
    others = read("3/4/2026").alternatives
    assert [shown(other.start) for other in others] == ["2026-04-03"]


def test_alternatives_are_ranked_and_differ_from_the_choice() -> None:
    decision = read("review next friday at 4")
    likelihoods = [other.likelihood for other in decision.alternatives]
    assert likelihoods == sorted(likelihoods, reverse=True)
    assert decision.event.start not in [other.start for other in decision.alternatives]


def test_what_is_plain_has_no_alternatives() -> None:
    assert read("2026-04-20 at 14:00").alternatives == ()


def test_a_decision_cannot_be_changed() -> None:
    decision = read("lunch tomorrow")
    with pytest.raises(dataclasses.FrozenInstanceError):
        decision.confidence = 1.0  # type: ignore[misc]
    with pytest.raises(TypeError):
        decision.breakdown["start"] = 1.0  # type: ignore[index]


def test_an_all_day_event_has_dates_and_another_has_aware_times() -> None:
    day, hour = read("tomorrow").event, read("tomorrow at 3pm").event
    assert (day.start, day.end, day.all_day) == (date(2026, 3, 12), date(2026, 3, 13), True)
    assert isinstance(hour.start, datetime)
    assert hour.start.tzinfo is not None


def test_a_reminder_is_told_in_minutes() -> None:
    decision = read("remind me 15 minutes before the call with Ana tomorrow at 3pm")
    assert decision.event.reminders_minutes == (15,)
    assert shown(decision.event.start) == "2026-03-12T15:00"


@pytest.mark.parametrize(
    "text",
    ["", " ", "\t\n", "\x00", "\x01\x02 \x1f", "\u200b", "\ufeff", "'\x00'", '" "', "\x00" * 3000],
)
def test_a_text_of_nothing_but_spaces_or_control_characters_says_so(text: str) -> None:
    decision = read(text)
    assert (decision.event.start, decision.intent) == (None, "none")
    assert decision.problems == ("no date or time found",)


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("call at 10am New York time on friday", "America/New_York"),
        ("call at 14:00 London time", "Europe/London"),
        ("sync with Ann at 3pm San Francisco time", "America/Los_Angeles"),
        ("dinner at 6pm in Tokyo time", "Asia/Tokyo"),
    ],
)
def test_a_city_names_the_zone_of_the_time_before_it(text: str, zone: str) -> None:
    event = read(text).event
    assert event.timezone == zone
    assert event.title in ("call", "sync", "dinner")


def test_a_city_without_a_time_before_it_is_no_zone() -> None:
    assert read("new york time magazine party on friday").event.timezone == "UTC"


def test_a_common_request_waits_for_no_rule_once_the_parser_is_warm() -> None:
    warm_up()
    before = {id(stage): set(stage._compiled) for stage in LANGUAGES[0].stages}
    read("choir with Ben tomorrow at noon")
    read("vet on Tuesday at 4:15pm")
    read("audit from 9 to 11am on Thursday, June 4")
    assert before == {id(stage): set(stage._compiled) for stage in LANGUAGES[0].stages}


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("February 30th", "there is no day 30 in month 2"),
        ("25 o'clock", "there is no time '25'"),
        ("party on Friday at 13:75", "there is no time '13:75'"),
        ("the 0th of May", "there is no day '0th'"),
        ("in 99999999 days", "'99999999 days' lies beyond the calendar"),
        ("the quick brown fox", "no date or time found"),
        ("every day at 9:15 and 3:30", "a rule cannot repeat at several times whose minutes differ: only the first is kept"),
    ],
)  # fmt: skip
def test_what_could_not_be_understood_is_said(text: str, problem: str) -> None:
    assert problem in read(text).problems
