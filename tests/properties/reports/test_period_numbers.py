from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kit.pure.answers import Answer, Floats, Series, digest, on_grid
from reports.period.quantiles import Histogram, change, histogram, quantile
from reports.period.resources import leak_test
from reports.period.segments import segments
from reports.period.slots import Slots
from tests.support.sampling import examples

MIB = 2**20
HOURS: Floats = np.asarray(np.arange(168) * 3600.0, dtype=np.float64)


def series(values: list[float], **labels: str) -> Series:
    times = np.asarray(np.arange(len(values)) * 60.0, dtype=np.float64)
    return Series(labels, times, np.array(values))


def test_a_quantile_is_interpolated_as_prometheus_does() -> None:
    found = Histogram(np.array([0.1, 0.5, np.inf]), np.array([[50.0, 90.0, 100.0]]))
    assert quantile(found, 0.5) == pytest.approx(0.1)
    assert quantile(found, 0.7) == pytest.approx(0.1 + 0.4 * 20 / 40)
    assert quantile(found, 0.99) == 0.5
    assert quantile(Histogram(found.edges_s, np.zeros((1, 3))), 0.5) is None


def test_an_edge_written_in_two_ways_is_one_edge() -> None:
    given_series = [series([], le="1"), series([], le="1.0"), series([], le="+Inf")]
    found = histogram(given_series, [np.array([2.0]), np.array([3.0]), np.array([9.0])])
    assert found is not None
    assert found.edges_s.tolist() == [1.0, np.inf]
    assert found.counts.tolist() == [[5.0, 9.0]]


def test_buckets_without_infinity_are_no_histogram() -> None:
    assert histogram([series([], le="1")], [np.array([2.0])]) is None


def test_the_range_of_a_change_holds_the_truth_and_not_zero_when_it_is_large() -> None:
    rng = np.random.default_rng(1)
    edges = np.array([0.1, 0.2, 0.4, 0.8, np.inf])

    def weeks(shares: list[float]) -> Histogram:
        return Histogram(edges, np.cumsum(rng.poisson(np.array(shares) * 1000, (28, 5)), axis=1))

    strata = [i % 4 for i in range(28)]
    slower = change(weeks([0.2, 0.4, 0.3, 0.1, 0]), weeks([0.4, 0.4, 0.15, 0.05, 0]), 0.5, strata)
    assert slower is not None
    assert slower.low is not None
    assert slower.high is not None
    assert 0 < slower.low < 0.175 / 0.125 - 1 < slower.high
    same = change(weeks([0.4, 0.4, 0.2, 0, 0]), weeks([0.4, 0.4, 0.2, 0, 0]), 0.5, strata)
    assert same is not None
    assert same.low is not None
    assert same.high is not None
    assert same.low < 0 < same.high


def test_too_few_blocks_give_a_change_without_a_range() -> None:
    one = Histogram(np.array([1.0, np.inf]), np.array([[5.0, 10.0]] * 3))
    found = change(one, one, 0.4, [0, 0, 0])
    assert found is not None
    assert (found.value, found.low, found.high) == (0.0, None, None)


@examples(50)
@given(st.floats(5, 80), st.integers(0, 10_000))
def test_a_leak_is_found_with_its_slope(mib_a_day: float, seed: int) -> None:
    noise = np.random.default_rng(seed).normal(0, MIB, len(HOURS))
    memory = 300 * MIB + mib_a_day * MIB * HOURS / 86_400 + noise
    slope, leaks, _ = leak_test(HOURS, memory)
    assert leaks is True
    assert slope is not None
    assert slope.value == pytest.approx(mib_a_day * MIB, rel=0.1)


def test_noise_and_daily_rhythm_are_called_a_leak_in_no_more_than_a_few_of_a_hundred() -> None:
    found = 0
    for seed in range(100):
        noise = np.random.default_rng(seed).normal(0, 5 * MIB, len(HOURS))
        rhythm = 20 * MIB * np.sin(HOURS / 86_400 * 2 * np.pi)
        found += leak_test(HOURS, 300 * MIB + noise + rhythm)[1] is True
    assert found <= 5


def test_a_cache_that_fills_up_is_no_leak() -> None:
    memory = 300 * MIB + 200 * MIB * (1 - np.exp(-HOURS / 40_000))
    memory[-84:] -= np.linspace(0, MIB, 84)
    assert leak_test(HOURS, memory)[1] is False


def test_an_hour_of_memory_says_nothing_about_leaks() -> None:
    slope, leaks, why = leak_test(HOURS, np.where(HOURS < 3600 * 3, 300.0 * MIB, np.nan))
    assert (slope, leaks) == (None, None)
    assert "too short" in why


def test_stretches_are_joined_over_a_short_pause_only() -> None:
    slots = Slots(60, np.asarray(np.arange(10) * 60.0, dtype=np.float64), ZoneInfo("UTC"))
    holds = np.array([1, 1, 0, 1, 0, 0, 0, 1, 0, 1], bool)
    assert [(s.start_s, s.end_s) for s in segments(holds, slots, bridge_slots=1)] == [
        (0, 240),
        (420, 600),
    ]


def test_values_are_found_on_their_instant_and_nowhere_else() -> None:
    found = on_grid(series([1, 2, 3]), np.array([0.0, 60.2, 90.0, 120.0, 500.0]))
    assert found[[0, 1, 3]].tolist() == [1, 2, 3]
    assert np.isnan(found[[2, 4]]).all()


def test_the_hash_of_the_inputs_changes_with_any_datum_and_not_with_their_order() -> None:
    a, b = series([1, 2], route="/a"), series([1, 2], route="/b")
    one = digest({"q": Answer((a, b))})
    assert one == digest({"q": Answer((b, a))})
    assert one != digest({"q": Answer((a, series([1, 2.0001], route="/b")))})
    assert one != digest({"q": Answer((a, b), problem="late")})
