# ruff: noqa: E501, DTZ001  # a table row is a row; the zone is put on inside the test
"""Properties that hold for every text, and events that survive being written and read."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from service.parsing import parse
from tests.support.sampling import examples
from tests.unit.parsing.reading import NOW, ZONE, read, start

WORDS = [
    "every",
    "next",
    "last",
    "this",
    "monday",
    "fri",
    "may",
    "march",
    "at",
    "on",
    "in",
    "for",
    "3",
    "15",
    "3pm",
    "12:30",
    "noon",
    "tomorrow",
    "week",
    "month",
    "of",
    "the",
    "first",
    "second",
    "to",
    "until",
    "and",
    "except",
    "with",
    "Ana",
    "2026",
    "31st",
    "-",
    "/",
    ",",
    ".",
    "every",
    "other",
    "weekday",
    "ago",
    "from",
    "now",
    "christmas",
    "half",
    "past",
    "quarter",
    "daily",
    "weekly",
    "9",
    "to",
    "5",
    "ending",
    "starting",
    "twice",
]  # a bag of words reads as words
days = st.dates(date(2026, 3, 12), date(2027, 3, 10))
minutes = st.integers(0, 24 * 60 // 5 - 1).map(lambda n: n * 5)
DAY_FORMS: list[Callable[[date], str]] = [
    lambda d: f"{d:%B} {d.day}, {d.year}",
    lambda d: f"{d.day} {d:%b} {d.year}",
    lambda d: d.isoformat(),
    lambda d: f"{d:%A}, {d:%B} {d.day} {d.year}",
    lambda d: (
        f"the {d.day}{'th' if 3 < d.day < 21 else ['th', 'st', 'nd', 'rd', 'th', 'th', 'th', 'th', 'th', 'th'][d.day % 10]} of {d:%B} {d.year}"
    ),  # one form a line
    lambda d: f"{d.month}/{d.day}/{d.year}",
]
CLOCK_FORMS: list[Callable[[int], str]] = [
    lambda m: f"{m // 60:02d}:{m % 60:02d}",
    lambda m: f"{(m // 60 - 1) % 12 + 1}:{m % 60:02d} {'am' if m < 720 else 'pm'}",
    lambda m: f"{(m // 60 - 1) % 12 + 1}.{m % 60:02d}{'am' if m < 720 else 'pm'}",
]


@given(st.text(max_size=300))
@examples(300)
def test_no_text_raises(text: str) -> None:
    decision = read(text)
    assert 0 <= decision.confidence <= 1


@given(
    st.lists(st.sampled_from(WORDS), max_size=14),
    st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1)),
)  # the zone is put on below
@examples(600)
def test_no_row_of_time_words_raises_and_an_end_is_never_before_its_start(
    words: list[str], now: datetime
) -> None:
    event = read(" ".join(words), now=now.replace(tzinfo=UTC)).event
    if event.start is not None and event.end is not None:
        assert type(event.start) is type(event.end)
        assert event.start < event.end or isinstance(event.start, datetime)
        assert event.all_day == (not isinstance(event.start, datetime))
    if event.recurrence:
        first = datetime(2026, 1, 1, tzinfo=None if event.all_day else UTC)  # RFC 5545: as UNTIL
        rrulestr(f"RRULE:{event.recurrence}", dtstart=first)  # raises on a bad rule


@given(days, minutes, st.sampled_from(DAY_FORMS), st.sampled_from(CLOCK_FORMS))
@examples(300)
def test_a_written_moment_is_read_back(
    day: date, minute: int, day_form: Callable[[date], str], clock_form: Callable[[int], str]
) -> None:
    wanted = f"{day.isoformat()}T{minute // 60:02d}:{minute % 60:02d}"
    date_said, time_said = day_form(day), clock_form(minute)
    assert start(f"{date_said} at {time_said}") == wanted
    assert start(f"dentist at {time_said} on {date_said}") == wanted
    assert start(f"Please schedule a review on {date_said} at {time_said}") == wanted


@given(days, st.integers(0, 22), st.integers(5, 600))
@examples(150)
def test_a_length_is_read_back(day: date, hour: int, length: int) -> None:
    event = read(f"standup on {day.isoformat()} at {hour:02d}:30 for {length} minutes").event
    assert isinstance(event.start, datetime)
    assert event.end is not None
    assert event.end - event.start == timedelta(minutes=length)


@given(st.integers(1, 400), st.sampled_from(["days", "weeks"]))
def test_counting_forth_and_back_is_symmetrical(n: int, unit: str) -> None:
    ahead, behind = read(f"in {n} {unit}").event.start, read(f"{n} {unit} ago").event.start
    today = NOW.date()
    assert ahead is not None
    assert behind is not None
    assert ahead - today == today - behind


@pytest.mark.parametrize(
    ("text", "zone", "utc"),
    [
        # Berlin springs forward on 2026-03-29: 02:30 does not exist, the day has 23 hours.
        ("March 29 2026 at 01:30", "Europe/Berlin", "2026-03-29T00:30"),
        ("March 29 2026 at 03:30", "Europe/Berlin", "2026-03-29T01:30"),
        ("October 25 2026 at 12:00", "Europe/Berlin", "2026-10-25T11:00"),
        ("November 1 2026 at 9am", "America/New_York", "2026-11-01T14:00"),
    ],
)
def test_on_the_days_the_clock_changes_the_wall_clock_is_kept(
    text: str, zone: str, utc: str
) -> None:
    event = parse(text, now=NOW, zone=ZoneInfo(zone)).event
    assert isinstance(event.start, datetime)
    assert event.start.astimezone(UTC).isoformat()[:16] == utc


def test_an_all_day_event_over_a_clock_change_still_ends_at_the_next_day() -> None:
    event = parse("March 29", now=NOW, zone=ZoneInfo("Europe/Berlin")).event
    assert (event.start, event.end) == (date(2026, 3, 29), date(2026, 3, 30))


def test_the_same_words_give_the_same_decision() -> None:
    text = "coffee with Ana every other Friday at 4 until June"
    assert parse(text, now=NOW, zone=ZONE) == parse(text, now=NOW, zone=ZONE)
