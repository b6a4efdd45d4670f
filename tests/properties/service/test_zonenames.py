"""Zones of other programs: mapped by name or behaviour and said, or refused in so many words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from icalendar import Timezone

from service.drafts import new_event
from service.interchange.entries import Entry, entries_of
from service.planning.errors import PlanError
from service.planning.instants import zone_of
from service.planning.series import occurrences
from service.planning.zonenames import WINDOWS, zone_named

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def file_of(event: str, zone: str = "", head: str = "") -> bytes:
    lines = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{head}{zone}{event}END:VCALENDAR\n"
    return lines.replace("\n", "\r\n").encode()


def event_in(tzid: str, *more: str) -> str:
    lines = ["BEGIN:VEVENT", "UID:z", f"DTSTART;TZID={tzid}:20260302T090000", *more, "END:VEVENT"]
    return "\n".join(lines) + "\n"


def only(text: bytes) -> Entry:
    (entry,) = entries_of(text)
    return entry


@pytest.mark.parametrize(
    ("tzid", "zone"),
    [
        ("Romance Standard Time", "Europe/Paris"),
        ("tokyo standard time", "Asia/Tokyo"),
        ("/softwarestudio.org/Olson_20011030_5/America/New_York", "America/New_York"),
        ("/citadel.org/20190914_1/America/Indiana/Knox", "America/Indiana/Knox"),
        ("/example.org/GMT Standard Time", "Europe/London"),
        ('"Asia/Kathmandu"', "Asia/Kathmandu"),
        ("/Africa/Cairo", "Africa/Cairo"),
        ("/UTC", "UTC"),
        ("+02:00", "Etc/GMT-2"),
        ("-0300", "Etc/GMT+3"),
        ("UTC+00:00", "UTC"),
        ("'Europe/Rome'", "Europe/Rome"),
        ("(UTC+01:00) Amsterdam, Berlin, Bern, Rome, Stockholm, Vienna", "Europe/Berlin"),
        ("(GMT+01.00) Sarajevo/Skopje/Warsaw/Zagreb", "Europe/Warsaw"),
        ("(UTC-07:00) Mountain Time (US & Canada)", "America/Denver"),
        ("(UTC-04:00) Atlantic Time (Canada)", "America/Halifax"),
        ("(UTC-03:30) Newfoundland", "America/St_Johns"),
        ("(UTC+10:00) Canberra, Melbourne, Sydney", "Australia/Sydney"),
        ("(UTC-03:00) Brasília", "America/Sao_Paulo"),
        ("(UTC-10:00) Hawaii", "Pacific/Honolulu"),
        ("(UTC+05:00) Ekaterinburg", "Asia/Yekaterinburg"),
        ("(UTC) Coordinated Universal Time", "UTC"),
        ("tzone://Microsoft/Utc", "Etc/UTC"),
        ("GMT+0300", "Etc/GMT-3"),
        ("EUROPE/MADRID", "Europe/Madrid"),
    ],
)
def test_a_zone_of_another_program_is_mapped_and_the_mapping_is_said(tzid: str, zone: str) -> None:
    quoted = tzid if tzid[0] == '"' else f'"{tzid}"'
    entry = only(file_of(event_in(quoted, "RRULE:FREQ=WEEKLY;COUNT=60")))
    assert (entry.problem, entry.fields["timezone"]) == ("", zone)
    series = new_event("ann", entry.fields, now=NOW)
    year = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)
    assert {o.start.strftime("%H:%M") for o in occurrences(series, *year)} == {"09:00"}
    if tzid.strip('"') != zone:
        (warning,) = entry.warnings
        assert warning["uid"] == "z"
        assert warning["property"] == "DTSTART"
        assert tzid.strip('"') in warning["reason"]
        assert zone in warning["reason"]


def test_every_zone_of_windows_is_one_that_exists() -> None:
    assert len(WINDOWS) >= 139
    assert set(WINDOWS.values()) <= available_timezones()


def test_every_iana_name_stands_for_itself() -> None:
    names = available_timezones() - {"localtime", "Factory", "posixrules"}
    assert {name for name in names if zone_named(name) != name} == set()


@pytest.mark.parametrize(
    "tzid",
    [
        "Customized Time Zone",
        "Mine",
        "Nowhere/Land",
        "/x.org/Nowhere",
        "(UTC+04:00) Berlin",
        "Zulu9",
    ],
)
def test_an_unknown_zone_refuses_the_event_and_names_it(tzid: str) -> None:
    entry = only(file_of(event_in(f'"{tzid}"')))
    assert tzid in entry.problem
    assert "VTIMEZONE" in entry.problem


@pytest.mark.parametrize(
    "zone",
    [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kolkata",
        "America/Santiago",
    ],
)
def test_a_zone_with_a_name_of_its_own_is_known_by_its_behaviour(zone: str) -> None:
    own = Timezone.from_tzid(zone)
    own["TZID"] = "My own zone"
    text = own.to_ical().decode().replace("\r\n", "\n").replace("X-LIC-LOCATION", "X-OTHER")
    entry = only(file_of(event_in("My own zone"), zone=text))
    assert entry.problem == ""
    found, wanted = ZoneInfo(entry.fields["timezone"]), ZoneInfo(zone)
    for month in range(1, 13):
        moment = datetime(2027, month, 20, 12, tzinfo=UTC)
        assert moment.astimezone(found).utcoffset() == moment.astimezone(wanted).utcoffset()
    assert entry.warnings


OUTLOOK = """BEGIN:VTIMEZONE
TZID:Customized Time Zone 1
BEGIN:STANDARD
DTSTART:16010101T030000
TZOFFSETFROM:+0200
TZOFFSETTO:{standard}
RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10
END:STANDARD
BEGIN:DAYLIGHT
DTSTART:16010101T020000
TZOFFSETFROM:+0100
TZOFFSETTO:+0200
RRULE:{rule}
END:DAYLIGHT
END:VTIMEZONE
"""
EUROPEAN = "FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3"


def test_outlooks_customized_zone_is_known_by_its_behaviour() -> None:
    zone = OUTLOOK.format(standard="+0100", rule=EUROPEAN)
    entry = only(file_of(event_in("Customized Time Zone 1"), zone=zone))
    assert entry.problem == ""
    assert entry.fields["start"] == "2026-03-02T08:00:00+00:00"
    assert zone_of(entry.fields["timezone"]).utcoffset(datetime(2026, 7, 1, tzinfo=UTC)) is not None


@pytest.mark.parametrize(
    ("standard", "rule"),
    [
        ("+0107", EUROPEAN),
        ("+0100", "FREQ=YEARLY;BYDAY=2TU;BYMONTH=5"),
        ("+0100", "FREQ=SECONDLY"),
        ("+0100", "FREQ=DAILY;COUNT=9999"),
    ],
)
def test_a_zone_that_behaves_like_none_refuses_the_event(standard: str, rule: str) -> None:
    zone = OUTLOOK.format(standard=standard, rule=rule)
    entry = only(file_of(event_in("Customized Time Zone 1"), zone=zone))
    assert entry.problem
    assert entry.fields == {}


@pytest.mark.parametrize("tzid", ["UTC+05:30", "-03:30", "+15:00", "GMT+0545"])
def test_an_offset_that_no_zone_is_named_after_is_refused_with_the_reason(tzid: str) -> None:
    problem = only(file_of(event_in(f'"{tzid}"'))).problem
    assert tzid in problem
    assert "offset" in problem


def renamed(zone: str, tzid: str) -> str:
    """Return the VTIMEZONE of a zone under the name of another."""
    own = Timezone.from_tzid(zone)
    own["TZID"] = tzid
    text: str = own.to_ical().decode().replace("\r\n", "\n")
    return text.replace("X-LIC-LOCATION", "X-OTHER")


@pytest.mark.parametrize(
    ("tzid", "behaviour"),
    [
        ("EST", "America/New_York"),
        ("GMT", "Europe/London"),
        ("MST", "America/Denver"),
        ("US Eastern Standard Time", "America/Chicago"),
        ("/x.org/Asia/Tokyo", "Australia/Sydney"),
    ],
)
def test_a_name_that_its_own_vtimezone_contradicts_is_not_believed(
    tzid: str, behaviour: str
) -> None:
    entry = only(file_of(event_in(tzid), zone=renamed(behaviour, tzid)))
    assert entry.problem == ""
    found, wanted = ZoneInfo(entry.fields["timezone"]), ZoneInfo(behaviour)
    for month in range(1, 13):
        moment = datetime(2026, month, 20, 12, tzinfo=UTC)
        assert moment.astimezone(found).utcoffset() == moment.astimezone(wanted).utcoffset()
    (warning,) = entry.warnings
    for name in (tzid, entry.fields["timezone"], zone_named(tzid) or "?"):
        assert name in warning["reason"]


def test_a_name_that_its_vtimezone_contradicts_like_no_other_zone_refuses_the_event() -> None:
    zone = OUTLOOK.format(standard="+0107", rule=EUROPEAN)
    zone = zone.replace("Customized Time Zone 1", "Europe/Berlin")
    entry = only(file_of(event_in("Europe/Berlin"), zone=zone))
    assert "Europe/Berlin" in entry.problem
    assert "VTIMEZONE" in entry.problem


@pytest.mark.parametrize("year", [1965, 1999, 2026, 2036, 2060, 2150])
@pytest.mark.parametrize("name", ["Europe/Berlin", "America/New_York", "Africa/Casablanca"])
def test_a_vtimezone_of_a_part_of_time_does_not_contradict_its_name(name: str, year: int) -> None:
    event = event_in(name).replace("20260302", f"{year}0302")
    entry = only(file_of(event, zone=renamed(name, name)))
    assert (entry.problem, entry.warnings, entry.fields["timezone"]) == ("", [], name)


def test_a_vtimezone_with_the_rules_of_some_years_ago_does_not_contradict_its_name() -> None:
    """Before 2007 the clocks of New York changed some weeks later, and earlier."""
    zone = OUTLOOK.replace("Customized Time Zone 1", "America/New_York").format(
        standard="-0500", rule="FREQ=YEARLY;BYDAY=1SU;BYMONTH=4"
    )
    zone = zone.replace("+0200", "-0400").replace("+0100", "-0500")
    entry = only(file_of(event_in("America/New_York"), zone=zone))
    assert (entry.problem, entry.fields["timezone"]) == ("", "America/New_York")


@pytest.mark.parametrize("rule", ["FREQ=SECONDLY", "FREQ=DAILY;COUNT=9999", "FREQ=HOURLY"])
def test_a_vtimezone_that_cannot_be_read_leaves_its_name(rule: str) -> None:
    zone = OUTLOOK.format(standard="+0100", rule=rule).replace(
        "Customized Time Zone 1", "Europe/Rome"
    )
    entry = only(file_of(event_in("Europe/Rome"), zone=zone))
    assert (entry.problem, entry.fields["timezone"]) == ("", "Europe/Rome")


def test_the_zones_of_one_file_are_not_those_of_the_next() -> None:
    """A name that one file explains means nothing in a file that does not."""
    zone = OUTLOOK.format(standard="+0100", rule=EUROPEAN)
    assert only(file_of(event_in("Customized Time Zone 1"), zone=zone)).problem == ""
    assert only(file_of(event_in("Customized Time Zone 1"))).problem


def test_every_time_of_an_event_is_in_the_zone_its_property_names() -> None:
    text = event_in(
        "W. Europe Standard Time",
        "DTEND;TZID=Pacific Standard Time:20260302T020000",
        "RRULE:FREQ=DAILY;UNTIL=20260310T090000",
        "EXDATE;TZID=/x.org/Europe/Berlin:20260303T090000,20260304T090000",
    )
    change = (
        "BEGIN:VEVENT\nUID:z\nRECURRENCE-ID;TZID=Eastern Standard Time:20260305T030000\n"
        "DTSTART;TZID=Tokyo Standard Time:20260305T200000\nDURATION:PT1H\nEND:VEVENT\n"
    )
    entry = only(file_of(text + change))
    assert entry.problem == ""
    assert entry.fields["end"] == "2026-03-02T10:00:00+00:00"
    assert entry.fields["exdates"] == ["2026-03-03T08:00:00+00:00", "2026-03-04T08:00:00+00:00"]
    assert entry.changes[0]["at"] == "2026-03-05T08:00:00+00:00"
    assert entry.changes[0]["start"] == "2026-03-05T11:00:00+00:00"
    series = new_event("ann", entry.fields, now=NOW)
    window = datetime(2026, 3, 1, tzinfo=UTC), datetime(2026, 4, 1, tzinfo=UTC)
    assert [o.start.day for o in occurrences(series, *window)] == [2, 5, 6, 7, 8, 9, 10]
    assert {w["property"] for w in entry.warnings} == {
        "DTSTART", "DTEND", "EXDATE", "RECURRENCE-ID",
    }  # fmt: skip


@pytest.mark.parametrize("name", ["EXDATE", "RECURRENCE-ID", "DTEND"])
def test_an_unknown_zone_of_any_time_refuses_the_event(name: str) -> None:
    more = [f"{name};TZID=Unheard of:20260302T100000"]
    assert "Unheard of" in only(file_of(event_in("Europe/Berlin", *more))).problem


def test_a_time_without_a_zone_is_in_the_calendars_zone_or_said_to_be_utc() -> None:
    floating = "BEGIN:VEVENT\nUID:z\nDTSTART:20260702T090000\nEND:VEVENT\n"
    entry = only(file_of(floating, head="X-WR-TIMEZONE:Romance Standard Time\n"))
    assert (entry.fields["timezone"], entry.fields["start"][11:16]) == ("Europe/Paris", "07:00")
    bare = only(file_of(floating))
    assert bare.fields["timezone"] == "UTC"
    assert "UTC" in bare.warnings[0]["reason"]


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("W. Europe Standard Time", "Europe/Berlin"),
        ("/x.org/Asia/Tokyo", "Asia/Tokyo"),
        ("europe/paris", "Europe/Paris"),
    ],
)
def test_a_zone_of_the_api_that_iana_does_not_know_is_refused_with_the_name_it_has(
    name: str, hint: str
) -> None:
    with pytest.raises(PlanError) as caught:
        new_event("ann", {"title": "x", "start": "2026-03-02", "timezone": name}, now=NOW)
    assert caught.value.code == "invalid_timezone"
    assert name in caught.value.reason
    assert hint in caught.value.reason


@pytest.mark.parametrize(
    "lines",
    [
        "DTSTART:99991231T235959Z",
        "DTSTART;VALUE=DATE:99991231",
        "DTSTART;TZID=Pacific/Kiritimati:00010101T000000",
        "DTSTART:21991231T230000Z\nDURATION:P999999999D",
        "DTSTART:21991231T230000Z\nDTEND:99991231T000000Z",
        "DTSTART:20260101T000000Z\nEXDATE:99991231T235959Z",
        "DTSTART:20260101T000000Z\nRECURRENCE-ID:00010101T000000Z",
    ],
)
def test_a_time_at_the_end_of_the_calendar_is_a_reason_in_words(lines: str) -> None:
    entry = only(file_of(f"BEGIN:VEVENT\nUID:z\n{lines}\nEND:VEVENT\n"))
    assert entry.problem.startswith(
        ("dtstart:", "duration:", "dtend:", "exdate:", "recurrence-id:")
    )
