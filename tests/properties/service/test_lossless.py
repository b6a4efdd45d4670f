"""What a file says of an event is given back, and what is not is said."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import Any

import icalendar
import pytest
import recurring_ical_events
from hypothesis import given
from hypothesis import strategies as st

from service.drafts import patched
from service.incoming import event_of
from service.interchange.entries import Entry, entry_of, file_of
from service.interchange.export import icalendar_of
from service.interchange.lines import blocks_of, folded, line_of
from service.planning.errors import PlanError
from service.planning.event import Change, Event
from service.planning.instants import instant_of
from service.planning.recurring import starts
from service.planning.series import occurrence_at, occurrences
from service.planning.split import with_change
from service.planning.work import unlimited
from service.store.documents import document_of
from service.store.documents import event_of as event_in
from service.views import event_view
from tests.support.sampling import examples

NOW = datetime(2026, 1, 1, tzinfo=UTC)
YEAR = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


def calendar(*events: str, head: str = "") -> bytes:
    body = "".join(f"BEGIN:VEVENT\n{event}\nEND:VEVENT\n" for event in events)
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{head}{body}END:VCALENDAR\n"
    return text.replace("\n", "\r\n").encode()


def read(text: bytes) -> list[tuple[Entry, Event]]:
    found = []
    for uid, group in file_of(text).events:
        entry = entry_of(uid, group)
        assert entry.problem == "", entry.problem
        event = event_of(entry, "ann", origin="a test", now=NOW, work=unlimited)
        assert event_in(document_of(event)) == event
        found.append((entry, event))
    return found


def only(*events: str, head: str = "") -> tuple[Entry, Event]:
    (one,) = read(calendar(*events, head=head))
    return one


def lines_of(text: bytes) -> list[list[str]]:
    (outer,) = blocks_of(text)
    return [block.texts for block in outer.inner if block.name == "VEVENT"]


def times(event: Event) -> list[str]:
    shown = (o.start.isoformat()[:16] for o in occurrences(event, *YEAR, unlimited))
    return sorted(shown)


FULL = """UID:full@example.org
DTSTAMP:20251201T101112Z
CREATED:20200101T000000Z
LAST-MODIFIED:20251130T090807Z
SEQUENCE:4
DTSTART;TZID=Europe/Rome;X-OF=hand:20260302T090000
DURATION:P0DT1H30M0S
RRULE:FREQ=WEEKLY;WKST=SU;COUNT=6;BYDAY=MO
EXDATE;TZID=Europe/Rome:20260309T090000
SUMMARY;LANGUAGE=it:Riunione\\, grande
LOCATION;ALTREP="http://example.org/a,b":Sala 1
DESCRIPTION:prima riga\\nseconda
STATUS:TENTATIVE
CLASS:CONFIDENTIAL
CATEGORIES:LAVORO,VIAGGI
URL;VALUE=URI:https://example.org/r?a=1;b=2
GEO:41.9;12.5
PRIORITY:3
ORGANIZER;CN="Rossi, Anna":mailto:anna@example.org
ATTENDEE;PARTSTAT=DECLINED;ROLE=OPT-PARTICIPANT;CN=Bob:mailto:bob@example.org
ATTENDEE;CUTYPE=ROOM;X-SIZE=12:mailto:room1@example.org
TRANSP:TRANSPARENT
ATTACH;FMTTYPE=text/plain:https://example.org/a.txt
X-APPLE-STRUCTURED-LOCATION;VALUE=URI;X-TITLE="Via 1":geo:41.9,12.5
X-EMPTY:
BEGIN:VALARM
TRIGGER;RELATED=END:-PT15M
ACTION:DISPLAY
DURATION:PT5M
REPEAT:2
DESCRIPTION:Fra poco
END:VALARM"""


def test_an_event_that_nobody_changed_is_given_back_line_by_line() -> None:
    entry, event = only(FULL)
    assert entry.warnings == []
    assert lines_of(icalendar_of([event])) == [FULL.split("\n")]
    assert (event.title, event.attendees) == ("Riunione, grande", ("Bob", "room1@example.org"))
    assert not event.busy
    assert "GEO:41.9;12.5" in event_view(event, whole=True)["properties"]  # type: ignore[operator]


def edited(event: Event, **wish: Any) -> Event:
    return replace(patched(event, wish), version=event.version + 1)


@pytest.mark.parametrize(
    ("wish", "gone", "come"),
    [
        ({"title": "Nuova"}, "SUMMARY;", "SUMMARY:Nuova"),
        ({"location": "Sala 2"}, "LOCATION;", "LOCATION:Sala 2"),
        ({"description": "x"}, "DESCRIPTION:prima", "DESCRIPTION:x"),
        ({"busy": True}, "TRANSP:TRANSPARENT", "TRANSP:OPAQUE"),
        ({"recurrence": "FREQ=DAILY;COUNT=9"}, "RRULE:FREQ=WEEKLY", "RRULE:FREQ=DAILY;COUNT=9"),
        ({"end": "2026-03-02T11:00:00"}, "DURATION:P0D", "DTEND;TZID=Europe/Rome:20260302T110000"),
        ({"attendees": ["room1@example.org", "Zoe"]}, "ATTENDEE;PARTSTAT", "ATTENDEE;CN=Zoe:"),
    ],
)  # fmt: skip
def test_what_is_changed_is_written_anew_and_all_else_given_back(
    wish: dict[str, Any], gone: str, come: str
) -> None:
    _, event = only(FULL)
    (found,) = lines_of(icalendar_of([edited(event, **wish)]))
    stamps = ("DTSTAMP", "LAST-MODIFIED", "SEQUENCE", "DTSTART", gone)
    kept = [line for line in FULL.split("\n") if not line.startswith(stamps)]
    assert [line for line in kept if line not in found] == []
    assert [line for line in found if line.startswith(gone)] == []
    assert any(line.startswith(come) for line in found)
    assert "SEQUENCE:5" in found
    assert len(found) == len(FULL.split("\n"))


MOVED = """UID:s
DTSTART:20260302T090000Z
DTEND:20260302T100000Z
RRULE:FREQ=DAILY;COUNT=6"""


def override(day: str, *more: str, kind: str = "", start: str = "") -> str:
    lines = ["UID:s", f"RECURRENCE-ID{kind}:{day}", f"DTSTART:{start or day}", "DURATION:PT1H"]
    return "\n".join([*lines, *more])


def test_an_overrides_own_attendees_and_transparency_are_given_back_and_count() -> None:
    own = override("20260304T090000Z", "SUMMARY:x", "TRANSP:TRANSPARENT",
                   "ATTENDEE;PARTSTAT=ACCEPTED:mailto:c@example.org")  # fmt: skip
    _, event = only(MOVED, own)
    assert lines_of(icalendar_of([event]))[1] == own.split("\n")
    busy = {o.start.day: o.busy for o in occurrences(event, *YEAR)}
    assert busy == {2: True, 3: True, 4: False, 5: True, 6: True, 7: True}


def test_an_occurrence_that_is_changed_keeps_all_else_that_a_file_says_of_its_series() -> None:
    _, event = only(FULL)
    at = datetime.fromisoformat("2026-03-16T09:00:00+01:00")
    occurrence = occurrence_at(event, at, unlimited)
    assert occurrence is not None
    event = replace(with_change(event, occurrence, {"title": "Anders"}), version=2)
    series, changed = lines_of(icalendar_of([event]))
    assert "RRULE:FREQ=WEEKLY;WKST=SU;COUNT=6;BYDAY=MO" in series
    own = {line for line in changed if line not in series}
    assert own == {"SUMMARY:Anders", "RECURRENCE-ID;TZID=Europe/Rome:20260316T090000",
                   "DTSTART;TZID=Europe/Rome:20260316T090000"}  # fmt: skip
    assert set(series) - set(changed) == {
        line for line in series if line.startswith(("RRULE", "EXDATE", "SUMMARY", "DTSTART"))
    }


def test_many_changed_occurrences_of_a_long_series_make_no_file_far_larger() -> None:
    _, event = only(f"UID:l\nDTSTART:20260302T090000Z\nRRULE:FREQ=DAILY\nX-A:{'x' * 60_000}")
    changes = [
        Change(at, "x", at, at + timedelta(hours=1), None, "")
        for at in islice(starts(event), 1000)
        if isinstance(at, datetime)
    ]
    assert len(icalendar_of([replace(event, changes=tuple(changes))])) < 1_000_000


def test_an_occurrence_that_is_changed_has_only_those_who_are_still_asked() -> None:
    _, event = only(FULL)
    at = datetime.fromisoformat("2026-03-16T09:00:00+01:00")
    occurrence = occurrence_at(event, at, unlimited)
    assert occurrence is not None
    event = replace(event, attendees=("room1@example.org", "Eve"), version=2)
    event = replace(with_change(event, occurrence, {"title": "Anders"}), version=3)
    for lines in lines_of(icalendar_of([event])):
        assert [line for line in lines if line.startswith("ATTENDEE")] == [
            "ATTENDEE;CUTYPE=ROOM;X-SIZE=12:mailto:room1@example.org",
            "ATTENDEE;CN=Eve:urn:calendar:Eve",
        ]


def test_a_text_that_is_too_long_to_keep_is_not_said_to_be_kept() -> None:
    kept, _ = only("UID:a\nDTSTART:20260302T090000Z\nDESCRIPTION:" + "x" * 20_000)
    lost, _ = only("UID:a\nDTSTART:20260302T090000Z\nDESCRIPTION:" + "x" * 70_000)
    (whole,), (left_out,) = kept.warnings, lost.warnings
    assert "given whole" in whole["reason"]
    assert "left out" in left_out["reason"]


def test_a_cancelled_occurrence_does_not_happen_and_a_cancelled_event_takes_no_time() -> None:
    own = override("20260304T090000Z", "STATUS:CANCELLED")
    _, event = only(MOVED, own)
    assert [text[8:10] for text in times(event)] == ["02", "03", "05", "06", "07"]
    assert lines_of(icalendar_of([event]))[1] == own.split("\n")
    assert not only(f"{MOVED}\nSTATUS:cancelled")[1].busy
    entry, event = only(MOVED, head="METHOD:CANCEL\n")
    assert not event.busy
    assert "STATUS:CANCELLED" in lines_of(icalendar_of([event]))[0]
    assert "METHOD" in {warning["property"] for warning in entry.warnings}


def test_an_added_time_happens_too_and_a_period_has_its_own_length() -> None:
    added = "RDATE:20260310T120000Z,20260303T090000Z\nRDATE;VALUE=PERIOD:20260312T080000Z/PT3H"
    _, event = only(f"{MOVED}\n{added}")
    assert [text[5:] for text in times(event)][-3:] == ["03-07T09:00", "03-10T12:00", "03-12T08:00"]
    assert len(times(event)) == 8
    last = [o for o in occurrences(event, *YEAR) if o.start.day == 12]
    assert last[0].end - last[0].start == timedelta(hours=3)  # type: ignore[operator]


def test_a_rule_that_takes_out_takes_out() -> None:
    _, event = only(f"{MOVED}\nEXRULE:FREQ=DAILY;INTERVAL=2;COUNT=2")
    assert [text[8:10] for text in times(event)] == ["03", "05", "06", "07"]
    assert "EXRULE:FREQ=DAILY;INTERVAL=2;COUNT=2" in lines_of(icalendar_of([event]))[0]


@pytest.mark.parametrize(
    ("start", "exdate"),
    [
        ("DTSTART:20260302T090000Z", "EXDATE;VALUE=DATE:20260303,20260305"),
        ("DTSTART;VALUE=DATE:20260302", "EXDATE:20260303T000000,20260305T230000Z"),
    ],
)
def test_what_is_left_out_by_a_time_of_the_other_kind_is_left_out(start: str, exdate: str) -> None:
    entry, event = only(f"UID:k\n{start}\nRRULE:FREQ=DAILY;COUNT=4\n{exdate}")
    assert [text[8:10] for text in times(event)] == ["02", "04"]
    assert "EXDATE" in {warning["property"] for warning in entry.warnings}
    assert exdate in lines_of(icalendar_of([event]))[0]


def test_a_day_names_the_occurrence_that_begins_on_it() -> None:
    own = override("20260304", kind=";VALUE=DATE", start="20260304T150000Z")
    entry, event = only(MOVED, own)
    assert [text[8:] for text in times(event)] == [
        "02T09:00", "03T09:00", "04T15:00", "05T09:00", "06T09:00", "07T09:00"
    ]  # fmt: skip
    assert "RECURRENCE-ID" in {warning["property"] for warning in entry.warnings}


def test_a_change_of_this_and_all_future_ones_moves_them_all() -> None:
    ranged = ";RANGE=THISANDFUTURE"
    own = override("20260304T090000Z", "SUMMARY:Y", kind=ranged, start="20260303T220000Z")
    later = override("20260306T090000Z", "SUMMARY:Z")
    _, event = only(MOVED, own, later)
    assert [text[8:] for text in times(event)] == [
        "02T09:00", "03T09:00", "03T22:00", "04T22:00", "05T22:00", "06T09:00"
    ] or [text[8:] for text in times(event)] == [
        "02T09:00", "03T09:00", "03T22:00", "04T22:00", "06T09:00", "06T22:00"
    ]  # fmt: skip
    assert {o.title for o in occurrences(event, *YEAR)} == {"Event", "Y", "Z"}
    theirs = recurring_ical_events.of(
        icalendar.Calendar.from_ical(icalendar_of([event]))
    ).between(*YEAR)  # fmt: skip
    assert sorted(c.start.isoformat()[:16] for c in theirs) == times(event)


@pytest.mark.parametrize(("first", "last"), [(3, 7), (7, 3)])
def test_the_newest_revision_wins_wherever_it_stands_and_that_is_said(
    first: int, last: int
) -> None:
    one = f"{MOVED}\nSEQUENCE:{first}\nSUMMARY:of {first}"
    entry, event = only(one, f"{MOVED}\nSEQUENCE:{last}\nSUMMARY:of {last}")
    assert event.title == "of 7"
    assert "SEQUENCE" in entry.warnings[0]["reason"]


def test_several_calendars_of_a_file_are_read_each_with_its_own_zones() -> None:
    rome = "UID:r\nDTSTART:20260702T090000"
    both = calendar(rome, head="X-WR-TIMEZONE:Europe/Rome\n") + calendar(
        "UID:t\nDTSTART:20260702T090000", head="X-WR-TIMEZONE:Asia/Tokyo\n"
    )
    assert [event.timezone for _, event in read(both)] == ["Europe/Rome", "Asia/Tokyo"]


@pytest.mark.parametrize(
    ("lines", "length"),
    [
        ("DTSTART:20260302T090000Z", timedelta(0)),
        ("DTSTART:20260302T090000Z\nDTEND:20260302T090000Z", timedelta(0)),
        ("DTSTART;VALUE=DATE:20260302", timedelta(days=1)),
        ("DTSTART;VALUE=DATE:20260302\nDTEND;VALUE=DATE:20260302", timedelta(days=1)),
        ("DTSTART;TZID=Europe/Berlin:20260328T120000\nDURATION:P1D", timedelta(hours=23)),
        ("DTSTART:20260302T090000Z\nDURATION:P1W", timedelta(days=7)),
    ],
)
def test_the_end_is_what_the_standard_says_and_the_lines_are_given_back(
    lines: str, length: timedelta
) -> None:
    _, event = only(f"UID:e\n{lines}")
    assert event.length == length
    assert lines_of(icalendar_of([event])) == [["UID:e", *lines.split("\n")]]
    changed = lines_of(icalendar_of([edited(event, title="New")]))[0]
    said = [line for line in lines.split("\n") if line.startswith(("DTEND", "DURATION"))]
    said = [line.replace("DTEND;VALUE=DATE:20260302", "DTEND;VALUE=DATE:20260303") for line in said]
    assert [line for line in changed if line.startswith(("DTEND", "DURATION"))] == said
    assert len(times(event)) == 1


def test_an_event_without_length_is_found_where_a_window_begins_with_it() -> None:
    _, event = only("UID:e\nDTSTART:20260302T090000Z")
    edge = instant_of(event.start)
    assert len(list(occurrences(event, edge, edge + timedelta(hours=1)))) == 1
    assert list(occurrences(event, edge - timedelta(hours=1), edge)) == []


def test_a_floating_time_stays_floating() -> None:
    floating = "UID:f\nDTSTART:20260702T090000\nDTEND:20260702T100000\nRRULE:FREQ=DAILY;COUNT=3"
    _, event = only(floating)
    assert event.floating
    assert lines_of(icalendar_of([event])) == [floating.split("\n")]
    changed = lines_of(icalendar_of([edited(event, start="2026-07-02T11:00:00")]))[0]
    assert "DTSTART:20260702T110000" in changed
    assert not edited(event, timezone="Europe/Rome").floating


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("SUMMARY:x", "dtstart: it is missing"),
        ("DTSTART:tomorrow", "dtstart: 'tomorrow' is neither a date nor a time"),
        ("DTSTART:20260302T090000Z\nDURATION:1h", "duration: '1h' is not a duration"),
        ("DTSTART:20260302T090000Z\nRRULE:FREQ=DAILY\nRDATE:soon", "rdate: 'soon' is neither"),
        ("DTSTART:20260231T090000Z", "dtstart: '20260231T090000Z' is no date or time that exists"),
        ("DTSTART:20260302T090000Z\nRRULE:FREQ=DAYLY", "recurrence: FREQ='DAYLY' is not one of"),
    ],
)
def test_why_an_event_is_not_kept_is_said_in_words(lines: str, reason: str) -> None:
    ((uid, found),) = file_of(calendar(f"UID:w\n{lines}")).events
    entry = entry_of(uid, found)
    problem = entry.problem
    if not problem:
        with pytest.raises(PlanError) as caught:
            event_of(entry, "ann", origin="a", now=NOW, work=unlimited)
        problem = str(caught.value)
    assert problem.startswith(reason)


def test_what_is_no_event_or_no_line_is_said_to_be_left_out() -> None:
    text = calendar("UID:a\nDTSTART:20260302T090000Z\nthis is no line", head="X-WR-CALNAME:Mine\n")
    text = text.replace(b"END:VCALENDAR", b"BEGIN:VTODO\r\nUID:t\r\nEND:VTODO\r\nEND:VCALENDAR")
    assert [(w["uid"], w["property"]) for w in file_of(text).warnings] == [
        ("", "X-WR-CALNAME"), ("t", "VTODO"),
    ]  # fmt: skip
    ((entry, _),) = read(text)
    assert [warning["property"] for warning in entry.warnings] == ["THIS IS NO LINE"]


def test_an_event_without_an_id_gets_the_same_one_each_time() -> None:
    (one, _), (again, _) = only("DTSTART:20260302"), only("DTSTART:20260302")
    assert one.uid == again.uid
    assert "UID" in {warning["property"] for warning in one.warnings}


def test_single_occurrences_of_a_series_that_is_not_there_are_kept_alone() -> None:
    _, event = only(override("20260304T090000Z"), override("20260307T090000Z", "SUMMARY:x"))
    assert [text[8:10] for text in times(event)] == ["04", "07"]


def test_lines_that_are_none_take_no_longer_than_their_length() -> None:
    for text in (
        "X;A=" + "a" * 60_000,
        'X;A="' + "a" * 60_000,
        "X" + ";A=1" * 15_000,
        "X;=" * 20_000,
    ):
        assert line_of(text) is None


def test_a_great_many_wrong_lines_are_said_as_far_as_anybody_reads() -> None:
    wrong = "\n".join(f"wrong {number}" for number in range(3000))
    ((entry, _),) = read(calendar(f"UID:w\nDTSTART:20260302\n{wrong}"))
    assert len(entry.warnings) == 1001
    assert "left out" in entry.warnings[-1]["reason"]


NAMES = st.sampled_from(["X-A", "COMMENT", "CONTACT", "RELATED-TO", "REQUEST-STATUS", "RESOURCES"])
PARAMETERS = st.sampled_from(["", ";X-P=1", ';CN="a;b:c"', ';ALTREP="cid:x";LANGUAGE=en'])
VALUES = st.text(
    st.characters(exclude_categories=["Cc", "Cs"]), max_size=200
).map(lambda text: text.replace("\N{NEXT LINE}", ""))  # fmt: skip


@examples(60)
@given(st.lists(st.tuples(NAMES, PARAMETERS, VALUES), max_size=12))
def test_whatever_property_stands_in_an_event_is_given_back(
    properties: list[tuple[str, str, str]],
) -> None:
    lines = ["UID:p", "DTSTART:20260302T090000Z", *(f"{n}{p}:{v}" for n, p, v in properties)]
    _, event = only("\n".join(lines))
    (found,) = lines_of(icalendar_of([event]))
    assert found == lines
    ((_, again),) = read(icalendar_of([event]))
    assert again.written == event.written


@given(VALUES)
def test_a_folded_line_is_short_and_read_again(value: str) -> None:
    text = folded(f"X-A:{value}")
    assert all(len(row.encode()) <= 75 for row in text.split("\r\n"))
    (block,) = blocks_of(f"BEGIN:A\r\n{text}END:A\r\n".encode())
    assert [line for line in map(line_of, block.texts) if line] == [line_of(f"X-A:{value}")]


def test_what_reading_an_event_takes_is_counted_by_who_reads_it_not_by_who_read_the_file() -> None:
    def over(_steps: int) -> None:
        if is_over:
            raise AssertionError

    is_over = False
    times = "DTSTART;TZID=Europe/Paris:20260302T090000\r\nRDATE;TZID=Europe/Paris:20260304T090000"
    event = f"BEGIN:VEVENT\r\nUID:a\r\n{times}\r\nEND:VEVENT"
    (found,) = file_of(f"BEGIN:VCALENDAR\r\n{event}\r\nEND:VCALENDAR\r\n".encode(), over).events
    is_over, steps = True, list[int]()
    assert entry_of(*found, steps.append).problem == ""
    assert steps
