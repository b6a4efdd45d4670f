# ruff: noqa: E501  # a table row is a row
"""Offsets from UTC: the instant is right wherever a time can stand, and nothing is dropped."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.parsing import Decision, parse
from tests.support.sampling import examples
from tests.unit.parsing.reading import NOW

HOME = ZoneInfo("America/Chicago")  # 04:00 on Wednesday, March 11th 2026; UTC-5


def read(text: str, *, now: datetime = NOW) -> Decision:
    return parse(text, now=now, zone=HOME)


def utc(when: object) -> str | None:
    return when.astimezone(UTC).isoformat()[:16] if isinstance(when, datetime) else None


@pytest.mark.parametrize(
    ("text", "start", "end", "zone"),
    [
        # ISO 8601, extended and basic
        ("handover 2026-04-02T07:15:00+03:00", "2026-04-02T04:15", "2026-04-02T05:15", "Etc/GMT-3"),
        ("handover 2026-04-02T07:15+03", "2026-04-02T04:15", "2026-04-02T05:15", "Etc/GMT-3"),
        ("handover 2026-04-02T07:15:30.125-06:00", "2026-04-02T13:15", "2026-04-02T14:15", "Etc/GMT+6"),
        ("handover 2026-04-02t07:15z", "2026-04-02T07:15", "2026-04-02T08:15", "Etc/UTC"),
        ("handover 2026-04-02 07:15:00-06:00", "2026-04-02T13:15", "2026-04-02T14:15", "Etc/GMT+6"),
        ("handover 2026-04-02 07:15 +0430", "2026-04-02T02:45", "2026-04-02T03:45", "Asia/Kabul"),
        ("20260402T071500Z handover", "2026-04-02T07:15", "2026-04-02T08:15", "Etc/UTC"),
        ("20260402T0715-0400 handover", "2026-04-02T11:15", "2026-04-02T12:15", "Etc/GMT+4"),
        ("20260402T071500.5+0545 handover", "2026-04-02T01:30", "2026-04-02T02:30", "Asia/Kathmandu"),
        ("2026-04-02T07:15Z/2026-04-02T09:45Z handover", "2026-04-02T07:15", "2026-04-02T09:45", "Etc/UTC"),
        ("2026-04-02T07:15+01:00 to 2026-04-02T07:45-01:00 handover", "2026-04-02T06:15", "2026-04-02T08:45", "Etc/GMT-1"),
        ("2026-04-02T07:15+01:00 to 2026-04-02T06:45-01:00 handover", "2026-04-02T06:15", "2026-04-02T07:45", "Etc/GMT-1"),
        # clocks
        ("payroll tomorrow at 11:20 UTC+4", "2026-03-12T07:20", "2026-03-12T08:20", "Etc/GMT-4"),
        ("payroll tomorrow at 11:20 UTC +4", "2026-03-12T07:20", "2026-03-12T08:20", "Etc/GMT-4"),
        ("payroll tomorrow at 11:20 GMT-7", "2026-03-12T18:20", "2026-03-12T19:20", "Etc/GMT+7"),
        ("payroll tomorrow at 11:20 (GMT-7)", "2026-03-12T18:20", "2026-03-12T19:20", "Etc/GMT+7"),
        ("payroll tomorrow at 11:20 UTC-09:30", "2026-03-12T20:50", "2026-03-12T21:50", "Pacific/Marquesas"),
        ("payroll tomorrow at 11:20 utc+630", "2026-03-12T04:50", "2026-03-12T05:50", "Asia/Yangon"),
        ("payroll tomorrow at 11:20 utc+9.5", "2026-03-12T01:50", "2026-03-12T02:50", "Australia/Darwin"),
        ("payroll tomorrow at 11:20 UTC plus 4", "2026-03-12T07:20", "2026-03-12T08:20", "Etc/GMT-4"),
        ("payroll tomorrow at 11:20 UTC minus 4", "2026-03-12T15:20", "2026-03-12T16:20", "Etc/GMT+4"),
        ("payroll tomorrow at 11:20 UTC\u22124", "2026-03-12T15:20", "2026-03-12T16:20", "Etc/GMT+4"),
        ("payroll tomorrow at 11:20Z", "2026-03-12T11:20", "2026-03-12T12:20", "Etc/UTC"),
        ("payroll tomorrow at 1120Z", "2026-03-12T11:20", "2026-03-12T12:20", "Etc/UTC"),
        ("payroll tomorrow at 11:20 (UTC)", "2026-03-12T11:20", "2026-03-12T12:20", "Etc/UTC"),
        ("payroll at 11:20 tomorrow, GMT", "2026-03-12T11:20", "2026-03-12T12:20", "Etc/UTC"),
        ("payroll tomorrow at 11:20 +06", "2026-03-12T05:20", "2026-03-12T06:20", "Etc/GMT-6"),
        ("payroll tomorrow at 11:20 +11", "2026-03-12T00:20", "2026-03-12T01:20", "Etc/GMT-11"),
        ("payroll tomorrow 11:20 -0200", "2026-03-12T13:20", "2026-03-12T14:20", "Etc/GMT+2"),
        ("payroll tomorrow 11:20 UTC-12", "2026-03-12T23:20", "2026-03-13T00:20", "Etc/GMT+12"),
        ("payroll tomorrow 11:20 UTC-13", "2026-03-12T11:20", "2026-03-12T13:00", "Etc/UTC"),
        ("payroll tomorrow at 7pm +0100", "2026-03-12T18:00", "2026-03-12T19:00", "Etc/GMT-1"),
        ("payroll tomorrow at 7:45 p.m. UTC-1", "2026-03-12T20:45", "2026-03-12T21:45", "Etc/GMT+1"),
        ("payroll tomorrow at 17 UTC+1", "2026-03-12T16:00", "2026-03-12T17:00", "Etc/GMT-1"),
        ("payroll tomorrow at noon GMT+3", "2026-03-12T09:00", "2026-03-12T10:00", "Etc/GMT-3"),
        ("UTC+4 11:20 payroll tomorrow", "2026-03-12T07:20", "2026-03-12T08:20", "Etc/GMT-4"),
        ("payroll at 11:20 on Saturday (UTC+4)", "2026-03-14T07:20", "2026-03-14T08:20", "Etc/GMT-4"),
        ("Wed, 18 Mar 2026 22:05:00 -0300 payroll", "2026-03-19T01:05", "2026-03-19T02:05", "Etc/GMT+3"),
        ("18 March 2026 22:05 UTC+12 payroll", "2026-03-18T10:05", "2026-03-18T11:05", "Etc/GMT-12"),
        # mail programs name the standard offset; the place says what its clocks show on the day
        ("payroll Thursday, July 9, 2026 3:00 PM-4:30 PM (UTC-08:00) Pacific Time (US & Canada)", "2026-07-09T22:00", "2026-07-09T23:30", "America/Los_Angeles"),
        ("payroll December 3, 2026 8:00 AM (UTC+01:00) Amsterdam, Berlin, Bern, Rome", "2026-12-03T07:00", "2026-12-03T08:00", "Europe/Amsterdam"),
        # beside times in words, in brackets, and as the name of a zone
        ("payroll tomorrow at 4 o'clock GMT-7", "2026-03-12T23:00", "2026-03-13T00:00", "Etc/GMT+7"),
        ("payroll tomorrow at half past ten UTC+4", "2026-03-12T06:30", "2026-03-12T07:30", "Etc/GMT-4"),
        ("payroll tomorrow 1120 UTC+4", "2026-03-12T07:20", "2026-03-12T08:20", "Etc/GMT-4"),
        ("payroll tomorrow morning UTC+4", "2026-03-12T04:00", "2026-03-12T08:00", "Etc/GMT-4"),
        ("payroll tomorrow 11:20 (+0400)", "2026-03-12T07:20", "2026-03-12T08:20", "Etc/GMT-4"),
        ("Fri, 20 Mar 2026 11:20:00 +0100 (CET) payroll", "2026-03-20T10:20", "2026-03-20T11:20", "Etc/GMT-1"),
        ("payroll 2026-07-20T11:20:00+02:00[Europe/Rome]", "2026-07-20T09:20", "2026-07-20T10:20", "Etc/GMT-2"),
        ("payroll tomorrow 11:20 Asia/Tokyo", "2026-03-12T02:20", "2026-03-12T03:20", "Asia/Tokyo"),
        ("payroll tomorrow at 11am (America/Denver time)", "2026-03-12T17:00", "2026-03-12T18:00", "America/Denver"),
        ("payroll tomorrow 3pm Central European Summer Time", "2026-03-12T14:00", "2026-03-12T15:00", "Europe/Berlin"),
        ("payroll tomorrow 3pm Greenwich Mean Time", "2026-03-12T15:00", "2026-03-12T16:00", "Etc/UTC"),
        ("payroll March 20 23:00 AoE", "2026-03-21T11:00", "2026-03-21T12:00", "Etc/GMT+12"),
        ("payroll tomorrow 3pm PT / 6pm ET", "2026-03-12T22:00", "2026-03-12T23:00", "America/Los_Angeles"),
        ("payroll tomorrow 15:00 SGT", "2026-03-12T07:00", "2026-03-12T08:00", "Asia/Singapore"),
        # stretches of time
        ("swap tomorrow 08:10-09:40 UTC+3", "2026-03-12T05:10", "2026-03-12T06:40", "Etc/GMT-3"),
        ("swap tomorrow from 08:10+03:00 to 09:40+04:00", "2026-03-12T05:10", "2026-03-12T05:40", "Etc/GMT-3"),
        ("swap tomorrow 8:10 UTC+3 - 9:40 UTC+3", "2026-03-12T05:10", "2026-03-12T06:40", "Etc/GMT-3"),
        ("swap tomorrow between 08:10 GMT-5 and 09:40 GMT-5", "2026-03-12T13:10", "2026-03-12T14:40", "Etc/GMT+5"),
        ("swap tomorrow 4pm EST to 2pm PST", "2026-03-12T20:00", "2026-03-12T21:00", "America/New_York"),
        ("swap tomorrow 08:10Z-09:40Z", "2026-03-12T08:10", "2026-03-12T09:40", "Etc/UTC"),
        ("swap tomorrow at 08:10 UTC+3 for 25 minutes", "2026-03-12T05:10", "2026-03-12T05:35", "Etc/GMT-3"),
        # the next such time, by the clocks that are named: it is 09:00 in London and 04:00 here
        ("payroll at 08:45 UTC+1", "2026-03-12T07:45", "2026-03-12T08:45", "Etc/GMT-1"),
        ("payroll at 08:45 UTC-1", "2026-03-11T09:45", "2026-03-11T10:45", "Etc/GMT+1"),
        ("payroll at 06:30 UTC+14", "2026-03-11T16:30", "2026-03-11T17:30", "Etc/GMT-14"),
    ],
)  # fmt: skip
def test_the_instant_is_the_one_that_was_said(text: str, start: str, end: str, zone: str) -> None:
    event = read(text).event
    assert (utc(event.start), utc(event.end), event.timezone) == (start, end, zone)
    assert event.timezone in available_timezones()


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("payroll 2026-04-02T07:15:00+03:00", "payroll"),
        ("payroll tomorrow 08:10 UTC+3 - 09:40 UTC+3 with Dana", "payroll"),
        ("(UTC-08:00) Pacific Time 3pm tomorrow payroll", "payroll"),
        ("20260402T071500Z payroll", "payroll"),
    ],
)
def test_the_words_of_an_offset_are_no_part_of_the_title(text: str, title: str) -> None:
    assert read(text).event.title == title


SPELLINGS = (
    lambda wall, offset: f"{wall:%Y-%m-%dT%H:%M:%S}{sign(offset)}{hours(offset)}:{quarter(offset)}",
    lambda wall, offset: f"{wall:%Y%m%dT%H%M}{sign(offset)}{hours(offset)}{quarter(offset)}",
    lambda wall, offset: f"on {wall:%B %-d %Y} at {wall:%H:%M} UTC{sign(offset)}{int(hours(offset))}:{quarter(offset)}",
    lambda wall, offset: f"on {wall:%-d %b %Y} {wall:%H:%M:%S} {sign(offset)}{hours(offset)}{quarter(offset)}",
    lambda wall, offset: f"{wall:%B %-d, %Y} {wall:%-I:%M %p} (GMT{sign(offset)}{hours(offset)}:{quarter(offset)})",
)  # fmt: skip


def sign(offset: int) -> str:
    return "-" if offset < 0 else "+"


def hours(offset: int) -> str:
    return f"{abs(offset) // 60:02}"


def quarter(offset: int) -> str:
    return f"{abs(offset) % 60:02}"


@given(
    wall=st.datetimes(datetime(2026, 1, 2), datetime(2028, 12, 30)),  # noqa: DTZ001  # a wall clock
    offset=st.integers(-48, 56).map(lambda quarters: 15 * quarters),
    spelling=st.integers(0, len(SPELLINGS) - 1),
)
@examples(400)
def test_any_hour_at_any_offset_is_that_instant(wall: datetime, offset: int, spelling: int) -> None:
    wall = wall.replace(second=0, microsecond=0)
    decision = read("inventory " + SPELLINGS[spelling](wall, offset))
    start, zone = decision.event.start, timezone(timedelta(minutes=offset))
    assert isinstance(start, datetime)
    assert start.astimezone(UTC) == wall.replace(tzinfo=zone).astimezone(UTC)
    kept = start.utcoffset() == zone.utcoffset(None)
    assert kept or (decision.problems and decision.confidence < 0.9), decision


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("recital tomorrow at 18:30 UTC+19", "UTC+19"),
        ("recital tomorrow at 18:30 GMT-13", "GMT-13"),
        ("recital tomorrow at 18:30 UTC+5:10", "UTC+5:10"),
        ("recital tomorrow at 18:30 +77:00", "+77:00"),
        ("recital 2026-03-12T18:30:00-15:00", "-15:00"),
        ("recital tomorrow at 18:30 +2360", "+2360"),
        ("recital tomorrow 0630Q", "0630Q"),
        ("recital tomorrow at 1830K", "1830K"),
        ("recital tomorrow at 18:30T", "18:30T"),
    ],
)
def test_an_offset_that_means_nothing_is_named_and_doubted(text: str, words: str) -> None:
    decision = read(text)
    assert any(repr(words) in problem for problem in decision.problems), decision.problems
    assert decision.confidence < 0.5
    assert decision.event.timezone == HOME.key
    assert isinstance(decision.event.start, datetime)


@pytest.mark.parametrize("offset", ["-03:30", "+10:30", "+12:45", "+02:15"])
def test_an_offset_without_a_zone_of_its_own_keeps_the_instant_and_says_so(offset: str) -> None:
    decision = read(f"recital 2026-07-02T18:30:00{offset}")
    start = decision.event.start
    assert isinstance(start, datetime)
    assert start == datetime.fromisoformat(f"2026-07-02T18:30:00{offset}")
    assert decision.event.timezone == str(start.tzinfo) == HOME.key
    assert f"UTC{offset}" in decision.problems[0]
    assert decision.confidence < 0.9


def test_a_zone_stands_for_an_offset_only_where_it_keeps_it() -> None:
    event = read("recital 2019-07-02T18:30:00+03:30").event  # Tehran had summer time then
    assert utc(event.start) == "2019-07-02T15:00"
    assert event.timezone == HOME.key


@pytest.mark.parametrize(
    ("text", "first", "rule"),
    [
        ("inventory every Thursday at 21:10 UTC+2", "2026-03-12T19:10", "FREQ=WEEKLY;BYDAY=TH"),
        ("inventory every day at 05:10 GMT-6", "2026-03-11T11:10", "FREQ=DAILY"),
        ("inventory every Thursday at 05:40 UTC+05:30", "2026-03-12T00:10", "FREQ=WEEKLY;BYDAY=TH"),
        ("inventory every Thursday 10:00Z-11:00Z", "2026-03-12T10:00", "FREQ=WEEKLY;BYDAY=TH"),
    ],
)
def test_a_rule_keeps_the_offset_all_the_year(text: str, first: str, rule: str) -> None:
    event = read(text).event
    assert (utc(event.start), event.recurrence) == (first, rule)
    there = ZoneInfo(event.timezone)
    winter, summer = (datetime(2026, month, 1, tzinfo=there) for month in (1, 7))
    assert winter.utcoffset() == summer.utcoffset()


def test_the_last_day_of_a_rule_ends_by_the_clocks_of_its_offset() -> None:
    rule = read("inventory every day at 10:00 UTC+9 until April 3 2026").event.recurrence
    assert rule == "FREQ=DAILY;UNTIL=20260403T145959Z"


def test_a_reminder_and_a_length_are_no_offset() -> None:
    decision = read("remind me 15 minutes before payroll tomorrow at 11:20 UTC+4 for 2 hours")
    plain = read("remind me 15 minutes before payroll tomorrow at 11:20 for 2 hours")
    assert decision.event.reminders_minutes == plain.event.reminders_minutes
    assert utc(decision.event.start) == "2026-03-12T07:20"
    assert utc(decision.event.end) == "2026-03-12T09:20"


@pytest.mark.parametrize(
    ("text", "start", "end"),
    [
        ("lunch for 4-6 guests tomorrow at 13:00", "2026-03-12T13:00", "2026-03-12T14:00"),
        ("lunch tomorrow at 13:00 +1", "2026-03-12T13:00", "2026-03-12T14:00"),
        ("lunch tomorrow at 13:00 +1 friend", "2026-03-12T13:00", "2026-03-12T14:00"),
        ("lunch tomorrow 13:00 +12 friends", "2026-03-12T13:00", "2026-03-12T14:00"),
        ("lunch tomorrow 1pm, +02 guests", "2026-03-12T13:00", "2026-03-12T14:00"),
        ("ring +44 20 7946 0991 tomorrow at 13:00", "2026-03-12T13:00", "2026-03-12T14:00"),
        ("ring tomorrow at 13:00 +44 20 7946 0991", "2026-03-12T13:00", "2026-03-12T14:00"),
        ("ring tomorrow at 13:00 +4420 7946", "2026-03-12T13:00", "2026-03-12T14:00"),
        ("floor +3 visit tomorrow at 13:00", "2026-03-12T13:00", "2026-03-12T14:00"),
        ("shift tomorrow 10-12", "2026-03-12T10:00", "2026-03-12T12:00"),
        ("shift tomorrow 21:00-05:30", "2026-03-12T21:00", "2026-03-13T05:30"),
        ("shift tomorrow 0900-1130", "2026-03-12T09:00", "2026-03-12T11:30"),
        ("shift tomorrow 06:00 -08:00", "2026-03-12T06:00", "2026-03-12T08:00"),
        ("shift 2026-03-12 09:00-10:15", "2026-03-12T09:00", "2026-03-12T10:15"),
        ("shift 2026-03-12 1:30pm", "2026-03-12T13:30", "2026-03-12T14:30"),
        ("shift 2026-03-12 at 11", "2026-03-12T11:00", "2026-03-12T12:00"),
        ("review the 3-2 win tomorrow at 13:00", "2026-03-12T13:00", "2026-03-12T14:00"),
        ("and/or review tomorrow at 13:00", "2026-03-12T13:00", "2026-03-12T14:00"),
        ("explain GMT and BST to Ada tomorrow at 13:00", "2026-03-12T13:00", "2026-03-12T14:00"),
        ("watch World War Z tomorrow at 13:00", "2026-03-12T13:00", "2026-03-12T14:00"),
        ("13:00 Z-score seminar tomorrow", "2026-03-12T13:00", "2026-03-12T14:00"),
        ("viewing of flat 1204B tomorrow at 1pm", "2026-03-12T13:00", "2026-03-12T14:00"),
        ("'UTC+9 meetup' tomorrow at 13:00", "2026-03-12T13:00", "2026-03-12T14:00"),
        ("lunch tomorrow at 13:00, then 17:00 UTC+2 payroll", "2026-03-12T13:00", "2026-03-12T14:00"),
    ],
)  # fmt: skip
def test_what_looks_like_an_offset_and_is_none_changes_nothing(
    text: str, start: str, end: str
) -> None:
    event = read(text).event
    assert isinstance(event.start, datetime)
    assert isinstance(event.end, datetime)
    shown = (event.start.isoformat()[:16], event.end.isoformat()[:16], event.timezone)
    assert shown == (start, end, HOME.key)


def test_a_whole_day_keeps_the_words_of_an_offset_in_its_name() -> None:
    assert read("read about GMT+2 on Friday").event.title == "read about GMT+2"


def test_a_minus_that_may_be_either_is_said() -> None:
    decision = read("payroll tomorrow 14:00-05:00")
    assert utc(decision.event.start) == "2026-03-12T19:00"
    assert "'-05:00' was read as an offset from UTC, not as an end" in decision.problems
    assert decision.confidence < 0.9


def test_the_evidence_names_the_words_of_the_offset() -> None:
    decision = read("payroll tomorrow at 11:20 UTC+4")
    found = [one for one in decision.evidence if one.part == "zone"]
    assert [(one.words, one.rule, one.value) for one in found] == [("UTC+4", "offset", 240)]


def test_other_readings_keep_the_offset() -> None:
    decision = read("payroll next Friday at 4 UTC+4")
    assert decision.alternatives
    for other in decision.alternatives:
        assert isinstance(other.start, datetime)
        assert other.start.utcoffset() == timedelta(hours=4)


@pytest.mark.parametrize(
    "text",
    [
        "audit 9999-12-31T23:30:00-08:00",
        "audit 0001-01-01T00:30:00+09:00",
        "audit every day at 10:00 UTC+3 until 9999-12-31",
        "audit 9999-12-31T23:30-03:30",
        "audit " + "(UTC+1 " * 2_500,
        "audit " + "14:00 -0300 " * 1_500,
    ],
)
def test_the_edges_of_the_calendar_and_of_a_text_are_no_error(text: str) -> None:
    decision = read(text)
    start = decision.event.start
    assert start is not None or decision.problems
    if isinstance(start, datetime):
        assert start.utcoffset() is not None


def test_a_time_that_lies_beyond_the_calendar_in_utc_is_said() -> None:
    decision = read("audit 0001-01-01T00:30:00+09:00")
    assert decision.problems == ("the date lies beyond the calendar",)
    assert decision.event.start is None
