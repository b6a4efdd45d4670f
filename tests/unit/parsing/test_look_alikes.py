"""Ordinary sentences that look like what a rule is made for, and mean something else."""

from datetime import date, datetime

import pytest

from tests.unit.parsing.reading import read


@pytest.mark.parametrize(
    "text",
    ["Lunch - tom at noon", "Dentist: tom 12pm", "coffee (tom 12pm)", "call bob. tom 12pm"],
)
def test_tom_behind_a_mark_is_tomorrow(text: str) -> None:
    assert read(text).event.start == datetime.fromisoformat("2026-03-12T12:00+00:00")


@pytest.mark.parametrize("text", ["call w tom at 3", "lunch w tom at noon"])
def test_tom_behind_a_letter_that_means_with_is_a_man(text: str) -> None:
    start = read(text).event.start
    assert start is not None
    assert start.day == 11


@pytest.mark.parametrize(
    "text", ["Tomorrow, am I free at 3?", "Tomorrow am I free at 3?", "am I free tomorrow at 3"]
)
def test_am_before_i_is_no_half_of_a_day(text: str) -> None:
    event = read(text).event
    assert event.start == datetime.fromisoformat("2026-03-12T15:00+00:00")
    assert event.title == "free"


def test_am_behind_a_comma_is_one_before_anything_else() -> None:
    assert read("8 June, a.m. dentist").event.start == datetime.fromisoformat("2026-06-08T08:00Z")


@pytest.mark.parametrize(
    "text", ["Tyres changed 2pm to 4pm tomorrow", "Boxes moved 2-4pm tomorrow"]
)
def test_hours_in_which_something_is_changed_are_those_of_the_work(text: str) -> None:
    event = read(text).event
    assert event.start == datetime.fromisoformat("2026-03-12T14:00+00:00")
    assert event.end == datetime.fromisoformat("2026-03-12T16:00+00:00")


@pytest.mark.parametrize(
    "text",
    ["meeting moved from 2pm to 3pm tomorrow", "sync tomorrow has been moved from 2 to 3pm"],
)
def test_what_is_moved_from_an_hour_to_another_is_at_the_other(text: str) -> None:
    assert read(text).event.start == datetime.fromisoformat("2026-03-12T15:00+00:00")


@pytest.mark.parametrize("text", ["Monday, back at 9am", "On Monday, back at 9am"])
def test_a_return_that_is_all_that_is_said_is_when_it_is(text: str) -> None:
    assert read(text).event.start == datetime.fromisoformat("2026-03-16T09:00+00:00")


@pytest.mark.parametrize(
    "text",
    ["bus 0715 tomorrow", "coach 0715 tomorrow", "lab 0715 tomorrow", "team 0715 tomorrow"],
)
def test_figures_with_a_nought_before_them_are_a_time_whatever_they_follow(text: str) -> None:
    assert read(text).event.start == datetime.fromisoformat("2026-03-12T07:15+00:00")


@pytest.mark.parametrize("thing", ["court", "lab", "team", "field", "stage", "class"])
def test_what_is_never_numbered_with_four_figures_is_followed_by_a_time(thing: str) -> None:
    start = read(f"{thing} 1430 tomorrow").event.start
    assert start == datetime.fromisoformat("2026-03-12T14:30+00:00")


@pytest.mark.parametrize("thing", ["flight", "bus", "room", "order"])
def test_what_is_numbered_with_four_figures_is_followed_by_its_number(thing: str) -> None:
    assert read(f"{thing} 1430 tomorrow").event.start == date(2026, 3, 12)


@pytest.mark.parametrize("text", ["MRI 930 Friday", "GYM 600 tomorrow"])
def test_figures_that_may_be_the_only_time_are_a_doubt_behind_capitals_too(text: str) -> None:
    assert "unused_number" in {one.code for one in read(text).doubts}


def test_the_number_of_a_train_beside_its_time_is_no_doubt() -> None:
    assert "unused_number" not in {one.code for one in read("ICE 600 Friday 10:15am").doubts}


@pytest.mark.parametrize(
    "text",
    [
        "Buy cake for 2.50 at Lidl tomorrow",
        "Pay for 7.50 at shop tomorrow",
        "Pay Bob, 12.50, tomorrow",
    ],
)
def test_what_is_paid_is_no_time(text: str) -> None:
    assert read(text).event.start == date(2026, 3, 12)


@pytest.mark.parametrize(
    "remark",
    ["Costume Required", "Bring Laptop", "BYOB", "Optional", "Slides Attached", "Everyone Welcome"],
)
def test_a_remark_behind_the_time_of_a_party_is_no_place(remark: str) -> None:
    assert read(f"Party, Friday 8pm, {remark}").event.location is None


def test_a_name_behind_the_time_of_a_dinner_is_a_place() -> None:
    assert read("Dinner, Friday 8pm, Le Jardin").event.location == "Le Jardin"
