"""How often a rule may happen: judged by its work, whatever its frequency is called."""

# ruff: noqa: DTZ001 - these are wall clock times, of no zone

import contextlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import islice, takewhile
from typing import Any

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from service.drafts import fields_of, new_event, patched, planned, replaced
from service.planning.errors import PlanError
from service.planning.event import Event, checked_rule
from service.planning.expand import wall_times
from service.planning.instants import instant_of
from service.planning.recurring import first_start, starts
from service.planning.rule import LONGEST_RULE, kept_rule, most_a_day, rule_of
from service.planning.series import last_end, occurrence_at, occurrences
from service.planning.split import ended_before
from service.planning.work import Steps
from tests.properties.service.test_expand import START, rules
from tests.support.dense import KEPT_BEFORE, NEVER_KEPT, NEVER_OR_SELDOM, listed
from tests.support.effort import calls_of
from tests.support.sampling import examples

NOW = datetime(2026, 1, 1, tzinfo=UTC)
MONDAY = datetime(2026, 3, 2, 9)


def event(**fields: Any) -> Event:
    return new_event("ann", {"title": "x", "start": "2026-03-02T09:00:00", **fields}, now=NOW)


def few_steps(most: int) -> Steps:
    return Steps(most, lambda: AssertionError(f"more than {most} steps"))


@pytest.mark.parametrize("text", [*KEPT_BEFORE, *NEVER_KEPT])
def test_a_rule_that_is_too_dense_is_refused_whatever_makes_it_so(text: str) -> None:
    with pytest.raises(PlanError) as caught:
        checked_rule(text)
    assert caught.value.code == "recurrence_too_frequent"
    assert str(most_a_day(kept_rule(text))) in caught.value.reason


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=MINUTELY;INTERVAL=15",
        "FREQ=MINUTELY;INTERVAL=1440;BYSECOND=0,20,40",
        "FREQ=MINUTELY;BYHOUR=9,17;BYMINUTE=0,30",
        "FREQ=MINUTELY;INTERVAL=7;BYHOUR=9;BYMINUTE=0,7,14",
        "FREQ=SECONDLY;INTERVAL=86400",
        "FREQ=SECONDLY;BYHOUR=9;BYMINUTE=3;BYSECOND=1,59",
        "FREQ=SECONDLY;INTERVAL=1009",
        "FREQ=HOURLY;BYMINUTE=0,15,30,45",
        "FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,10,20;BYSECOND=0,30",
        "FREQ=DAILY;BYHOUR=0,12;BYMINUTE=0,15,30,45;BYSETPOS=2,-1",
        "FREQ=HOURLY;INTERVAL=9;BYMINUTE=5,10,50;BYSETPOS=-1",
    ],
)
def test_what_is_not_too_dense_is_kept_and_the_same_as_dateutil(text: str) -> None:
    wanted = list(islice(rrulestr(text, dtstart=MONDAY), 40))
    assert list(islice(wall_times(rule_of(text), MONDAY), 40)) == wanted


def test_a_leap_second_is_the_second_before_it() -> None:
    assert kept_rule("FREQ=DAILY;BYSECOND=60") == kept_rule("FREQ=DAILY;BYSECOND=59")


@examples(100)
@given(rules(), START)
def test_no_rule_happens_more_often_a_day_than_it_is_judged(text: str, start: datetime) -> None:
    rule = kept_rule(text)
    found = list(islice(wall_times(rule, start), 300))
    for moment in found[::50]:
        day = [one for one in found if one.date() == moment.date()]
        assert len(day) <= most_a_day(rule)


@pytest.mark.parametrize("text", KEPT_BEFORE)
@pytest.mark.parametrize("year", [2027, 2100, 2196])
def test_the_first_times_of_a_far_window_cost_no_more_than_near_ones(text: str, year: int) -> None:
    after = datetime(year, 2, 1)
    rule = replace(kept_rule(text), count=None)
    found = list(islice(wall_times(rule, MONDAY, after=after, work=few_steps(5000)), 5))
    assert len(found) == 5
    assert found == sorted(found)
    assert found[0] >= after


@pytest.mark.parametrize("text", NEVER_OR_SELDOM)
def test_a_rule_that_hardly_ever_happens_is_found_out_with_bounded_work(text: str) -> None:
    list(islice(wall_times(kept_rule(text), MONDAY, work=few_steps(300_000)), 1))


@pytest.mark.thorough
def test_work_that_never_ends_ends_with_a_refusal() -> None:
    dense = replace(event(recurrence="FREQ=DAILY"), recurrence=KEPT_BEFORE[0])
    with pytest.raises(PlanError) as caught:
        list(occurrences(dense, NOW, datetime(2190, 1, 1, tzinfo=UTC)))
    assert caught.value.code == "window_too_large"


@examples(150)
@given(
    rules(),
    st.sampled_from(["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "UTC"]),
    st.datetimes(datetime(2024, 1, 1), datetime(2027, 1, 1)),
    st.integers(0, 2000),
    st.integers(1, 60),
)
def test_a_window_shows_what_counting_from_the_start_shows(
    text: str, zone: str, begin: datetime, days: int, length: int
) -> None:
    series = None
    with contextlib.suppress(PlanError):  # of a rule that never happens
        series = event(start=begin.isoformat(), timezone=zone, recurrence=text)
    if series is None:
        return
    first = instant_of(series.start) + timedelta(days=days)
    end = first + timedelta(days=length)
    naive = takewhile(lambda moment: instant_of(moment) < end, starts(series))
    wanted = [m for m in naive if instant_of(m) + series.length > first]
    assert [o.start for o in occurrences(series, first, end)] == wanted


@pytest.mark.parametrize("until", ["99991231T235959Z", "99991231", "99991231T235959", "22000101"])
def test_for_ever_is_a_series_without_end(until: str) -> None:
    series = event(timezone="America/New_York", recurrence=f"FREQ=DAILY;UNTIL={until}")
    assert last_end(series) is None
    window = datetime(2190, 1, 1, tzinfo=UTC), datetime(2190, 1, 3, tzinfo=UTC)
    assert len(list(occurrences(series, *window))) == 2


def test_an_event_at_the_end_of_time_can_be_changed_again() -> None:
    for fields in (
        {"start": "2199-12-31T23:30:00", "timezone": "Pacific/Kiritimati"},
        {"start": "2199-12-31"},
        {"start": "2199-12-31T12:00:00", "end": "2200-01-02T00:00:00"},
        {"start": "1900-01-01T00:00:00", "timezone": "Pacific/Apia"},
    ):
        kept = event(**fields)
        assert patched(kept, fields_of(kept)) == kept


@pytest.mark.parametrize("text", KEPT_BEFORE)
def test_a_rule_that_is_kept_is_not_judged_again_when_something_else_changes(text: str) -> None:
    kept = replace(event(recurrence="FREQ=DAILY"), recurrence=text)
    assert patched(kept, {"title": "y"}).title == "y"
    assert replaced(kept, planned({**fields_of(kept), "busy": False}, kept)).recurrence == text
    for wish in ({"start": "2026-03-03T10:00:00"}, {"recurrence": text.lower()}):
        with pytest.raises(PlanError) as caught:
            patched(kept, wish)
        assert caught.value.code == "recurrence_too_frequent"


def test_a_rule_that_is_longer_by_its_new_end_is_still_read_and_not_judged_again() -> None:
    days = ",".join(str(day) for day in range(1, 170))
    text = f"FREQ=YEARLY;BYYEARDAY={days}"[: LONGEST_RULE - 1].rpartition(",")[0]
    kept = event(recurrence=text)
    last = occurrence_at(kept, first_start(replace(kept, start=kept.start + timedelta(days=90))))
    assert last is not None
    beginning = ended_before(kept, last)
    assert len(beginning.recurrence or "") > LONGEST_RULE
    assert last_end(beginning) is not None
    assert patched(beginning, {"title": "y"}).recurrence == beginning.recurrence
    with pytest.raises(PlanError):
        checked_rule(beginning.recurrence)


@pytest.mark.parametrize(
    ("text", "control"),
    [
        ("FREQ=SECONDLY;INTERVAL=86400;BYMONTHDAY=31", "FREQ=MINUTELY;INTERVAL=1440;BYMONTHDAY=31"),
        ("FREQ=SECONDLY;INTERVAL=7200;BYMONTH=3", "FREQ=MINUTELY;INTERVAL=120;BYMONTH=3"),
    ],
)
def test_a_rule_by_seconds_costs_about_what_it_costs_by_minutes(text: str, control: str) -> None:
    start = datetime(2026, 1, 31, 23, 59, 59)

    def of(rule: str) -> int:
        return calls_of(lambda: list(islice(wall_times(kept_rule(rule), start), 5)))

    of(text), of(control)
    assert of(text) < 2 * of(control)


@pytest.mark.parametrize("text", [*KEPT_BEFORE, *NEVER_KEPT, "FREQ=SECONDLY;INTERVAL=86400"])
def test_all_that_is_looked_at_is_counted(text: str) -> None:
    rule = replace(kept_rule(text), count=None)
    count = Steps(10**9, AssertionError)
    start = datetime(2026, 1, 31, 23, 59, 59)
    calls = calls_of(lambda: list(islice(wall_times(rule, start, work=count), 20)))
    assert calls < 1000 + 20 * (10**9 - count.left)


def test_many_events_that_seldom_happen_are_little_work_or_done_elsewhere() -> None:
    """What `_busy` does at once for 60 events stays in proportion to the steps it counts."""
    text = "FREQ=SECONDLY;INTERVAL=86400;BYMONTHDAY=31"
    series = [
        replace(event(start="2026-01-31T23:59:59", recurrence=text), id=str(n)) for n in range(60)
    ]
    window = datetime(2026, 6, 20, tzinfo=UTC), datetime(2026, 6, 21, tzinfo=UTC)
    count = Steps(10**9, AssertionError)
    calls = calls_of(lambda: [list(occurrences(one, *window, count)) for one in series])
    assert calls < 20 * (10**9 - count.left)


def test_a_list_that_fits_the_text_of_a_rule_is_not_made_into_times() -> None:
    text = f"FREQ=DAILY;BYHOUR={listed(0, 23)};BYMINUTE={listed(0, 59)};BYSECOND=0;BYSETPOS=-1"
    found = islice(wall_times(rule_of(text), MONDAY, work=few_steps(200)), 3)
    assert [moment.strftime("%H:%M") for moment in found] == ["23:59"] * 3
