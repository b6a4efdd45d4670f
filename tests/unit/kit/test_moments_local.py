"""Moments for people to read: their differences and their order are those of UTC."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from kit.pure.moments import at_wall, is_doubled, local, local_at, midnight, written

CHANGES = [
    # zone, an instant in the first of two equal hours (UTC), the offset after the change in hours
    ("Europe/Berlin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), 1.0, ("CEST", "CET")),
    ("America/New_York", datetime(2026, 11, 1, 5, 30, tzinfo=UTC), 1.0, ("EDT", "EST")),
    ("Australia/Lord_Howe", datetime(2026, 4, 4, 14, 45, tzinfo=UTC), 0.5, ("+11", "+1030")),
]


@pytest.mark.parametrize(("name", "at", "hours", "words"), CHANGES)
def test_a_doubled_hour_is_measured_and_ordered_by_utc_and_named(
    name: str, at: datetime, hours: float, words: tuple[str, str]
) -> None:
    zone = ZoneInfo(name)
    first = local(at, zone)
    later = local(at + timedelta(hours=hours, minutes=-10), zone)

    assert later.replace(tzinfo=None) < first.replace(tzinfo=None)  # by the wall clock it is before
    assert later - first == timedelta(hours=hours, minutes=-10)
    assert first < later
    assert (first.tzname(), later.tzname()) == words
    assert is_doubled(first)
    assert is_doubled(later)
    assert not is_doubled(local(at - timedelta(hours=3), zone))


@pytest.mark.parametrize(
    ("name", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("America/New_York", date(2026, 3, 8), 23),
        ("America/New_York", date(2026, 11, 1), 25),
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Australia/Lord_Howe", date(2026, 10, 4), 23.5),
        ("UTC", date(2026, 3, 29), 24),
    ],
)
def test_a_day_is_as_long_as_a_clock_would_measure(name: str, day: date, hours: float) -> None:
    zone = ZoneInfo(name)
    begin, end = midnight(day, zone), midnight(day + timedelta(days=1), zone)
    assert (end - begin) / timedelta(hours=1) == hours
    assert (end.hour, begin.hour) == (0, 0)


def test_an_hour_that_is_leapt_over_is_as_much_later_as_it_leaps() -> None:
    wall = datetime(2026, 3, 29, 2, 30)  # noqa: DTZ001 -- what a clock on a wall would show
    found = at_wall(wall, ZoneInfo("Europe/Berlin"))
    assert (found.isoformat(), is_doubled(found)) == ("2026-03-29T03:30:00+02:00", False)


def test_what_is_written_of_it_is_rfc_3339_and_utc_stays_utc() -> None:
    assert local_at(0, ZoneInfo("Europe/London")).isoformat() == "1970-01-01T01:00:00+01:00"
    assert local_at(0, ZoneInfo("UTC")).tzinfo is UTC


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-03-02T03:04:05Z", datetime(2026, 3, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-03-02T05:04:05+02:00", datetime(2026, 3, 2, 3, 4, 5, tzinfo=UTC)),
        ("2026-03-02T03:04:05", datetime(2026, 3, 2, 3, 4, 5, tzinfo=UTC)),
        ("0001-01-01T00:00:00+14:00", None), ("9999-12-31T23:59:59-12:00", None),
        ("soon", None), (None, None), (7, None),
    ],
)  # fmt: skip
def test_what_programs_write_is_read_in_utc_whatever_the_clock_of_this_machine(
    text: object, moment: datetime | None
) -> None:
    assert written(text) == moment
    assert written("2026-03-02T03:04:05", naive_is_utc=False) is None
