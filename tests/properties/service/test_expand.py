"""Our expansion of recurrence rules against python-dateutil's, and its bounds."""

# ruff: noqa: DTZ001 - these are wall clock times, of no zone

import time
from datetime import datetime, timedelta
from itertools import islice

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given
from hypothesis import strategies as st

from service.planning.errors import PlanError
from service.planning.expand import wall_times
from service.planning.rule import most_a_day, rule_of
from tests.support.sampling import examples

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


@examples(150)
@given(rules(), START)
def test_it_finds_the_same_times_as_dateutil(text: str, start: datetime) -> None:
    ours = list(islice(wall_times(rule_of(text), start), 12))
    wanted = []
    if ours:  # dateutil looks for those that never happen until the year 9999
        wanted = list(islice(rrulestr(text, dtstart=start), len(ours)))
    assert ours == wanted


def weeks(draw: st.DrawFn) -> str:
    numbers_ = draw(st.lists(st.integers(1, 53), min_size=1, max_size=4, unique=True))
    days = draw(st.lists(st.sampled_from(DAYS), min_size=1, max_size=3, unique=True))
    first = draw(st.sampled_from(["MO", "SU", "TH"]))
    listed = ",".join(map(str, numbers_))
    return f"FREQ=YEARLY;WKST={first};BYWEEKNO={listed};BYDAY={','.join(days)}"


@pytest.mark.thorough
@examples(100)
@given(st.composite(weeks)(), START)
def test_a_week_that_reaches_into_another_year_is_whole(text: str, start: datetime) -> None:
    """Against the definition itself (ISO 8601's week, from any day on), not against a program."""
    rule = rule_of(text)
    found = list(islice(wall_times(rule, start), 60))
    wanted = []
    for offset in range(366 * 4):
        day = start + timedelta(days=offset)
        begins = day - timedelta(days=(day.weekday() - rule.week_start) % 7)
        fourth = begins + timedelta(days=3)  # the year that has it has most of the week
        number = (fourth.timetuple().tm_yday - 1) // 7 + 1
        if number in rule.weeks and (0, day.weekday()) in rule.days:
            wanted.append(day)
    assert found[: len(wanted)] == wanted[: len(found)]


@pytest.mark.parametrize(
    ("text", "start", "wanted"),
    [
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "1997-09-02", ["1997-12-29", "1999-01-04"]),
        ("FREQ=YEARLY;BYWEEKNO=53;BYDAY=FR", "2019-01-01", ["2021-01-01", "2027-01-01"]),
        ("FREQ=YEARLY;BYWEEKNO=-1;BYDAY=SU", "2021-06-01", ["2022-01-02", "2023-01-01"]),
        ("FREQ=HOURLY;BYYEARDAY=-366;BYHOUR=9", "2024-01-01", ["2024-01-01", "2028-01-01"]),
        ("FREQ=MONTHLY;BYDAY=1FR,SU;BYSETPOS=1", "2026-03-01", ["2026-03-01", "2026-04-03"]),
        ("FREQ=WEEKLY;BYDAY=MO,WE;BYSETPOS=1;", "2026-03-03", ["2026-03-09", "2026-03-16"]),
        ("FREQ=DAILY;BYSECOND=0;INTERVAL=10;", "2026-03-03", ["2026-03-03", "2026-03-13"]),
        ("FREQ=YEARLY;BYDAY=SA,1MO", "2026-12-25", ["2026-12-26", "2027-01-02"]),
    ],
)
def test_what_the_standard_says_holds_where_other_programs_differ(
    text: str, start: str, wanted: list[str]
) -> None:
    found = islice(wall_times(rule_of(text), datetime.fromisoformat(f"{start}T09:00:00")), 2)
    assert [f"{moment:%Y-%m-%d}" for moment in found] == wanted


@pytest.mark.parametrize(
    "text",
    [
        "FREQ=DAILY;COUNT=3;BYHOUR=9,17",
        "FREQ=DAILY;COUNT=3;BYMINUTE=0,30;BYSECOND=10",
        "FREQ=HOURLY;COUNT=3",
        "FREQ=HOURLY;INTERVAL=6;COUNT=3;BYHOUR=1",
    ],
)
def test_a_rule_of_whole_days_passes_over_the_clock_and_counts_each_day_once(text: str) -> None:
    found = wall_times(rule_of(text, all_day=True), datetime(2026, 3, 30), whole_days=True)
    assert [f"{m:%m-%d %H:%M:%S}" for m in found] == [
        "03-30 00:00:00", "03-31 00:00:00", "04-01 00:00:00"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "a_day"),
    [
        ("FREQ=MINUTELY;INTERVAL=10;BYHOUR=9,10,11", 18),
        ("FREQ=HOURLY;INTERVAL=2;BYHOUR=0,1,2,3,4,5,6,7;BYMINUTE=0,5,10,15,20,25,30,35,40", 36),
        ("FREQ=SECONDLY;INTERVAL=600;BYHOUR=9,10", 12),
        ("FREQ=SECONDLY;INTERVAL=901", 96),
        ("FREQ=MINUTELY;INTERVAL=7;BYMINUTE=0,7,14,21", 16),
    ],
)
def test_a_rule_is_as_dense_as_its_fullest_day(text: str, a_day: int) -> None:
    assert most_a_day(rule_of(text)) == a_day


@pytest.mark.thorough
@examples(100)
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
