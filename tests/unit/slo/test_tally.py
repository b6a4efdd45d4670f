"""Slices of time, maintenance and composites: laws that hold for all counts."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.pure.errors import BadInputError
from slo.budget import Budget, composite, runs_out
from slo.edge.files import load_objectives
from slo.maintenance import Maintenance, read_maintenance, within
from slo.objective import Part, Slices
from slo.period import Period
from slo.tally import Tally, count_slices
from slo.verdict import Verdict
from tests.support.examples import EXAMPLES

CHECKOUT = next(each for each in load_objectives(EXAMPLES) if each.name == "checkout-month")
assert CHECKOUT.slices is not None
JUDGED: Slices = CHECKOUT.slices  # a slice is good from 99 %
BY_SHARE = replace(JUDGED, good_share=None)

SIDES = st.one_of(st.none(), st.floats(0, 1e6))
ROWS = st.lists(st.tuples(SIDES, SIDES), max_size=50)
COUNTS = st.tuples(st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 10**5))
FRACTIONS = st.floats(0.001, 1)


def budget(counts: tuple[int, int, int], fraction: float = 1.0, weight: float = 1.0) -> Budget:
    bad, good, missing = counts
    objective = replace(CHECKOUT, part=Part("whole", weight))
    return Budget(objective, bad, bad + good, missing, fraction)


@given(ROWS, st.sampled_from([JUDGED, BY_SHARE]))
def test_every_slice_is_good_bad_idle_or_missing(
    rows: list[tuple[float | None, float | None]], slices: Slices
) -> None:
    tally = count_slices(slices, rows)
    assert tally.total + tally.idle + tally.missing == len(rows)
    assert 0 <= tally.bad <= tally.total


@given(ROWS, ROWS)
def test_the_tally_of_two_spans_is_the_sum_of_their_tallies(
    one: list[tuple[float | None, float | None]], other: list[tuple[float | None, float | None]]
) -> None:
    both, parts = count_slices(JUDGED, one + other), [count_slices(JUDGED, e) for e in (one, other)]
    assert both.bad == sum(each.bad for each in parts)
    assert both.total == sum(each.total for each in parts)


@pytest.mark.parametrize(
    ("total", "bad", "judged", "by_share"),
    [(100, 1, 0, 0.01), (100, 1.01, 1, 0.0101), (100, 100, 1, 1), (100, None, 0, 0), (7, 0, 0, 0)],
)
def test_a_slice_is_bad_as_soon_as_its_share_of_good_is_under_what_is_asked(
    total: float, bad: float | None, judged: float, by_share: float
) -> None:
    assert count_slices(JUDGED, [(total, bad)]).bad == judged
    assert count_slices(BY_SHARE, [(total, bad)]).bad == pytest.approx(by_share)


def test_a_slice_without_series_is_missing_and_one_without_events_idle() -> None:
    assert count_slices(JUDGED, [(None, None), (0.0, 0.0), (5, 0)]) == Tally(0, 1, 1, 1)


@given(COUNTS, FRACTIONS)
def test_left_and_spent_are_the_whole_budget(counts: tuple[int, int, int], part: float) -> None:
    state = budget(counts, part)
    assert state.spent + state.remaining == pytest.approx(1)
    assert state.spent == pytest.approx(state.burn * part)


@given(COUNTS, FRACTIONS)
def test_the_bad_events_left_are_what_is_left_of_the_whole_windows_budget(
    counts: tuple[int, int, int], part: float
) -> None:
    state = budget(counts, part)
    allowed = CHECKOUT.budget * state.total / part
    assert state.bad_events_left == pytest.approx(state.remaining * allowed, abs=1e-6)


@given(COUNTS, FRACTIONS)
def test_what_is_missing_never_turns_a_failure_into_a_pass(
    counts: tuple[int, int, int], part: float
) -> None:
    bad, good, missing = counts
    said = budget(counts, part).verdict
    at_best, at_worst = (
        budget((bad, good + missing, 0), part),
        budget((bad + missing, good, 0), part),
    )
    if said is Verdict.PASS:
        assert at_worst.verdict is Verdict.PASS
    if said is Verdict.FAIL:
        assert at_best.verdict is Verdict.FAIL


@given(st.lists(st.tuples(COUNTS, st.floats(0.1, 10)), min_size=1, max_size=4), FRACTIONS)
def test_a_composite_is_as_far_spent_as_its_worst_part_times_its_weight(
    parts: list[tuple[tuple[int, int, int], float]], fraction: float
) -> None:
    budgets = [budget(counts, fraction, weight) for counts, weight in parts]
    whole = composite(budgets)
    weighted = [weight * each.spent for (_, weight), each in zip(parts, budgets, strict=True)]
    assert whole.spent == pytest.approx(max(weighted))
    assert whole.spent <= sum(weighted) + 1e-9
    if any(each.total == 0 for each in budgets):
        assert whole.verdict is not Verdict.PASS


def test_the_weight_of_a_part_decides_how_much_its_burning_counts() -> None:
    slow = budget((8, 992, 0), weight=0.5)
    assert slow.verdict is Verdict.FAIL
    assert composite([slow]).verdict is Verdict.PASS


def moment(day: int, hour: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, tzinfo=UTC)


PERIOD = Period(moment(1), moment(30), moment(20))


def test_a_calendars_budget_runs_out_before_its_window_or_lasts() -> None:
    half = (PERIOD.now - PERIOD.start) / 2
    assert runs_out(PERIOD, burn=2, remaining=0.5, rolls=False) == PERIOD.now + PERIOD.length / 4
    assert runs_out(PERIOD, burn=1, remaining=0.5, rolls=False) is None
    assert runs_out(PERIOD, burn=0, remaining=1, rolls=False) is None
    assert runs_out(PERIOD, burn=9, remaining=-1, rolls=False) == PERIOD.now
    assert runs_out(PERIOD, burn=1, remaining=0.1, rolls=True) is None
    assert half < PERIOD.length


@given(COUNTS, FRACTIONS)
def test_going_on_at_its_pace_a_budget_is_gone_when_it_is_said_to_run_out(
    counts: tuple[int, int, int], part: float
) -> None:
    """Burn rate times the share of the window passed is the share spent: at that moment, 1."""
    state = budget(counts, part)
    period = Period(moment(1), moment(29), moment(1) + part * timedelta(days=28))
    end = runs_out(period, burn=state.burn, remaining=state.remaining, rolls=False)
    if end is not None and state.remaining > 0:
        passed = (end - period.start) / period.length
        assert state.burn * passed == pytest.approx(1, rel=1e-5)
        assert end <= period.end


def test_maintenance_is_cut_to_what_has_passed_and_counted_once() -> None:
    windows = [
        Maintenance(moment(5), moment(7), "a"), Maintenance(moment(6), moment(8), "b"),
        Maintenance(moment(19), moment(25), "c"), Maintenance(moment(28), moment(29), "d"),
    ]  # fmt: skip
    assert within(windows, PERIOD) == (
        Maintenance(moment(5), moment(8), "a; b"),
        Maintenance(moment(19), moment(20), "c"),
    )


HOURS = st.integers(-100, 900)


@given(st.lists(st.tuples(HOURS, st.integers(1, 200)), max_size=8))
def test_maintenance_never_overlaps_and_lies_in_the_period(spans: list[tuple[int, int]]) -> None:
    windows = [
        Maintenance(moment(1) + timedelta(hours=a), moment(1) + timedelta(hours=a + n), "x")
        for a, n in spans
    ]
    found = within(windows, PERIOD)
    assert sum((each.length for each in found), timedelta()) <= PERIOD.passed
    for one, other in pairwise(found):
        assert one.end < other.start


def test_a_file_of_maintenance_is_a_list_alone_or_under_its_name() -> None:
    alone = "- {start: 2026-11-01T00:00:00Z, end: '2026-11-01T03:00:00+01:00', reason: move}\n"
    (found,) = read_maintenance("m.yaml", alone)
    assert found.length == timedelta(hours=2)
    assert read_maintenance("m.yaml", f"maintenance:\n{alone}") == (found,)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- {start: 2026-11-01T00:00:00, end: 2026-11-02T00:00:00Z, reason: x}", "no offset"),
        ("- {start: 2026-11-02T00:00:00Z, end: 2026-11-01T00:00:00Z, reason: x}", "not after"),
        ("- {start: 2026-11-01T00:00:00Z, end: 2026-11-02T00:00:00Z}", "reason is missing"),
        ("- {start: soon, end: 2026-11-02T00:00:00Z, reason: x}", "is not a time"),
        ("- {begin: 1}", "begin is not a known field"),
        ("windows: []", "windows is not a known field"),
        ("- 5", "is not a mapping"),
        ("5", "is not a list"),
        ("", "is empty"),
        ("[]\n---\n[]", "second document"),
    ],
)
def test_wrong_maintenance_is_told_in_one_line(text: str, says: str) -> None:
    with pytest.raises(BadInputError) as caught:
        read_maintenance("m.yaml", text)
    assert says in str(caught.value)
    assert str(caught.value).startswith("m.yaml")
    assert caught.value.hint
