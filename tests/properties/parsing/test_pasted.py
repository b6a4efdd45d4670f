# ruff: noqa: E501  # a pasted text is one row however wide
"""What people paste: mails, invitations, forms and lists are sorted before the grammar reads."""

import time

import pytest

from service.parsing import Decision
from tests.unit.parsing.reading import end, read, shown, start

REPLY = "Wednesday next week at 2pm suits us.\n\nOn Thu, 5 Mar 2026 at 16:40, Ines Faro wrote:\n> Shall we say Monday at 11?\n> Ines"
HEADER = "From: Facilities\nSent: Monday, March 2, 2026 7:45 AM\nTo: All staff\nSubject: RE: Lift inspection\n\nHello everyone,\n\nthe lifts are inspected on Friday, March 27 at 6 AM."
OFFICE = "The board sits on 8 May 2026 at 10:15.\n\nBest wishes\nTown clerk\nOffice hours: Tuesday and Thursday 9:00-12:00"
FORWARD = "fyi\n\n---------- Forwarded message ---------\nFrom: Ola <ola@example.org>\nDate: Tue, Mar 3, 2026 at 9:12 AM\nSubject: Fwd: Harvest supper\nTo: me\n\nHarvest supper is on 19 September at 18:00 in the Old Mill.\n\nOla"
OUTLOOK = "Sounds good\n\n-----Original Message-----\nFrom: Raj\nSent: Monday, March 9, 2026 12:00 PM\nTo: Kim\nSubject: Fitting\n\nCould you come on Saturday, March 14 at 11:30?"


DATED = (
    "Subject: Re: Kiln\nDate: Mon, 9 Mar 2026 08:14:55 +0100\n\nSaturday 28 March at 2pm is fine."
)


@pytest.mark.parametrize(
    ("text", "when", "title"),
    [
        (DATED, "2026-03-28T14:00", "Kiln"),
        (REPLY, "2026-03-18T14:00", "suits us"),
        (HEADER, "2026-03-27T06:00", "Lift inspection"),
        (OFFICE, "2026-05-08T10:15", "board"),
        (FORWARD, "2026-09-19T18:00", "Harvest supper"),
        (OUTLOOK, "2026-03-14T11:30", "Fitting"),
        (HEADER.replace("\n", "\r\n"), "2026-03-27T06:00", "Lift inspection"),
    ],
    ids=[
        "date and subject alone",
        "reply",
        "header",
        "office hours",
        "forwarded",
        "original message",
        "carriage returns",
    ],
)
def test_of_a_mail_what_is_said_counts(text: str, when: str, title: str) -> None:
    event = read(text).event
    assert shown(event.start) == when
    assert title in event.title


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("[9/3/2026, 20:11] Ada: sauna on Sunday?\n[9/3/2026, 20:14] Bo: sure, 10:45 at the lake", "2026-03-15T10:45"),
        ("Ada (20:11): sauna on Sunday at 10am?", "2026-03-15T10:00"),
        ("Teams | Garden group | Mon 18:20\nada: weeding on Saturday 9:30-11:00", "2026-03-14T09:30"),
        ("Ada Moss  8:02 AM\nweeding on Saturday at noon?", "2026-03-14T12:00"),
    ],
)  # fmt: skip
def test_when_something_was_written_in_a_chat_is_no_time_of_what_it_says(
    text: str, when: str
) -> None:
    assert start(text) == when


@pytest.mark.parametrize(
    ("text", "when"),
    [
        ("Your coat is ready on 19 March 2026.\n\nCleaners\nMon-Sat 8:30-18:30", "2026-03-19"),
        ("Training\nMon-Thu 9-5", "2026-03-16T09:00"),
        ("Notes 6 March\n\nNext session: 8 April 2026, 17:30, loft", "2026-04-08T17:30"),
        ("Friday is taken, but Monday 16 March at 13:00 would do", "2026-03-16T13:00"),
        ("Scheduled start: 2026-06-06 21:00\nScheduled end: 2026-06-06 22:15\nSummary: Patch", "2026-06-06T21:00"),
        ("Subject: Fw: Quiz evening\n\n-----Original Message-----\nFrom: Raj\nSent: Monday, March 9, 2026 12:00 PM\nTo: Kim\nSubject: Quiz evening\n\nThe quiz is on Friday 27 March at 19:00.", "2026-03-27T19:00"),
    ],
)  # fmt: skip
def test_what_stands_around_a_day_does_not_take_its_place(text: str, when: str) -> None:
    assert start(text) == when


def codes(decision: Decision) -> list[str]:
    return [doubt.code for doubt in decision.doubts]


def test_what_only_a_quote_says_is_doubted() -> None:
    assert "from_quoted_text" in codes(read(FORWARD))
    assert "from_quoted_text" not in codes(read(REPLY))


def test_the_days_of_a_mail_are_counted_from_the_day_it_was_sent() -> None:
    mail = "From: Ann\nSent: Monday, March 9, 2026 8:00 AM\nSubject: Boiler\n\nThe plumber comes {} at 5pm."
    tomorrow = read(mail.format("tomorrow"))
    assert shown(tomorrow.event.start) == "2026-03-10T17:00"
    assert "counted_from_mail" in codes(tomorrow)
    assert "counted_from_mail" not in codes(read(mail.format("on 20 March")))


def test_a_signature_says_when_only_if_nothing_else_does() -> None:
    assert (
        start("Lovely to meet you.\n\nRegards\nBea\nSee you on Friday at 3pm!")
        == "2026-03-13T15:00"
    )


@pytest.mark.parametrize(
    ("text", "when", "until", "title", "place", "people"),
    [
        ("Title: Tyre change\nStarts: 04/13/2026 8:30 AM\nEnds: 04/13/2026 9:15 AM",
         "2026-04-13T08:30", "2026-04-13T09:15", "Tyre change", None, ()),
        ("Date: 7 June 2026\nTime: 19:00 - 22:30\nVenue: Corn Exchange\nWhat: Folk night",
         "2026-06-07T19:00", "2026-06-07T22:30", "Folk night", "Corn Exchange", ()),
        ("Start: Monday 9:30\nEnd: 16:00\nSubject: First aid course",
         "2026-03-16T09:30", "2026-03-16T16:00", "First aid course", None, ()),
        ("What: Canoe trip\nFrom: 3 July\nTo: 6 July",
         "2026-07-03", "2026-07-07", "Canoe trip", None, ()),
        ("Book launch\n\nWhen: Thursday 6pm\nWhere: Owl Books\nOrganizer: Pia Lund <pia@example.org>\nGuests: Tim, Zoe",
         "2026-03-12T18:00", "2026-03-12T19:00", "Book launch", "Owl Books", ("Pia Lund", "Tim", "Zoe")),
        ("When: Friday 3pm, Where: Lab 5, What: Demo",
         "2026-03-13T15:00", "2026-03-13T16:00", "Demo", "Lab 5", ()),
        ("Invitation: Boat race\nWhen\tSaturday 13 June 2026, 2pm\nWhere\tNorth bank",
         "2026-06-13T14:00", "2026-06-13T15:00", "Boat race", "North bank", ()),
        ("**Event:** Open day\n**Date:** 25 April\n**Time:** 10am\n**Duration:** 4 hours",
         "2026-04-25T10:00", "2026-04-25T14:00", "Open day", None, ()),
        ("When:\nTuesday 17 March, 1pm\nWhere:\nCanteen\nWhat:\nTasting",
         "2026-03-17T13:00", "2026-03-17T14:00", "Tasting", "Canteen", ()),
    ],
)  # fmt: skip
def test_labelled_fields_make_an_event(
    text: str, when: str, until: str, title: str, place: str | None, people: tuple[str, ...]
) -> None:
    event = read(text).event
    assert (shown(event.start), shown(event.end)) == (when, until)
    assert (event.title, event.location, event.attendees) == (title, place, people)


def test_a_field_keeps_the_zone_of_an_invitation() -> None:
    text = "Subject: Handover\nWhen: Thursday, July 9, 2026 3:00 PM-4:30 PM (UTC-08:00) Pacific Time (US & Canada)\nWhere: Video call"
    event = read(text).event
    assert event.timezone == "America/Los_Angeles"
    assert shown(event.start) == "2026-07-09T15:00"


def test_an_entry_of_icalendar_is_read_with_its_zone() -> None:
    text = "BEGIN:VEVENT\nSUMMARY:Kiln firing\nDTSTART;TZID=Europe/Oslo:20260505T130000\nDTEND;TZID=Europe/Oslo:20260505T160000\nEND:VEVENT"
    event = read(text).event
    assert (event.title, event.timezone) == ("Kiln firing", "Europe/Oslo")
    assert (shown(event.start), shown(event.end)) == ("2026-05-05T13:00", "2026-05-05T16:00")


def test_an_end_before_its_start_in_another_field_is_said() -> None:
    decision = read("Title: Audit\nStart: 12 May 2026 14:00\nEnd: 12 May 2026 10:00")
    assert shown(decision.event.start) == "2026-05-12T14:00"
    assert "end_before_start" in codes(decision)
    assert decision.problems


def test_the_words_of_fields_stay_where_they_are() -> None:
    text = "Subject: Budget\nWhen: Thursday 6pm\nWhere: Owl Books"
    for found in read(text).evidence:
        assert text[found.start : found.end] == found.words


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("Errands:\n- optician on Monday at 9am\n- collect the bike Tuesday 14:00\n- return the books on Friday at 5pm",
         [("optician", "2026-03-16T09:00"), ("collect the bike", "2026-03-17T14:00"), ("return the books", "2026-03-13T17:00")]),
        ("Programme for 14 April 2026\n09:00 Registration\n09:30 Keynote\n11:00 Posters\n14:30 Panel",
         [("Registration", "2026-04-14T09:00"), ("Keynote", "2026-04-14T09:30"), ("Posters", "2026-04-14T11:00"), ("Panel", "2026-04-14T14:30")]),
        ("Monday:\n10am pottery\n2pm physio\nTuesday:\n9am choir",
         [("pottery", "2026-03-16T10:00"), ("physio", "2026-03-16T14:00"), ("choir", "2026-03-17T09:00")]),
        ("1. Kickoff Monday 9:00\n2. Review Thursday 11:00\n3. Demo Friday 15:00",
         [("Kickoff", "2026-03-16T09:00"), ("Review", "2026-03-12T11:00"), ("Demo", "2026-03-13T15:00")]),
    ],
)  # fmt: skip
def test_a_list_states_an_event_a_line(text: str, wanted: list[tuple[str, str]]) -> None:
    decision = read(text)
    found = [(one.event.title, shown(one.event.start)) for one in (decision, *decision.others)]
    assert found == wanted
    assert "several_events" in codes(decision)
    assert any(f"{len(wanted)} events" in problem for problem in decision.problems)


def test_each_event_of_a_list_has_its_own_words_and_evidence() -> None:
    text = "- optician on Monday at 9am\n- collect the bike Tuesday 14:00"
    decision = read(text)
    assert [one.words for one in (decision, *decision.others)] == [
        "optician on Monday at 9am", "collect the bike Tuesday 14:00",
    ]  # fmt: skip
    for one in (decision, *decision.others):
        assert all(text[e.start : e.end] == e.words for e in one.evidence)


@pytest.mark.parametrize(
    "text",
    ["Lunch with Ana\nFriday 1pm", "Friday 1pm\nLunch with Ana\n", "Lunch with Ana\n\nFriday\n1pm"],
)
def test_a_note_of_two_lines_is_one_event(text: str) -> None:
    decision = read(text)
    assert shown(decision.event.start) == "2026-03-13T13:00"
    assert "Lunch" in decision.event.title
    assert decision.others == ()


def test_lines_without_a_time_say_nothing() -> None:
    decision = read("milk\neggs\nflour")
    assert decision.event.start is None
    assert decision.problems == ("no date or time found",)


def long_mail() -> str:
    body = (
        "We went through the figures with everyone. Sales rose by 12 in May. We met on 4 March. "
        * 160
    )
    return f"From: Al\nSent: Monday, March 9, 2026 8:14 AM\nSubject: News\n\n{body}"[:19_000] + (
        "\n\nThe summer party is on 20 June 2026 at 18:00 in the barn.\n"
    )


def test_the_one_sentence_that_says_day_and_time_is_found_in_a_long_mail() -> None:
    text = long_mail()
    assert len(text) < 20_000
    assert (start(text), end(text)) == ("2026-06-20T18:00", "2026-06-20T19:00")


HOSTILE = {
    "headers": "Subject: a\n", "quotes": "> Friday at 10\n", "fields": "Date: Friday\nTime: 10:00\n",
    "empty lines": "\n", "attributions": "On Mon 3, \n", "open": "open ", "spaces": " ",
    "sentences": "Friday at 5. ", "initials": "A. B! ", "bullets": "- - - ", "labels": "when: where: ",
    "entries": "- meeting on 4 April at 8:00\n", "regards": "Regards\n", "dots": ".\n", "tabs": "\t\n",
}  # fmt: skip


def cpu_seconds(text: str) -> float:
    least = float("inf")
    for _ in range(2):
        before = time.process_time()
        read(text)
        least = min(least, time.process_time() - before)
    return least


@pytest.mark.parametrize("unit", HOSTILE.values(), ids=HOSTILE.keys())
def test_the_work_on_a_pasted_text_grows_no_faster_than_the_text(unit: str) -> None:
    """Four times the text may cost at most twelve times the work; a square would cost sixteen."""
    short, long = (unit * 20_000)[:5_000] + "\n.", (unit * 20_000)[:19_998] + "\n."
    read(long)  # compile what this text needs
    assert cpu_seconds(long) < 12 * cpu_seconds(short) + 0.05
