# ruff: noqa: E501  # an expectation is one row of its table
"""Stage 5: what was said, seen from now."""

from datetime import datetime
from itertools import islice

import pytest
from dateutil.rrule import rrulestr

from service.parsing import Preferences
from service.parsing.resolve import clocks
from service.parsing.resolve.repeats import first_day, rule_text
from service.parsing.values import Clock, ClockSpan, Repeat
from tests.unit.parsing.reading import end, read, shown, start

DEFAULTS = Preferences()
NOON = datetime(2026, 3, 11)  # noqa: DTZ001  # rules are resolved on the wall clock


@pytest.mark.parametrize(
    ("said", "topic", "hour"),
    [(Clock(4), "", 16), (Clock(9), "", 9), (Clock(9), "pm", 21), (Clock(6), "am", 6), (Clock(12), "", 12),
     (Clock(12, 0, 0, "am"), "", 0), (Clock(7), "", 19), (Clock(7), "am", 7), (Clock(15, 0, 0, "24"), "am", 15)],
)  # fmt: skip
def test_a_bare_hour_is_settled_by_what_is_scheduled(said: Clock, topic: str, hour: int) -> None:
    assert clocks.settle(said, "", topic, DEFAULTS).hour == hour


@pytest.mark.parametrize(
    ("first", "last", "wanted"),
    [
        (Clock(5), Clock(6, 0, 0, "pm"), (17, 18)),
        (Clock(11), Clock(1, 0, 0, "pm"), (11, 13)),
        (Clock(3, 0, 0, "pm"), Clock(5), (15, 17)),
        (Clock(9), Clock(5), (9, 17)),
        (Clock(3), Clock(8, 0, 0, "am"), (3, 8)),
        (Clock(11, 0, 0, "pm"), Clock(2), (23, 2)),
    ],
)
def test_the_two_ends_of_a_span_settle_each_other(
    first: Clock, last: Clock, wanted: tuple[int, int]
) -> None:
    made = clocks.settle_span(ClockSpan(first, last), "", "", DEFAULTS)
    assert (made.start.hour, made.end.hour) == wanted


def test_next_friday_is_a_preference() -> None:
    near = Preferences(next_weekday_skips=False)
    assert start("next friday") == "2026-03-20"
    assert shown(read("next friday", preferences=near).event.start) == "2026-03-13"


def test_the_order_of_day_and_month_is_a_preference() -> None:
    assert start("3/4/2026") == "2026-03-04"
    assert (
        shown(read("3/4/2026", preferences=Preferences(day_first=True)).event.start) == "2026-04-03"
    )
    assert start("25/4/2026") == "2026-04-25"


def test_the_hours_of_the_day_parts_are_preferences() -> None:
    early = Preferences(morning_hour=6)
    assert shown(read("friday morning", preferences=early).event.start) == "2026-03-13T06:00"


def test_a_date_that_passed_is_next_years() -> None:
    assert start("march 1") == "2027-03-01"


def test_a_question_in_the_past_tense_looks_back() -> None:
    assert start("what did I do on monday") == "2026-03-09"


def test_a_time_that_passed_today_is_tomorrows() -> None:
    assert start("call Jo at 7am") == "2026-03-12T07:00"


def test_a_span_over_midnight_ends_the_day_after() -> None:
    assert end("friday 10pm to 2am") == "2026-03-14T02:00"


@pytest.mark.parametrize(
    ("text", "finish"),
    [
        ("Flight Friday 22:00 to Saturday 6:30", "2026-03-14T06:30"),
        ("party Sat 20:00 to Sunday 3:00", "2026-03-15T03:00"),
        ("camp Friday 5pm to Sunday at 3:00", "2026-03-15T15:00"),
        ("camp Friday 5pm to Sunday 11:00", "2026-03-15T11:00"),
    ],
)
def test_an_end_counts_to_24_where_its_start_does(text: str, finish: str) -> None:
    assert end(text) == finish


@pytest.mark.parametrize(
    ("repeat", "first"),
    [
        (Repeat("WEEKLY", 1, (("BYDAY", "MO"),)), "2026-03-16"),
        (Repeat("MONTHLY", 1, (("BYDAY", "-1FR"),)), "2026-03-27"),
        (Repeat("MONTHLY", 1, (("BYMONTHDAY", "10"),)), "2026-04-10"),
        (Repeat("YEARLY", 1, (("BYMONTH", "2"), ("BYMONTHDAY", "29"))), "2028-02-29"),
        (Repeat("MONTHLY", 1, (("BYDAY", "MO,TU,WE,TH,FR"), ("BYSETPOS", "-1"))), "2026-03-31"),
        (Repeat("YEARLY", 1, (("BYYEARDAY", "100"),)), "2026-04-10"),
        (Repeat("MONTHLY", 1, (("BYDAY", "FR"), ("BYMONTHDAY", "13"))), "2026-03-13"),
        (Repeat("MONTHLY", 1, (("BYDAY", "TU"), ("BYMONTHDAY", "-1,1"))), "2026-03-31"),
    ],
)
def test_the_first_day_of_a_rule_is_what_the_reference_library_says(
    repeat: Repeat, first: str
) -> None:
    ours = first_day(repeat, NOON)
    theirs = next(islice(rrulestr(rule_text(repeat, None, None), dtstart=NOON), 1))
    assert ours.date().isoformat() == theirs.date().isoformat() == first


@pytest.mark.parametrize(
    "text",
    ["every other friday at 4", "the last monday of each month", "every weekday from june to august",
     "daily for 10 days", "every march 3rd", "every 2 hours", "first and third tuesday of every month"],
)  # fmt: skip
def test_the_event_is_the_first_occurrence_of_its_own_rule(text: str) -> None:
    event = read(text).event
    assert event.start is not None
    assert event.recurrence is not None
    begin = datetime.fromisoformat(event.start.isoformat()[:16])
    rule = event.recurrence.replace("Z", "")
    assert next(islice(rrulestr(rule, dtstart=begin), 1)) == begin


def test_a_rule_with_a_clock_time_has_its_until_in_utc() -> None:
    assert str(read("daily at 7am until april 1").event.recurrence).endswith(
        "UNTIL=20260401T235959Z"
    )
    assert str(read("daily until april 1").event.recurrence).endswith("UNTIL=20260401")


def test_a_zone_that_was_said_is_the_events_zone() -> None:
    event = read("friday at 3pm EST").event
    assert event.timezone == "America/New_York"
    assert shown(event.start) == "2026-03-13T15:00"
