"""The scalability law and the climb of a stress run."""

import numpy as np
import pytest

from slo.verdict import Verdict
from synthetic.load.capacity import fit, peak, throughput
from synthetic.load.search import Try, highest_that_holds, search
from synthetic.load.shape import FixedRequest, Profile, Stage

LAW = np.array([100.0, 0.05, 0.0008])


def test_the_fit_finds_the_law_that_made_the_points() -> None:
    n = np.linspace(1, 80, 30)
    noise = np.random.default_rng(1).normal(1, 0.01, len(n))
    found = fit(np.column_stack([n, throughput(n, LAW) * noise]))
    assert found == pytest.approx(LAW, rel=0.15)
    assert peak(found)[0] == pytest.approx(peak(LAW)[0], rel=0.1)
    assert peak(found)[1] == pytest.approx(peak(LAW)[1], rel=0.03)


def test_the_peak_is_where_throughput_is_highest() -> None:
    n = np.linspace(1, 200, 20_000)
    best = int(np.argmax(throughput(n, LAW)))
    where, highest = peak(LAW)
    assert where == pytest.approx(n[best], rel=0.01)
    assert highest == pytest.approx(throughput(n, LAW)[best], rel=1e-4)


def test_without_coherency_there_is_no_peak_only_a_limit() -> None:
    where, highest = peak(np.array([10.0, 0.1, 0.0]))
    assert where == np.inf
    assert highest == pytest.approx(100.0)
    assert peak(np.array([10.0, 0.0, 0.0])) == (np.inf, np.inf)


def stepping(limit_per_s: float) -> tuple[Try, ...]:
    profile = Profile(
        "b", "", (Stage(1, 50, 50),), requests=(FixedRequest("GET", "/", 1.0),), precision=0.05
    )

    def attempt(one: Profile) -> Try:
        held = one.highest_per_s <= limit_per_s
        return Try(one.highest_per_s, Verdict.PASS if held else Verdict.FAIL, "")

    return search(profile, attempt)


@pytest.mark.parametrize("limit_per_s", [7.0, 49.0, 50.0, 333.0, 5_000.0])
def test_the_search_comes_within_its_precision_of_the_breaking_point(limit_per_s: float) -> None:
    tries = stepping(limit_per_s)
    found = highest_that_holds(tries)
    assert found is not None
    assert limit_per_s / 1.06 <= found <= limit_per_s
    assert len(tries) <= 20


def test_a_target_that_holds_at_no_rate_ends_the_search() -> None:
    tries = stepping(0.0)
    assert highest_that_holds(tries) is None
    assert len(tries) <= 10
