"""How people type: days and hours in a hurry, excuses, prefixes of mails, rosters and notices."""

import pytest

from tests.unit.parsing.reading import end, read, start


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("Hamster check-up Sat 10.40am", "2026-03-14T10:40"),
        ("Curry evening Sun, 7:15, Taj Palace", "2026-03-15T19:15"),
        ("hockey with Omar at 9 sat", "2026-03-14T09:00"),
        ("swap shop at 2.45 sun", "2026-03-15T14:45"),
        ("swim at the Y tomorrow 715 am", "2026-03-12T07:15"),
        ("okay 245 on friday suits me", "2026-03-13T14:45"),
        ("aerobics moved to 6 on fridays", "2026-03-13T18:00"),
        ("we're at the ballet tonight 7.50 performance", "2026-03-11T19:50"),
        ("Cake stall Friday after lessons (3.40) by the gate", "2026-03-13T15:40"),
        ("Supper, 8, Friday, Rosa's", "2026-03-13T20:00"),
        ("recital Friday doors 6", "2026-03-13T18:00"),
        ("Cup tie, Sunday 22 March, KO 3.15pm", "2026-03-22T15:15"),
        ("tyre fitting 18/3 drop off 8.40", "2026-03-18T08:40"),
        ("plasterer 1130 tmr", "2026-03-12T11:30"),
        ("ferry leaves at oh seven forty on Friday", "2026-03-13T07:40"),
        ("ring the plumber at ten to four to confirm", "2026-03-11T15:50"),
        ("Sunday 26th April 10am", "2026-04-26T10:00"),
        ("Reading Friday 13 March 12 noon", "2026-03-13T12:00"),
        ("tea at Mo's on Friday, 16.45", "2026-03-13T16:45"),
        ("car check tomorrow w/ Nadia at 2pm", "2026-03-12T14:00"),
        ("my last day is the 24th of march, cake from 4", "2026-03-24T16:00"),
        ("the visit is moving from Tuesday to Friday 13th at 10am", "2026-03-13T10:00"),
        ("reply by 20 March: garden party 27 June 5pm", "2026-06-27T17:00"),
        ("Re: tasting Friday 12:45?", "2026-03-13T12:45"),
        ("can we make it 7.30 not 7 tonight", "2026-03-11T19:30"),
        ("can you do 4:15 tmrw instead of 5?", "2026-03-12T16:15"),
    ],
)
def test_a_hurried_time_is_read(text: str, begins: str) -> None:
    assert start(text) == begins


@pytest.mark.parametrize(
    ("text", "begins", "ends"),
    [
        ("late turn 13.50 to 21.50 Friday", "2026-03-13T13:50", "2026-03-13T21:50"),
        ("cover for Jo sun 9.30-12", "2026-03-15T09:30", "2026-03-15T12:00"),
        ("gate duty fri 9-12.30", "2026-03-13T09:00", "2026-03-13T12:30"),
        ("Friday 1900-0700", "2026-03-13T19:00", "2026-03-14T07:00"),
        ("Nora: Fri 7-3", "2026-03-13T07:00", "2026-03-13T15:00"),
        ("party friday 7-1", "2026-03-13T19:00", "2026-03-14T01:00"),
        ("on call 24h from 9am 6 April", "2026-04-06T09:00", "2026-04-07T09:00"),
        ("Book fair: Saturday 25th April 10am-1pm", "2026-04-25T10:00", "2026-04-25T13:00"),
    ],
)
def test_hours_of_a_roster_are_read(text: str, begins: str, ends: str) -> None:
    assert (start(text), end(text)) == (begins, ends)


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("tablets 7am 7pm every day", "FREQ=DAILY;BYHOUR=7,19"),
        ("guild meets the 3rd Monday of the month, 7 PM", "FREQ=MONTHLY;BYDAY=3MO"),
        (
            "audit: first Tuesday of Feb, May, Aug and Nov at 9am",
            "FREQ=YEARLY;BYDAY=1TU;BYMONTH=2,5,8,11",
        ),
        ("remind me every friday evening to plan the week", "FREQ=WEEKLY;BYDAY=FR"),
    ],
)
def test_a_habit_is_a_rule(text: str, rule: str) -> None:
    assert read(text).event.recurrence == rule


def test_days_with_daily_hours_are_read_whatever_their_dates_are() -> None:
    event = read("Summer club 20-23 July, 9.30-4.30 daily").event
    assert event.recurrence is not None
    assert event.recurrence.startswith("FREQ=DAILY;UNTIL=20260723")


def test_weekdays_that_a_yearly_rule_cannot_leave_out_are_a_problem() -> None:
    decision = read("roof inspection every november at 8am except fridays")
    assert decision.event.recurrence == "FREQ=YEARLY;BYMONTH=11"
    assert any("EXDATE" in problem for problem in decision.problems)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("are you free for supper thursday at 8?", "supper"),
        ("fancy a swim sunday at 9?", "swim"),
        ("fancy dress ball saturday 8pm", "fancy dress ball"),
        ("booked us in for tapas at 8 sunday", "tapas"),
        ("dont forget to feed the cat tomorrow", "feed the cat"),
        ("FW: Retreat plan (April 22-23, Porto)", "Retreat plan"),
        ("Updated: menu tasting moved to Friday 2:15pm", "menu tasting"),
        ("[Club] Kick-off drinks friday 6pm", "Kick-off drinks"),
        ("new appointment nail bar friday at 3pm", "nail bar"),
        ("Garden club open day Sat 18 Apr", "Garden club open day"),
        ("any chance you could babysit sat 28th at 7pm?", "babysit"),
    ],
)
def test_what_leads_to_the_name_is_no_part_of_it(text: str, title: str) -> None:
    assert read(text).event.title == title


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("carols sunday 10am, St Mary's, all welcome", "St Mary's"),
        ("dinner at St. Anne's Hall. Bring wine, Friday 7pm", "St. Anne's Hall"),
        ("training Friday 4pm at the Scout Hut. Bring boots", "the Scout Hut"),
        ("Board lunch, Friday 12.30pm, Boardroom", "Boardroom"),
    ],
)
def test_a_place_ends_where_its_sentence_does(text: str, place: str) -> None:
    assert read(text).event.location == place


def test_an_excuse_before_a_move_leaves_it_a_move() -> None:
    decision = read("Stuck in traffic, can we push our 1pm to half one?")
    assert decision.intent == "move"
    assert str(decision.event.start)[:16] == "2026-03-11 13:30"


@pytest.mark.parametrize(
    "text",
    [
        "camp 04/06 to 08/06",
        "supper 7 to 6 friday",
        "ring the Oslo office 9am their time tomorrow",
        "tennis sat/sun?",
        "a hike on friday i guess",
        "ring at half past on friday",
        "8am Perth or 8am Dublin tomorrow",
    ],
)
def test_what_may_be_meant_otherwise_is_questioned(text: str) -> None:
    decision = read(text)
    assert decision.problems or decision.confidence < 0.8


@pytest.mark.parametrize(
    "text",
    [
        "project kickoff three weeks from today",
        "every 2 w on monday",
        "w/c 23 march",
        "vitamin d tomorrow 8am",
        "H2 planning",
        "run 5.25 km saturday",
    ],
)
def test_units_and_amounts_stay_what_they_are(text: str) -> None:
    event = read(text).event
    assert event.all_day or event.title == "vitamin d"


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("Antrag bis 30. Juni einreichen", "2026-06-30"),
        ("Zeltlager 22.-26. Mai", "2026-05-22"),
        ("Sitzung Mi 14-15", "2026-03-18T14:00"),
        ("Blumen bis Freitag besorgen", "2026-03-13"),
    ],
)
def test_german_notes_are_read(text: str, begins: str) -> None:
    assert start(text) == begins


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("Dec 31 midnight party", "2026-12-31T00:00"),
        ("lunch Mar 20 noon to 2pm", "2026-03-20T12:00"),
        ("Friday March 20th noon", "2026-03-20T12:00"),
        ("March 12 noon", "2026-03-12T12:00"),
        ("20 March 12 noon", "2026-03-20T12:00"),
    ],
)
def test_noon_after_a_day_leaves_the_day_to_its_month(text: str, begins: str) -> None:
    assert start(text) == begins


def test_days_of_a_month_before_noon_stay_several_days() -> None:
    assert end("fair Apr 2-4 noon") == "2026-04-05T00:00"


def test_only_twelve_is_a_number_of_noon() -> None:
    assert "unused_number" in [doubt.code for doubt in read("7 Nov 27 noon").doubts]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("Paint doors at 4pm Friday", "Paint doors"),
        ("Hang curtain at 4:30 Friday", "Hang curtain"),
        ("The Gulls Friday, doors 7pm", "Gulls"),
    ],
)
def test_doors_that_something_is_done_to_stay_in_the_title(text: str, title: str) -> None:
    assert read(text).event.title == title


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("changed to 9 on Monday", "2026-03-16T09:00"),
        ("pushed to 3pm Monday", "2026-03-16T15:00"),
        ("shifted to Monday 3pm", "2026-03-16T15:00"),
        ("brought forward to 2pm Monday", "2026-03-16T14:00"),
        ("Changed to winter tyres on Monday", "2026-03-09"),
        ("Changed the oil on Monday", "2026-03-09"),
    ],
)
def test_what_was_moved_to_a_day_is_still_to_come(text: str, begins: str) -> None:
    assert start(text) == begins
