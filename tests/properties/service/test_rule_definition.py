"""Every kind of rule that RFC 5545 allows, against its own words and not against a program."""

from datetime import datetime, timedelta
from itertools import takewhile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.planning.errors import PlanError
from service.planning.expand import wall_times
from service.planning.rule import rule_of
from tests.properties.service.test_expand import START, numbers
from tests.support.rule_definition import DAYS, Definition
from tests.support.sampling import examples

FREQUENCIES = {  # how many days are looked at, and which intervals
    "YEARLY": (6000, [1, 1, 2, 3, 4]),
    "MONTHLY": (2500, [1, 1, 2, 3, 5]),
    "WEEKLY": (1500, [1, 2, 3]),
    "DAILY": (1500, [1, 2, 7, 10]),
    "HOURLY": (400, [1, 5, 6, 24, 25, 36]),
    "MINUTELY": (60, [15, 45, 97, 360, 1439, 1440]),
    "SECONDLY": (3, [900, 901, 3600, 86_399, 100_000]),
}


@st.composite
def any_rules(draw: st.DrawFn) -> tuple[str, int]:
    """Return a rule with any of its parts, and how many days to look at."""
    frequency = draw(st.sampled_from(list(FREQUENCIES)))
    days, intervals = FREQUENCIES[frequency]
    parts = [f"FREQ={frequency}", f"INTERVAL={draw(st.sampled_from(intervals))}"]

    def maybe(name: str, values: st.SearchStrategy[str]) -> bool:
        if draw(st.integers(0, 2)):
            return False
        parts.append(f"{name}={draw(values)}")
        return True

    maybe("WKST", st.sampled_from(DAYS))
    by_month = maybe("BYMONTH", numbers(1, 12))
    by_week = frequency == "YEARLY" and maybe("BYWEEKNO", numbers(1, 53, from_end=True))
    if frequency in {"YEARLY", "HOURLY", "MINUTELY", "SECONDLY"}:
        maybe("BYYEARDAY", numbers(1, 366, from_end=True))
    if frequency != "WEEKLY":
        maybe("BYMONTHDAY", numbers(1, 31, from_end=True))
    most = 5 if by_month or frequency == "MONTHLY" else 53
    ordinals = st.just("") | st.integers(1, most).map(str) | st.integers(-most, -1).map(str)
    if frequency not in {"YEARLY", "MONTHLY"} or by_week:
        ordinals = st.just("")
    day = st.tuples(ordinals, st.sampled_from(DAYS)).map("".join)
    maybe("BYDAY", st.lists(day, min_size=1, max_size=4, unique=True).map(",".join))
    maybe("BYHOUR", numbers(0, 23))
    maybe("BYMINUTE", numbers(0, 59))
    maybe("BYSECOND", numbers(0, 59))
    if any(part.startswith("BY") for part in parts):
        maybe("BYSETPOS", numbers(1, 6, from_end=True) | numbers(1, 366, from_end=True))
    maybe("COUNT", st.integers(1, 30).map(str))
    return ";".join(parts), days


@pytest.mark.thorough
@examples(300)
@given(any_rules(), START)
def test_a_rule_happens_when_the_standard_says(found: tuple[str, int], start: datetime) -> None:
    text, days = found
    try:
        rule = rule_of(text)
    except PlanError as err:
        if err.code != "recurrence_too_frequent":
            raise
        return
    end = start + timedelta(days=days)
    ours = list(takewhile(lambda moment: moment < end, wall_times(rule, start)))
    assert ours == Definition(text, start).times(end)
