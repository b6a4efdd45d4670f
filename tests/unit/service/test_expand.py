"""Our expansion of recurrence rules against python-dateutil's, and its bounds."""

# ruff: noqa: DTZ001 - these are wall clock times, of no zone

import time
from datetime import datetime
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from service.planning.errors import PlanError
from service.planning.expand import wall_times
from service.planning.rule import rule_of

DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
START = st.datetimes(datetime(1990, 1, 1), datetime(2060, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0)
)


def numbers(low: int, high: int, *, from_end: bool = False) -> st.SearchStrategy[str]:
    one = st.integers(low, high)
    if from_end:
        one = one | st.integers(-high, -low)
    return st.lists(one, min_size=1, max_size=3, unique=True).map(
        lambda found: ",".join(str(number) for number in found)
    )


@st.composite
def rules(draw: st.DrawFn) -> str:
    frequency = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]))
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.integers(1, 4))}"]

    def maybe(name: str, values: st.SearchStrategy[str]) -> None:
        if draw(st.integers(0, 3)) == 0:
            parts.append(f"{name}={draw(values)}")

    maybe("WKST", st.sampled_from(DAYS))
    maybe("BYMONTH", numbers(1, 12))
    maybe("BYHOUR", numbers(0, 23))
    maybe("BYMINUTE", numbers(0, 59))
    maybe("COUNT", st.integers(1, 30).map(str))
    if frequency != "WEEKLY":
        maybe("BYMONTHDAY", numbers(1, 31, from_end=True))
    if frequency in {"YEARLY", "HOURLY"}:
        maybe("BYYEARDAY", numbers(1, 366, from_end=True))
    plain = st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True).map(",".join)
    numbered = st.tuples(st.sampled_from([-2, -1, 1, 2, 3]), st.sampled_from(DAYS)).map(
        lambda pair: f"{pair[0]}{pair[1]}"
    )
    maybe("BYDAY", plain | numbered if frequency in {"YEARLY", "MONTHLY"} else plain)
    if any(part.startswith(("BYM", "BYD", "BYY", "BYH")) for part in parts):
        maybe("BYSETPOS", numbers(1, 5, from_end=True))
    return ";".join(parts)


@settings(max_examples=150, deadline=None)
@given(rules(), START)
def test_it_finds_the_same_times_as_dateutil(text: str, start: datetime) -> None:
    ours = list(islice(wall_times(rule_of(text), start), 12))
    wanted = []
    if ours:  # dateutil looks for those that never happen until the year 9999
        wanted = list(islice(rrulestr(text, dtstart=start), len(ours)))
    assert ours == wanted


@pytest.mark.thorough
@settings(max_examples=100, deadline=None)
@given(rules().filter(lambda text: "COUNT" not in text), START, st.integers(0, 4000))
def test_skipping_ahead_loses_nothing(text: str, start: datetime, days: int) -> None:
    every = list(islice(wall_times(rule_of(text), start), 400))
    if not every:
        return
    later = every[min(days, len(every) - 1)]
    found = list(islice(wall_times(rule_of(text), start, after=later), 400))
    assert [t for t in found if later <= t <= every[-1]] == [t for t in every if t >= later]


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=MONTHLY;BYMONTH=2;BYMONTHDAY=31",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;INTERVAL=7;BYDAY=TU",
        "FREQ=HOURLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=HOURLY;INTERVAL=24;BYHOUR=7",
        "FREQ=WEEKLY;BYMONTH=4;BYSETPOS=5",
    ],
)
def test_a_rule_that_never_happens_costs_no_more_than_one_that_does(text: str) -> None:
    """Both look at ten thousand days or hours, give or take."""
    never, often = cpu_of_all(text), cpu_of_all("FREQ=DAILY;COUNT=10000")
    assert never[0] == 0
    assert never[1] < 12 * often[1]


def cpu_of_all(text: str) -> tuple[int, float]:
    """Return how often a rule happens, and the CPU seconds that it took to find out."""
    began = time.process_time()
    count = sum(1 for _ in wall_times(rule_of(text), datetime(2026, 3, 2, 9)))
    return count, time.process_time() - began


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("FREQ=SECONDLY", "recurrence_too_frequent"),
        ("FREQ=MINUTELY;COUNT=3", "recurrence_too_frequent"),
        ("FREQ=DAILY;COUNT=1000000000", "recurrence_too_long"),
        ("FREQ=DAILY;COUNT=" + "9" * 400, "recurrence_too_long"),
        ("FREQ=DAILY;COUNT=0", "invalid_recurrence"),
        ("FREQ=DAILY;COUNT=-1", "invalid_recurrence"),
        ("FREQ=DAILY;COUNT=3;UNTIL=20300101", "invalid_recurrence"),
        ("FREQ=DAILY;FREQ=DAILY", "invalid_recurrence"),
        ("FREQ=DAILY;BYEASTER=1", "invalid_recurrence"),
        ("FREQ=DAILY;BYDAY=1MO", "invalid_recurrence"),
        ("FREQ=MONTHLY;BYDAY=0MO", "invalid_recurrence"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "invalid_recurrence"),
        ("FREQ=DAILY;UNTIL=20301399", "invalid_recurrence"),
        ("FREQ=DAILY;BYHOUR=٣", "invalid_recurrence"),
        ("DAILY", "invalid_recurrence"),
        ("", "invalid_recurrence"),
        ("X" * 501, "invalid_recurrence"),
    ],
)
def test_a_wrong_rule_has_a_stable_code(text: str, code: str) -> None:
    with pytest.raises(PlanError) as caught:
        rule_of(text)
    assert caught.value.code == code
