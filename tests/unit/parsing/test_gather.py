"""Stage 4: which expressions make up the request."""

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
