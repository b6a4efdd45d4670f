"""iCalendar out and in again, and what other programs see in it."""

import contextlib
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st

from service.drafts import fields_of, new_event
from service.interchange.entries import entries_of
from service.interchange.export import icalendar_of
from service.planning.errors import PlanError
from service.planning.event import Event
from service.planning.instants import instant_of
from service.planning.series import occurrence_at, occurrences
from service.planning.split import with_change
from tests.support.sampling import examples

NOW = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC))


def event(start: str, **fields: Any) -> Event:
    return new_event("ann", {"title": "Walk", "start": start, **fields}, now=NOW)


CASES = [
    event("2026-03-02T09:00:00Z"),
    event("2026-03-02", end="2026-03-05"),
    event("2026-03-02T09:00:00", timezone="America/New_York", recurrence="FREQ=DAILY;COUNT=300"),
    event("2026-03-02T09:00:00", timezone="Europe/Berlin",
          recurrence="FREQ=WEEKLY;BYDAY=MO,TH;UNTIL=20261201",
          exdates=["2026-03-05T09:00:00", "2026-10-26T09:00:00"]),
    event("2026-03-02", recurrence="FREQ=MONTHLY;BYMONTHDAY=-1;UNTIL=20261231"),
    event("2026-10-20T02:30:00", timezone="Europe/Berlin", recurrence="FREQ=DAILY;COUNT=10"),
    event("2026-03-02T09:00:00", timezone="Asia/Kathmandu", title="日本 🎉, ; \\ \n שלום",
          location="a, b; c", description="x\ny", attendees=['Ann, "A"', "b@example.org", "é"],
          busy=False, calendar="work"),
    # 01:30 happens twice on that day: these begin, and end, at the second of the two.
    event("2026-11-01T01:30:00-05:00", timezone="America/New_York"),
    event("2026-11-01T00:45:00-04:00", end="2026-11-01T01:15:00-05:00",
          timezone="America/New_York"),
]  # fmt: skip


@pytest.mark.parametrize("original", CASES)
def test_what_goes_out_comes_in_again(original: Event) -> None:
    (entry,) = entries_of(icalendar_of([original]))
    assert entry.problem == ""
    again = new_event("ann", entry.fields, now=NOW)
    wanted, found = fields_of(original), fields_of(again)
    ours = wanted.pop("recurrence"), found.pop("recurrence")
    if original.all_day:
        wanted.pop("timezone"), found.pop("timezone")
    assert found == wanted
    assert (ours[0] is None) == (ours[1] is None)
    assert [o.start for o in occurrences(again, *YEAR)] == [
        o.start for o in occurrences(original, *YEAR)
    ]


@pytest.mark.parametrize("original", CASES)
def test_another_program_finds_the_same_occurrences(original: Event) -> None:
    calendar = icalendar.Calendar.from_ical(icalendar_of([original]))
    found = recurring_ical_events.of(calendar).between(*YEAR)
    theirs = sorted(instant_of(component.start) for component in found)
    assert theirs == sorted(instant_of(o.start) for o in occurrences(original, *YEAR))


def test_each_change_of_the_clocks_has_a_line_of_its_own_for_programs_that_read_one() -> None:
    text = icalendar_of([event("2026-03-02T09:00:00", timezone="Europe/Berlin")]).decode()
    changes = [line for line in text.splitlines() if line.startswith("RDATE")]
    assert len(changes) > 100
    assert not [line for line in changes if "," in line]


def test_a_title_is_one_line() -> None:
    assert event("2026-03-02", title=" tea \n and\r\ncake ").title == "tea and cake"


def test_a_changed_occurrence_comes_in_again() -> None:
    series = event("2026-03-02T09:00:00", timezone="Europe/Berlin", recurrence="FREQ=DAILY;COUNT=5")
    at = datetime(2026, 3, 4, 9, tzinfo=ZoneInfo("Europe/Berlin"))
    third = occurrence_at(series, at)
    assert third is not None
    changed = with_change(series, third, {"title": "Late", "start": at.replace(hour=15)})
    text = icalendar_of([changed])
    (entry,) = entries_of(text)
    assert [change["title"] for change in entry.changes] == ["Late"]
    calendar = icalendar.Calendar.from_ical(text)
    theirs = sorted(c.start.isoformat() for c in recurring_ical_events.of(calendar).between(*YEAR))
    assert theirs == sorted(o.start.isoformat() for o in occurrences(changed, *YEAR))


@examples(200)
@given(st.text(max_size=200) | st.binary(max_size=200).map(lambda b: b.decode("latin-1")))
def test_any_text_is_read_or_refused(noise: str) -> None:
    wrapped = f"BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\n{noise}\r\nEND:VEVENT\r\nEND:VCALENDAR"
    for text in (noise, wrapped):
        with contextlib.suppress(PlanError):
            assert all(entry.problem or entry.fields for entry in entries_of(text.encode()))


def test_an_event_of_another_program_comes_in() -> None:
    text = (
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:abc\r\n"
        "DTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/Paris:20260302T090000\r\n"
        "DURATION:PT45M\r\nRRULE:FREQ=WEEKLY;COUNT=3\r\nSUMMARY:Yoga\r\n"
        "ATTENDEE;CN=Zoe:mailto:zoe@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
    )
    (entry,) = entries_of(text.encode())
    found = new_event("ann", entry.fields, now=NOW)
    assert (found.title, found.timezone, found.attendees) == ("Yoga", "Europe/Paris", ("Zoe",))
    assert found.length.total_seconds() == 45 * 60
