# ruff: noqa: E501  # a table row is a row
"""Each kind of doubt is found by its code, says what was assumed, and lowers the confidence."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from service.parsing import Decision, parse
from service.parsing.confidence import probability
from service.parsing.doubts.codes import CODES
from service.parsing.doubts.weights import WEIGHTS
from service.parsing.signs import SIGNS
from tests.unit.parsing.reading import cases, read, shown


def codes(decision: Decision) -> set[str]:
    return {doubt.code for doubt in decision.doubts}


@pytest.mark.parametrize(
    ("text", "code", "words"),
    [
        ("concert on Sunday the 21st at 8pm", "weekday_contradicts_date", "Sunday"),
        ("inspection Monday, April 14 at 10am", "weekday_contradicts_date", "Monday"),
        ("fair Fri 2 May 3pm", "weekday_contradicts_date", "Friday"),
        ("audit Mon, 17/03/2026 10:00", "weekday_contradicts_date", "Monday"),
        ("audit on Tuesday (March 18) at 3pm", "weekday_contradicts_date", "Tuesday"),
        ("fair Sat 03/20 3pm", "weekday_contradicts_date", "Saturday"),
        ("choir tomorrow, Sunday, at 3pm", "weekday_contradicts_date", "Sunday"),
        ("camp Monday 23rd to Friday 26th March", "weekday_contradicts_date", "Friday"),
        ("choir at 9 and at 11 tomorrow", "second_time", "11:00"),
        ("conference Monday, retreat Tuesday", "second_date", "Tuesday"),
        ("swim Monday at 7am and Thursday at 8am", "second_time", "8am"),
        ("choir at 7", "bare_hour", "7:00"),
        ("choir at 7pm", "date_assumed", ""),
        ("choir next Friday at 7pm", "next_weekday", "next Friday"),
        ("choir on Wednesday at 7pm", "weekday_is_today", "Wednesday"),
        ("choir on 5/6 at 7pm", "day_month_order", "5/6"),
        ("night shift tomorrow 22:00-06:00", "past_midnight", "22:00 to 06:00"),
        ("audit tomorrow 15:00-13:00", "end_before_start", "15:00 to 13:00"),
        ("audit on 3 February 2026 at 9am", "past_time", "2026-02-03"),
        ("choir today at 7am", "past_time", "2026-03-11"),
        ("goose supper, Michaelmas, Friday 7pm", "unknown_holiday", "Michaelmas"),
        ("picnic Saturday or Sunday", "second_date", "Sunday"),
        ("picnic tomorrow or the day after", "second_date", "the day after"),
        ("choir today and tomorrow at 7pm", "second_date", "today and tomorrow"),
        ("the 4th, 5th and 6th of May", "second_date", "the 4th"),
        ("fair from 9 June to 2 June", "end_before_start", "2026-06-09 to 2027-06-02"),
        ("choir four rehearsals from now at 7pm", "unused_time_words", "four rehearsals from now"),
        ("choir next week at 7pm", "day_assumed", ""),
        ("swim in August at 7am", "day_assumed", ""),
        ("retreat May 4-6, 9am to 5pm", "each_day", "09:00 to 17:00"),
        ("clinic Mon-Thu 8:45am to 5pm", "each_day", "08:45 to 17:00"),
        ("clinic Mon-Thu 8:45am", "once_or_each", "Mon-Thu 8:45am"),
        ("sauna tue and sat", "once_or_each", "tue and sat"),
        ("tango club, last friday of the month, 9pm", "once_or_each", "last friday of the month"),
        ("barber 10 to 9 tomorrow", "spoken_clock", "10 to 9"),
        ("stamps, 3.20, Monday", "price_as_time", "3.20"),
        ("massage tomorrow morning at 4pm", "part_contradicts_time", "morning"),
        ("tonight at 8am stand-up comedy", "part_contradicts_time", "night"),
        ("aikido every Tuesday on Friday at 18:00", "weekday_contradicts_date", "Friday"),
        ("boat from 9 July 2026 to 2 July 2026", "end_before_start", "2026-07-09 to 2027-07-02"),
        ("choir trip on the 24th, back at 3.30pm", "unused_time_words", "3.30pm"),
        ("perhaps choir on Friday at 7pm", "writer_unsure", "perhaps"),
        ("vielleicht am Freitag um 19 Uhr ins Kino", "writer_unsure", "vielleicht"),
        ("not on Monday at 7pm", "correction", "not on Monday"),
        ("recital tomorrow at 18:30 UTC+19", "zone_not_understood", "UTC+19"),
        ("recital 2026-07-02T18:30:00-03:30", "offset_unclear", "-03:30"),
    ],
)
def test_a_doubt_names_its_words(text: str, code: str, words: str) -> None:
    found = [doubt for doubt in read(text).doubts if doubt.code == code]
    assert [doubt.words for doubt in found] == [words]
    assert found[0].assumed


@pytest.mark.parametrize(
    "text",
    [
        "concert on Sunday, March 22 at 8pm", "lunch tomorrow at 12:30pm", "call Ann on Friday at 3pm",
        "gym every Monday at 7am", "fair on Saturday, 2 May 2026 at 3pm", "board meeting 2026-04-02 14:00", "choir tomorrow, Thursday, at 3pm",
    ],
)  # fmt: skip
def test_an_ordinary_request_is_not_doubted(text: str) -> None:
    decision = read(text)
    assert codes(decision) == set()
    assert decision.problems == ()
    assert decision.confidence > 0.9


@pytest.mark.parametrize(
    "text",
    ["lease April 1 to November 15", "sabbatical from January 1 to December 31",
     "school from September 1 to June 30", "skiing December 28 to January 3"],
)  # fmt: skip
def test_a_long_stretch_is_not_taken_for_two_days_in_the_wrong_order(text: str) -> None:
    assert codes(read(text)) == set()


def there(text: str, zone: str) -> Decision:
    return parse(text, now=datetime(2026, 3, 1, 12, tzinfo=UTC), zone=ZoneInfo(zone))


def test_a_time_that_the_clocks_skip_is_said_and_is_what_they_show_then() -> None:
    decision = there("deploy on March 8 at 2:30am", "America/New_York")
    assert "skipped_time" in codes(decision)
    assert shown(decision.event.start) == "2026-03-08T03:30"
    assert any("skip" in problem for problem in decision.problems)


@pytest.mark.parametrize(
    ("text", "end"),
    [("deploy on March 8 at 2:30am", "2026-03-08T04:30"),
     ("deploy on March 8 at 2:45am for 30 minutes", "2026-03-08T04:15"),
     ("deploy on March 8 at 1:45am for 30 minutes", "2026-03-08T03:15")],
)  # fmt: skip
def test_what_begins_at_a_time_that_the_clocks_skip_lasts_as_long_as_was_said(
    text: str, end: str
) -> None:
    assert shown(there(text, "America/New_York").event.end) == end


def test_a_time_that_the_clocks_show_twice_is_the_first_of_both() -> None:
    decision = there("deploy on November 1 2026 at 1:30am", "America/New_York")
    assert "repeated_time" in codes(decision)
    start = decision.event.start
    assert isinstance(start, datetime)
    assert start.isoformat() == "2026-11-01T01:30:00-04:00"


def test_a_time_that_the_clocks_show_once_is_not_doubted() -> None:
    assert not codes(there("deploy on March 8 at 3:30am", "America/New_York"))


@pytest.mark.parametrize(
    ("text", "other"),
    [
        ("concert on Sunday the 21st at 8pm", "2026-03-22T20:00"),
        ("conference Monday, retreat Tuesday", "2026-03-17"),
        ("swim Monday at 7am and Thursday at 8am", "2026-03-12T07:00"),
        ("choir today at 7am", "2026-03-12T07:00"),
    ],
)
def test_the_other_reading_is_an_alternative(text: str, other: str) -> None:
    assert other in [shown(one.start) for one in read(text).alternatives]


def test_every_code_is_listed_and_has_a_weight() -> None:
    texts = [case.text for case in cases()]
    found = {doubt.code for text in texts for doubt in read(text).doubts}
    assert found <= set(CODES)
    assert len(found) > 15
    assert set(CODES) - set(WEIGHTS) == {"language_not_supported"}
    assert all(code in CODES or code in SIGNS or code == "bias" for code in WEIGHTS)


@pytest.mark.parametrize("code", sorted(set(WEIGHTS) & set(CODES)))
def test_a_doubt_never_raises_the_confidence(code: str) -> None:
    assert probability((code,)) <= probability(())
    assert probability((code, code, code)) == probability((code, code))


def test_the_confidence_is_not_one_constant() -> None:
    found = {read(case.text).confidence for case in cases("requests")}
    assert len(found) > 15


@pytest.mark.parametrize(
    ("text", "start"),
    [
        ("boat hire Tue 14 - Thu 16 July", "2026-07-14"),
        ("OOO 28/5 - 3/6", "2026-05-28"),
        ("supper club, 6.30 for 7.15, tomorrow", "2026-03-12T18:30"),
        ("talk with June about the May figures tomorrow at 3pm", "2026-03-12T15:00"),
        ("taxi 45 minutes before my 10:30 train on Friday", "2026-03-13T09:45"),
        ("first weekend in June at the lake", "2026-06-06"),
        ("shift 9pm to 5am Saturday", "2026-03-14T21:00"),
        ("at the pool, Sun, 9 sharp", "2026-03-15T09:00"),
        ("all crew tmrw 6:30pm IST", "2026-03-12T18:30"),
    ],
)
def test_what_was_silently_wrong_is_read_as_meant(text: str, start: str) -> None:
    found = read(text).event.start
    assert found is not None
    assert found.isoformat()[: len(start)] == start


@pytest.mark.parametrize(
    "text",
    [
        "retreat from Friday 5pm to Sunday 9am",
        "stay from April 3 2pm to the 6th",
        "sports day on Friday at 7pm",
        "vitamin D on Friday at 7pm",
        "half-term 25-29 May",
        "ICE 603 on Friday at 7pm",
        "bus 1725 on Friday",
        "the quarterly review is now on Friday at 7pm",
        "choir moved from 6pm to 7pm on Friday",
    ],
)
def test_names_and_numbers_of_things_are_no_doubt(text: str) -> None:
    assert not codes(read(text)) - {"past_time"}


def test_what_is_doubted_twice_is_right_more_often_than_the_sum_of_both_doubts_says() -> None:
    one, two = probability(("unused_time_words",)), probability(("unused_time_words",) * 2)
    assert one / 4 < two < one
