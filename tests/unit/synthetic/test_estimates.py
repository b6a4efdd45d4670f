"""Figures with their intervals."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as some

from synthetic.estimates import percentile, share


def test_a_percentile_is_the_smallest_value_with_that_share_at_or_below_it() -> None:
    values = np.arange(1, 101, dtype=float)
    assert percentile(values, 0.5).value == 50
    assert percentile(values, 0.95).value == 95
    assert percentile(values, 0.99).value == 99
    assert percentile(values, 0.999).value == 100


def test_an_interval_that_the_data_cannot_close_stays_open() -> None:
    estimate = percentile(np.arange(100, dtype=float), 0.999)
    assert estimate.high is None
    assert estimate.low is not None


def test_no_values_have_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile(np.array([]), 0.5)


def test_the_interval_holds_the_true_percentile_as_often_as_it_says() -> None:
    random = np.random.default_rng(5)
    truth = -np.log(0.05)  # the p95 of an exponential distribution
    held = 0
    for _ in range(2000):
        estimate = percentile(np.sort(random.exponential(size=400)), 0.95)
        held += (estimate.low or 0) <= truth <= (estimate.high or np.inf)
    assert held / 2000 >= 0.945


def test_wilson_s_interval_equals_published_values() -> None:
    """Newcombe 1998, Statistics in Medicine 17, table I, method 3."""
    for good, total, low, high in (
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0000, 0.1611),
        (1, 29, 0.0061, 0.1718),
    ):
        estimate = share(good, total)
        assert estimate.low == pytest.approx(low, abs=5e-5)
        assert estimate.high == pytest.approx(high, abs=5e-5)


def test_nothing_measured_leaves_everything_possible() -> None:
    estimate = share(0, 0)
    assert (estimate.low, estimate.high) == (0.0, 1.0)
    assert np.isnan(estimate.value)


@given(total=some.integers(1, 10_000), part=some.floats(0, 1))
def test_a_share_lies_within_its_interval_and_the_interval_within_zero_and_one(
    total: int, part: float
) -> None:
    estimate = share(round(total * part), total)
    assert estimate.low is not None
    assert estimate.high is not None
    assert 0 <= estimate.low <= estimate.value + 1e-12
    assert estimate.value - 1e-12 <= estimate.high <= 1
