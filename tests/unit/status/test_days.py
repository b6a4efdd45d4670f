"""What a day is remembered by, and which times count as disturbed."""

from datetime import UTC, date, datetime, timedelta

import pytest

from status.measured import Day, Measured, State, Stretch, stretches_of, worst
from status.words import of_day, span, until, uptime

DAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


def day(down_min: float = 0, watched: float = 1, failed: float | None = 0.0, **rest: object) -> Day:
    return Day(
        DAY,
        down_min,
        watched,
        failed,
        bool(rest.get("missed")),
        float(str(rest.get("maintenance", 0))),
    )


@pytest.mark.parametrize(
    ("found", "state", "words"),
    [
        (day(), State.WORKS, "worked"),
        (day(0.4), State.WORKS, "worked"),
        (day(3), State.DEGRADED, "did not work for 3 minutes"),
        (day(10), State.OUTAGE, "did not work for 10 minutes"),
        (day(75), State.OUTAGE, "did not work for 1 hour 15 min"),
        (day(failed=0.02, missed=True), State.DEGRADED, "2.00 % slow or failed"),
        (day(failed=0.4, missed=True), State.OUTAGE, "40 % slow or failed"),
        (day(failed=0.004), State.WORKS, "worked"),
        (day(watched=0, failed=None), State.UNKNOWN, "not measured"),
        (day(watched=0.5), State.WORKS, "worked, only 50 % of the day was measured"),
        (day(maintenance=60), State.MAINTENANCE, "worked, 1 hour of planned maintenance"),
    ],
)  # fmt: skip
def test_a_day_is_what_was_worst_in_it(found: Day, state: State, words: str) -> None:
    assert (found.state, of_day(found)) == (state, words)


def test_a_day_without_measurements_is_never_a_day_that_worked() -> None:
    assert day(watched=0.0, failed=None).state is State.UNKNOWN
    assert Measured(State.UNKNOWN, (day(watched=0, failed=None),)).uptime is None
    assert uptime(Measured(State.UNKNOWN, ())) == "no measurements yet"


def test_an_outage_is_never_rounded_away_from_the_uptime() -> None:
    days = (*(day() for _ in range(89)), day(1))
    assert uptime(Measured(State.WORKS, days)) == "worked 99.999 % of 90 days measured"
    days = (*(day() for _ in range(89)), day(0.001))
    assert "100" not in uptime(Measured(State.WORKS, days))


def test_the_uptime_is_of_the_measured_time_only() -> None:
    half = (day(36, watched=0.5), day(watched=0, failed=None))
    assert Measured(State.WORKS, half).uptime == pytest.approx(1 - 36 / 720)


def test_what_is_unknown_is_worse_than_what_works_and_better_than_what_fails() -> None:
    assert worst(State.WORKS, State.UNKNOWN) is State.UNKNOWN
    assert worst(State.UNKNOWN, State.DEGRADED) is State.DEGRADED
    assert worst() is State.UNKNOWN


def looks(*minutes_up: tuple[int, bool]) -> tuple[tuple[float, bool], ...]:
    return tuple((NOW.timestamp() - 60 * ago, up) for ago, up in minutes_up)


def test_a_disturbance_has_a_beginning_and_an_end_and_one_look_is_none() -> None:
    flags = looks((9, False), (8, True), (7, True), (6, True), (5, False), (4, True), (3, False))
    found = stretches_of(flags, timedelta(minutes=1), NOW, State.OUTAGE)
    begin = NOW - timedelta(minutes=8)
    assert found == (Stretch(begin, begin + timedelta(minutes=3), State.OUTAGE),)


def test_a_disturbance_that_goes_on_has_no_end() -> None:
    flags = looks((2, True), (1, True), (0, True))
    (found,) = stretches_of(flags, timedelta(minutes=1), NOW, State.OUTAGE)
    assert found.end is None


def test_what_nobody_saw_is_not_claimed_to_have_gone_on() -> None:
    flags = looks((40, True), (39, True), (10, True), (9, True), (8, False))
    found = stretches_of(flags, timedelta(minutes=1), NOW, State.OUTAGE)
    assert [each.end for each in found] == [
        NOW - timedelta(minutes=38),
        NOW - timedelta(minutes=8),
    ]


def test_spans_are_said_as_people_say_them() -> None:
    assert [span(m) for m in (0.2, 1, 59.6, 60, 61, 1500)] == [
        "1 minute", "1 minute", "1 hour", "1 hour", "1 hour 1 min", "25 hours",
    ]  # fmt: skip


def test_a_time_within_a_day_names_the_day_once() -> None:
    assert until(NOW + timedelta(hours=1), NOW) == "13:00 UTC"
    assert until(NOW + timedelta(hours=12), NOW) == "21 November 2026, 00:00 UTC"
