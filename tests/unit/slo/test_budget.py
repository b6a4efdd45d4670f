"""The arithmetic of budgets: hand-worked figures and what must hold for all counts."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slo.budget import Budget, burn_rate
from slo.edge.files import load_objectives
from slo.objective import Objective
from slo.windows import PAGES, TICKETS, Tier, bad_share, for_window, scaled_factor

AVAILABILITY = next(each for each in load_objectives() if each.name == "availability")


def with_target(target: float) -> Objective:
    return replace(AVAILABILITY, target=target)


def test_ten_failures_of_a_thousand_burn_a_three_nines_budget_ten_times_too_fast() -> None:
    assert burn_rate(AVAILABILITY, bad=10, total=1000) == pytest.approx(10)


def test_no_traffic_spends_no_budget() -> None:
    assert burn_rate(AVAILABILITY, bad=0, total=0) == 0
    assert Budget(AVAILABILITY, bad=0, total=0).good_ratio is None


@pytest.mark.parametrize(("bad", "total"), [(-1, 5), (6, 5), (0, -1)])
def test_counts_that_cannot_be_are_refused(bad: int, total: int) -> None:
    with pytest.raises(ValueError, match="cannot be"):
        burn_rate(AVAILABILITY, bad=bad, total=total)


def test_an_overspent_budget_has_a_negative_rest_and_no_events_left() -> None:
    state = Budget(AVAILABILITY, bad=3, total=1000)
    assert state.spent == pytest.approx(3)
    assert state.remaining == pytest.approx(-2)
    assert state.bad_events_left == pytest.approx(-2)
    assert state.good_ratio == pytest.approx(0.997)


@given(st.integers(0, 10**9), st.integers(0, 10**9), st.floats(0.5, 0.9999))
def test_spent_and_remaining_are_the_whole(bad: int, good: int, target: float) -> None:
    state = Budget(with_target(target), bad=bad, total=bad + good)
    assert state.spent + state.remaining == pytest.approx(1)


@given(st.integers(1, 10**6), st.integers(1, 10**6), st.integers(1, 10**6))
def test_another_failure_never_lowers_the_burn_rate(bad: int, good: int, more: int) -> None:
    before = burn_rate(AVAILABILITY, bad=bad, total=bad + good)
    assert burn_rate(AVAILABILITY, bad=bad + more, total=bad + good + more) >= before


def test_a_small_budget_keeps_the_factors_of_the_book() -> None:
    tight = with_target(0.99999)
    assert [round(scaled_factor(tier, tight), 1) for tier in PAGES] == [14.4, 6.0]


def test_a_promise_of_eighty_five_per_cent_pages_at_thirty_per_cent_bad() -> None:
    """The runbook's own threshold for low accuracy is 70 % understood."""
    assert bad_share(PAGES[0], with_target(0.85)) == pytest.approx(0.30, abs=0.005)


@given(st.floats(0.3, 0.99999), st.sampled_from([*PAGES, *TICKETS]))
def test_every_tier_of_every_promise_can_be_reached_and_none_is_under_the_budget(
    target: float, tier: Tier
) -> None:
    objective = with_target(target)
    assert objective.budget <= bad_share(tier, objective) * (1 + 1e-9)
    assert bad_share(tier, objective) < 1


def test_a_promise_about_a_week_is_watched_over_shorter_windows() -> None:
    week = replace(AVAILABILITY, window=timedelta(days=7))
    assert for_window(PAGES[0], week).long == timedelta(minutes=15)
    assert for_window(PAGES[0], week).short == timedelta(minutes=5)
    assert for_window(TICKETS[0], week).short == timedelta(minutes=30)
    assert for_window(PAGES[0], AVAILABILITY) == PAGES[0]


PERIODS = st.integers(1, 400).map(lambda days: timedelta(days=days))


@given(PERIODS, st.sampled_from([*PAGES, *TICKETS]))
def test_a_tier_speaks_of_the_same_share_of_the_budget_whatever_the_period(
    period: timedelta, tier: Tier
) -> None:
    """Burn rate times window over period is the share spent (SRE workbook, chapter 5)."""
    objective = replace(AVAILABILITY, window=period)
    fitted = for_window(tier, objective)
    month = tier.factor * (tier.long / AVAILABILITY.window)
    assert fitted.factor * (fitted.long / period) == pytest.approx(month)
    assert fitted.gate <= fitted.short <= fitted.long
    assert for_window(fitted, objective) == fitted


def test_four_weeks_share_the_windows_of_a_month() -> None:
    four_weeks = replace(AVAILABILITY, window=timedelta(days=28))
    fitted = for_window(PAGES[0], four_weeks)
    assert fitted.long == timedelta(hours=1)
    assert fitted.factor == pytest.approx(13.44)
