"""Windows that begin with the calendar."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.period import Calendar, rolling

ZURICH = ZoneInfo("Europe/Zurich")


def months(zone: ZoneInfo = ZURICH, day: int = 1, count: int = 1, unit: str = "M") -> Calendar:
    return Calendar(datetime(2026, 1, day), zone, count, unit)  # noqa: DTZ001 -- wall clock


def utc(year: int, month: int, day: int, hour: int = 0) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "start", "end"),
    [
        (utc(2026, 11, 22, 1), utc(2026, 10, 31, 23), utc(2026, 11, 30, 23)),
        (utc(2026, 3, 15), utc(2026, 2, 28, 23), utc(2026, 3, 31, 22)),  # the clocks change
        (utc(2026, 6, 30, 22), utc(2026, 6, 30, 22), utc(2026, 7, 31, 22)),  # the first moment
    ],
)
def test_a_month_is_that_of_the_zone(now: datetime, start: datetime, end: datetime) -> None:
    period = months().around(now)
    assert period is not None
    assert (period.start, period.end) == (start, end)
    assert period.fraction == (now - start) / (end - start)


def test_a_day_has_twenty_three_and_twenty_five_hours_when_the_clocks_change() -> None:
    days = months(unit="d")
    spring, autumn = days.around(utc(2026, 3, 29, 12)), days.around(utc(2026, 10, 25, 12))
    assert spring is not None
    assert autumn is not None
    assert spring.length == timedelta(hours=23)
    assert autumn.length == timedelta(hours=25)


def test_a_month_that_lacks_the_day_begins_on_its_last_one_and_the_next_is_whole_again() -> None:
    late = months(ZoneInfo("Etc/UTC"), day=31)
    assert [late.begin(n).date().isoformat() for n in range(4)] == [
        "2026-01-31", "2026-02-28", "2026-03-31", "2026-04-30",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("unit", "count", "days"),
    [("Q", 1, 90), ("Y", 1, 365), ("w", 2, 14), ("h", 12, 0.5), ("m", 30, 1 / 48), ("M", 6, 181)],
)
def test_every_unit_has_its_length(unit: str, count: int, days: float) -> None:
    period = months(ZoneInfo("Etc/UTC"), count=count, unit=unit).around(utc(2026, 1, 1))
    assert period is not None
    assert period.length == timedelta(days=days)


def test_before_its_first_window_there_is_none() -> None:
    assert months().around(utc(2025, 12, 31, 22)) is None


@given(
    st.integers(0, 10**9),
    st.sampled_from("hdwMQY"),
    st.integers(1, 5),
    st.sampled_from(["Europe/Zurich", "Asia/Kathmandu", "America/New_York", "Pacific/Apia"]),
    st.integers(1, 31),
)
def test_windows_follow_one_another_and_hold_the_moment_asked_for(
    seconds: int, unit: str, count: int, zone: str, day: int
) -> None:
    calendar = months(ZoneInfo(zone), day, count, unit)
    now = calendar.begin(0) + timedelta(seconds=seconds)
    period = calendar.around(now)
    assert period is not None
    assert period.start <= now < period.end
    assert 0 <= period.fraction < 1
    begins = [calendar.begin(number) for number in range(5)]
    assert all(one < other for one, other in pairwise(begins))


def test_all_of_a_rolling_window_has_passed() -> None:
    period = rolling(timedelta(days=28), utc(2026, 11, 22))
    assert period.fraction == 1
    assert period.start == utc(2026, 10, 25)
