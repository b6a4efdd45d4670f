"""Busy and free time, against a minute-by-minute reckoning."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from service.planning.free import Hours, Interval, Wish, common, gaps, merged, slots, working
from tests.support.sampling import examples

ORIGIN = datetime(2026, 3, 2, tzinfo=UTC)
WEEKDAYS = frozenset(range(5))


def at(minute: int) -> datetime:
    return ORIGIN + timedelta(minutes=minute)


INTERVALS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(0, 40)).map(lambda p: (at(p[0]), at(p[0] + p[1]))),
    max_size=12,
)


def minutes(intervals: list[Interval]) -> set[datetime]:
    return {at(m) for m in range(300) if any(b <= at(m) < e for b, e in intervals)}


@examples(200)
@given(INTERVALS, INTERVALS)
def test_merged_common_and_gaps_agree_with_counting_minutes(
    left: list[Interval], right: list[Interval]
) -> None:
    assert minutes(merged(left)) == minutes(left)
    assert minutes(common(merged(left), merged(right))) == minutes(left) & minutes(right)
    free = list(gaps(merged(left), at(0), at(300)))
    assert minutes(free) == {at(m) for m in range(300)} - minutes(left)


def test_working_hours_keep_to_the_clock_when_it_changes() -> None:
    hours = Hours(ZoneInfo("Europe/Berlin"), time(9), time(17), frozenset(range(7)))
    start = datetime(2026, 3, 28, tzinfo=UTC)
    found = working(hours, start, start + timedelta(days=2))
    assert [b.hour for b, _ in found] == [8, 7]


def test_two_zones_meet_only_where_both_work() -> None:
    berlin = Hours(ZoneInfo("Europe/Berlin"), time(9), time(17), WEEKDAYS)
    york = Hours(ZoneInfo("America/New_York"), time(9), time(17), WEEKDAYS)
    wish = Wish(
        timedelta(minutes=60), ORIGIN, ORIGIN + timedelta(days=2), timedelta(minutes=30),
        (berlin, york),
    )  # fmt: skip
    found = [b for b, _ in slots(wish, [(at(14 * 60), at(15 * 60))])]
    # 14 to 16 UTC is both Berlin's afternoon and New York's morning; the first hour is taken.
    assert found == [at(15 * 60), at(24 * 60 + 14 * 60), at(24 * 60 + 15 * 60)]


@examples(100)
@given(INTERVALS, st.sampled_from([10, 15, 30]), st.sampled_from([5, 15]), st.integers(0, 10))
def test_a_slot_is_free_with_its_buffer_and_starts_on_a_step(
    busy: list[Interval], length: int, step: int, buffer: int
) -> None:
    wish = Wish(
        timedelta(minutes=length), at(0), at(290), timedelta(minutes=step), (),
        timedelta(minutes=buffer),
    )  # fmt: skip
    taken = minutes(busy)
    for begins, ends in slots(wish, busy):
        assert (begins - ORIGIN) % wish.step == timedelta(0)
        assert ends - begins == wish.length
        wide = minutes([(begins - wish.buffer, ends + wish.buffer)])
        assert not wide & taken


def test_night_work_crosses_midnight() -> None:
    hours = Hours(ZoneInfo("UTC"), time(22), time(6), frozenset({0}))
    assert working(hours, ORIGIN, ORIGIN + timedelta(days=3)) == [
        (at(22 * 60), at(30 * 60)),
    ]
