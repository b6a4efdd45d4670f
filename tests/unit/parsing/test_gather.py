"""Stage 4: which expressions make up the request."""

import pytest

from service.parsing import holidays
from service.parsing.gather import gather
from service.parsing.grammar.english.language import ENGLISH
from service.parsing.grammar.pipeline import read as read_grammar
from service.parsing.time_expressions import TimeExpressions
from service.parsing.tokens import tokenise
from service.parsing.values import DayShift, Length, Part, WeekdayRef
from tests.unit.parsing.reading import end, read, start


def expressions(text: str, *, reminding: bool = False, moving: bool = False) -> TimeExpressions:
    return gather(
        read_grammar(holidays.mark(tokenise(text, ENGLISH), text), ENGLISH.stages),
        reminding=reminding,
        moving=moving,
    )


def test_the_first_date_wins_and_the_others_are_counted() -> None:
    found = expressions("tomorrow, call about the trip on friday")
    assert (found.date, found.extra_dates) == (DayShift(1), 1)


def test_a_holiday_that_only_names_a_party_gives_way_to_a_date() -> None:
    assert expressions("christmas party on friday").date == WeekdayRef(4)


def test_a_part_of_the_day_inside_a_name_is_only_a_hint() -> None:
    found = expressions("movie night on friday at 9")
    assert (found.part, found.hint) == (None, Part("night"))


def test_a_length_before_something_is_a_reminder() -> None:
    found = expressions("remind me 15 minutes before the call tomorrow", reminding=True)
    assert found.reminders == [Length(seconds=900)]


def test_a_move_is_read_by_its_destination() -> None:
    assert start("move my 3pm call to 5pm tomorrow") == "2026-03-12T17:00"


def test_a_correction_replaces_what_was_said() -> None:
    assert start("lunch tomorrow, sorry, on friday") == "2026-03-13"


def test_a_pair_of_numbers_is_a_time_only_beside_a_date_and_never_a_score() -> None:
    assert (start("friday 9-11"), end("friday 9-11")) == ("2026-03-13T09:00", "2026-03-13T11:00")
    assert read("pages 9-11").event.start is None
    assert start("we won 3-2 on friday") == "2026-03-13"


def test_a_number_of_guests_is_not_an_hour() -> None:
    assert start("table for 4 on friday") == "2026-03-13"
    assert start("call Sam for 4") == "2026-03-11T16:00"


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Call Monday, email Tuesday", "2026-03-16"),
        ("Send email March 20 and call March 21", "2026-03-20"),
        ("call May 5 at noon, dinner May 6", "2026-05-05T12:00"),
        ("call Monday at 9 about the Friday meeting", "2026-03-16T09:00"),
        ("call on Monday or Tuesday", "2026-03-16"),
        ("Pay invoice March 20 before Friday", "2026-03-20"),
    ],
)
def test_a_day_behind_what_is_sent_is_when_it_is_sent(text: str, when: str) -> None:
    assert start(text) == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Schedule a call Monday with Jo for the May 5 launch", "2026-03-16"),
        ("call Friday 3pm to plan the May 5 trip", "2026-03-13T15:00"),
        ("Reply to the March 9 email tomorrow at 10", "2026-03-12T10:00"),
        ("Answer your mail of March 9 tomorrow", "2026-03-12"),
    ],
)
def test_a_day_that_tells_which_thing_leaves_the_one_that_tells_when(text: str, when: str) -> None:
    assert start(text) == when


def test_two_days_that_tell_which_things_are_not_both_left_out() -> None:
    assert start("the May 5 trip and the June 6 trip") == "2026-05-05"
