"""Where a rule or a stretch begins, ends and pauses, and which of two dates is only a name."""

import pytest

from tests.unit.parsing.reading import end, read, start


@pytest.mark.parametrize(
    "words",
    ["no rehearsal on April 6", "skip April 6", "off on April 6", "cancelled on April 6"],
)
def test_a_day_on_which_a_rule_pauses_is_not_where_it_begins(words: str) -> None:
    decision = read(f"choir every Monday at 7pm, {words}")
    assert decision.event.start is not None
    assert decision.event.start.isoformat()[:16] == "2026-03-16T19:00"
    assert any("2026-04-06 is not left out" in problem for problem in decision.problems)


def test_a_pause_on_the_first_day_lets_a_rule_begin_on_the_second() -> None:
    decision = read("choir every Monday at 7pm, no practice on March 16")
    assert (str(decision.event.start)[:10], decision.problems) == ("2026-03-23", ())


def test_the_time_before_a_stretch_of_days_is_that_of_each_occurrence() -> None:
    event = read("tours every Friday at 11:15, May 1 to June 26").event
    assert str(event.start)[:16] == "2026-05-01 11:15"
    assert (event.all_day, event.recurrence) == (
        False,
        "FREQ=WEEKLY;BYDAY=FR;UNTIL=20260626T235959Z",
    )


def test_a_weekday_tells_which_of_two_figures_is_the_month() -> None:
    decision = read("optician fri 10/4 at 3pm")
    assert str(decision.event.start)[:16] == "2026-04-10 15:00"
    assert [doubt.code for doubt in decision.doubts] == ["day_month_order"]
    assert [str(other.start)[:10] for other in decision.alternatives] == ["2026-10-04"]


def test_a_weekday_that_neither_order_falls_on_stays_a_contradiction() -> None:
    codes = {doubt.code for doubt in read("optician mon 10/4 at 3pm").doubts}
    assert "weekday_contradicts_date" in codes


def test_a_stretch_behind_us_ends_behind_its_beginning() -> None:
    text = "Painted the shed from Monday to Wednesday"
    assert (start(text), end(text)) == ("2026-03-09", "2026-03-12")


def test_what_is_closed_from_a_day_on_is_no_report_of_the_past() -> None:
    text = "closed for repairs from the 30th until the 1st"
    assert (start(text), end(text)) == ("2026-03-30", "2026-04-02")


def test_what_a_team_runs_on_the_last_friday_may_be_each_month() -> None:
    codes = [doubt.code for doubt in read("Payroll run: second to last Friday of the month").doubts]
    assert codes == ["once_or_each"]


def test_a_stamp_and_a_channel_of_a_chat_are_neither_time_nor_title() -> None:
    event = read("#random\nLena 9:47 AM\nfire drill on Friday 11:15, meet at the gate").event
    assert (str(event.start)[:16], event.title) == ("2026-03-13 11:15", "fire drill")


def test_the_heading_of_minutes_is_no_event_where_the_next_meeting_is_named() -> None:
    decision = read(
        "NOTES OF THE COUNCIL, March 2, 2026\nPresent: Ito, Kaur, Lund\n1. Budget approved.\n"
        "2. Next meeting: Monday, April 13, 2026, 18:00, Annex."
    )
    assert str(decision.event.start)[:16] == "2026-04-13 18:00"
    assert decision.others == ()


def test_two_weekdays_and_a_day_of_the_month_are_two_dates() -> None:
    decision = read("Friday the 13th marathon on Saturday at 9pm")
    assert [doubt.code for doubt in decision.doubts] == ["second_date"]
    assert decision.confidence < 0.8


def test_a_day_below_the_times_is_theirs() -> None:
    decision = read("Gate opens 18:00\nKick-off 19:30\nSaturday 21 March\nRiverside Stadium")
    found = [one.event.start for one in (decision, *decision.others)]
    assert [str(when)[:16] for when in found] == ["2026-03-21 18:00", "2026-03-21 19:30"]


def test_a_reference_is_no_time() -> None:
    text = "Booking reference: 2203-1904\nArrival: Fri 17 April 2026, from 15:00"
    assert start(text) == "2026-04-17T15:00"
