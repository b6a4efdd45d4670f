"""What was done to single occurrences outlives a change of their series, or is said to be lost."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from service.drafts import aligned, fields_of, kept_or_refused, new_event, patched, put
from service.errors import ProblemError
from service.planning.event import Event
from service.planning.instants import moment_of, zone_of
from service.planning.series import Occurrence, occurrence_at, occurrences
from service.planning.split import ended_before, rest_from, with_change, without
from service.planning.work import bounded
from tests.support.sampling import examples

NOW = datetime(2026, 1, 1, tzinfo=UTC)
ALL = datetime(2025, 1, 1, tzinfo=UTC), datetime(2028, 1, 1, tzinfo=UTC)
BERLIN = "Europe/Berlin"


def weekly(start: str = "2026-03-02T09:00:00", rule: str = "FREQ=WEEKLY;COUNT=8") -> Event:
    fields = {"title": "Walk", "start": start, "timezone": BERLIN, "recurrence": rule}
    return new_event("ann", fields, now=NOW)


def at(event: Event, text: str) -> Occurrence:
    found = occurrence_at(event, moment_of(text, zone_of(event.timezone), field="at"))
    assert found is not None, text
    return found


def moved(event: Event, text: str, **wish: Any) -> Event:
    zone = zone_of(event.timezone)
    times: dict[str, Any] = {
        n: moment_of(wish[n], zone, field=n) for n in ("start", "end") if n in wish
    }
    return with_change(event, at(event, text), {**wish, **times})


def edited(event: Event, *, force: bool = False, **wish: Any) -> Event:
    work = bounded()
    return aligned(kept_or_refused(event, patched(event, wish), force=force, work=work), work)


def shown(event: Event) -> list[tuple[str, str]]:
    found = [(o.start.isoformat()[:16], o.title) for o in occurrences(event, *ALL)]
    return sorted(found)


WITH_BOTH = without(
    moved(weekly(), "2026-03-16T09:00:00", start="2026-03-17T14:00:00", title="Late"),
    at(weekly(), "2026-03-23T09:00:00"),
)


def test_a_longer_count_keeps_what_was_changed_and_left_out() -> None:
    longer = edited(WITH_BOTH, recurrence="FREQ=WEEKLY;COUNT=12")
    assert len(shown(longer)) == 11
    assert ("2026-03-17T14:00", "Late") in shown(longer)
    assert ("2026-03-16T09:00", "Walk") not in shown(longer)


@pytest.mark.parametrize(
    ("start", "hours", "days"), [("2026-03-02T11:30:00", 2.5, 0), ("2026-03-04T08:00:00", -1, 2)]
)
def test_a_moved_series_leaves_out_what_was_left_out(start: str, hours: float, days: int) -> None:
    after = edited(WITH_BOTH, start=start)
    usual = datetime(2026, 3, 2, 9) + timedelta(days=days, hours=hours)  # noqa: DTZ001 - shown
    left = {f"{usual + timedelta(weeks=n):%Y-%m-%dT%H:%M}" for n in (0, 1, 4, 5, 6, 7)}
    assert {time for time, title in shown(after) if title == "Walk"} == left
    assert ("2026-03-17T14:00", "Late") in shown(after)


def test_a_moved_series_given_whole_with_its_exceptions_as_before_is_moved_as_well() -> None:
    body = {**fields_of(WITH_BOTH), "start": "2026-03-03T09:00:00", "end": None}
    after = put(WITH_BOTH, body)
    assert [moment.isoformat()[:16] for moment in after.exdates] == ["2026-03-24T09:00"]


def test_exceptions_that_are_given_are_taken_as_they_are() -> None:
    after = edited(WITH_BOTH, start="2026-03-02T10:00:00", exdates=["2026-03-09T10:00:00"])
    assert ("2026-03-09T10:00", "Walk") not in shown(after)
    assert ("2026-03-23T10:00", "Walk") in shown(after)


def test_a_changed_occurrence_without_a_time_of_its_own_moves_with_its_series() -> None:
    series = moved(weekly(), "2026-03-16T09:00:00", title="Talk")
    assert ("2026-03-16T10:00", "Talk") in shown(edited(series, start="2026-03-02T10:00:00"))


def test_a_new_title_is_that_of_moved_occurrences_too_but_not_of_those_with_their_own() -> None:
    series = moved(weekly(), "2026-03-16T09:00:00", start="2026-03-17T14:00:00")
    series = moved(series, "2026-03-23T09:00:00", title="Talk")
    titles = dict(shown(edited(series, title="Run")))
    assert titles["2026-03-17T14:00"] == "Run"
    assert titles["2026-03-23T09:00"] == "Talk"


@pytest.mark.parametrize(
    "wish",
    [
        {"recurrence": "FREQ=WEEKLY;COUNT=2"},
        {"recurrence": "FREQ=WEEKLY;UNTIL=20260310"},
        {"recurrence": "FREQ=WEEKLY;BYDAY=TU;COUNT=8"},
        {"recurrence": None},
        {"start": "2026-03-02", "end": None},
    ],
)
def test_a_change_that_cannot_keep_an_occurrence_says_which_or_drops_it(
    wish: dict[str, Any],
) -> None:
    with pytest.raises(ProblemError) as caught:
        edited(WITH_BOTH, **wish)
    assert caught.value.code == "exceptions_lost"
    assert [dict(one) for one in caught.value.errors] == [
        {"at": "2026-03-16T09:00:00+01:00", "title": "Late"}
    ]
    assert "Late" not in {title for _, title in shown(edited(WITH_BOTH, force=True, **wish))}


def test_what_was_left_out_stays_so_when_times_become_whole_days_and_back() -> None:
    series = without(weekly(), at(weekly(), "2026-03-23T09:00:00"))
    days = edited(series, start="2026-03-02", end=None)
    assert [day for day, _ in shown(days)][:4] == [
        "2026-03-02", "2026-03-09", "2026-03-16", "2026-03-30"
    ]  # fmt: skip
    again = edited(days, start="2026-03-02T18:00:00", end=None, timezone=BERLIN)
    assert "2026-03-23T18:00" not in dict(shown(again))
    assert len(shown(again)) == 7


def cut(event: Event, text: str, **wish: Any) -> tuple[Event, Event]:
    zone = zone_of(event.timezone)
    times: dict[str, Any] = {
        n: moment_of(wish[n], zone, field=n) for n in ("start", "end") if n in wish
    }
    occurrence = at(event, text)
    before, after = rest_from(event, occurrence, {**wish, **times})
    rest = kept_or_refused(before, after, force=False, work=bounded())
    return ended_before(event, occurrence), aligned(rest)


def test_what_follows_a_moved_occurrence_goes_on_as_the_series_does() -> None:
    series = moved(weekly(), "2026-03-16T09:00:00", start="2026-03-17T14:00:00")
    beginning, rest = cut(series, "2026-03-16T09:00:00", title="Run")
    assert [time for time, _ in shown(beginning)] == ["2026-03-02T09:00", "2026-03-09T09:00"]
    assert shown(rest) == [
        (time, "Run")
        for time in ("2026-03-17T14:00", "2026-03-23T09:00", "2026-03-30T09:00",
                     "2026-04-06T09:00", "2026-04-13T09:00", "2026-04-20T09:00")
    ]  # fmt: skip


def test_what_follows_at_another_time_keeps_what_was_changed_later() -> None:
    series = moved(WITH_BOTH, "2026-03-30T09:00:00", title="Talk")
    _, rest = cut(series, "2026-03-09T09:00:00", start="2026-03-10T08:00:00")
    assert shown(rest) == [
        ("2026-03-10T08:00", "Walk"), ("2026-03-17T14:00", "Late"), ("2026-03-31T08:00", "Talk"),
        ("2026-04-07T08:00", "Walk"), ("2026-04-14T08:00", "Walk"), ("2026-04-21T08:00", "Walk"),
    ]  # fmt: skip


def test_a_series_of_added_times_can_be_cut_too() -> None:
    fields = {"title": "x", "start": "2026-03-02T09:00:00Z", "recurrence": None,
              "rdates": ["2026-03-05T11:00:00Z", "2026-04-01T10:00:00Z"]}  # fmt: skip
    series = new_event("ann", fields, now=NOW)
    beginning, rest = cut(series, "2026-03-05T11:00:00Z", title="y")
    assert shown(beginning) == [("2026-03-02T09:00", "x")]
    assert shown(rest) == [("2026-03-05T11:00", "y"), ("2026-04-01T10:00", "y")]


@examples(40)
@given(
    st.sampled_from(["FREQ=WEEKLY;BYDAY=MO,TH;COUNT=30", "FREQ=DAILY;INTERVAL=2;COUNT=40",
                     "FREQ=MONTHLY;COUNT=9", "FREQ=WEEKLY;UNTIL=20261001"]),
    st.lists(st.integers(1, 8), min_size=2, max_size=4, unique=True),
    st.integers(-40, 40),
    st.integers(1, 6),
)  # fmt: skip
def test_a_move_of_all_or_of_what_follows_loses_and_brings_back_nothing(
    rule: str, numbers: list[int], quarters: int, index: int
) -> None:
    series = weekly(rule=rule)
    every = [o.at.isoformat() for o in occurrences(series, *ALL)]
    for number in numbers[1:]:
        series = without(series, at(series, every[number]))
    series = moved(series, every[numbers[0]], title="Talk")
    by = timedelta(minutes=15 * quarters)
    assume((datetime.fromisoformat(every[0]) + by).day == datetime.fromisoformat(every[0]).day)
    before = shown(series)
    after = edited(series, start=(datetime.fromisoformat(every[0]) + by).isoformat())
    assert [title for _, title in shown(after)] == [title for _, title in before]
    assume(index not in numbers)
    wish = (datetime.fromisoformat(every[index]) + by).isoformat()
    parts = cut(series, every[index], start=wish)
    assert [t for part in parts for _, t in shown(part)] == [title for _, title in before]
