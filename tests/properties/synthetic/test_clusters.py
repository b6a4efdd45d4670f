"""Clustered trouble: the published simulation at lower counts, and what it rests on."""

import numpy as np
import pytest

from slo.verdict import Verdict
from synthetic.clusters import Evidence, evidence
from synthetic.verdict_rows import Rule
from tests.bench.verdict_errors import LOOKS, PROOF_SHARES, PROOFS, World, verdicts, wrong

RUNS = 120
"""A wrong share of 2.5 % shows as 8 or more of these in one of a hundred simulations."""


@pytest.mark.parametrize("world", PROOFS, ids=lambda world: world.name)
@pytest.mark.parametrize("times", [0.7, 1.05])
def test_a_proof_is_seldom_wrong(world: World, times: float) -> None:
    assert wrong(world, times, Rule.PROVEN, RUNS)[0] <= 8 / RUNS


@pytest.mark.thorough
@pytest.mark.parametrize("world", PROOFS, ids=lambda world: world.name)
@pytest.mark.parametrize("times", PROOF_SHARES)
def test_a_proof_is_wrong_in_2_5_of_a_hundred_runs_at_most(world: World, times: float) -> None:
    assert wrong(world, times, Rule.PROVEN, 2_000)[0] <= 0.025


@pytest.mark.parametrize("world", LOOKS, ids=lambda world: world.name)
@pytest.mark.parametrize("times", [0.5, 2.0])
def test_a_look_is_seldom_on_the_wrong_side(world: World, times: float) -> None:
    assert wrong(world, times, Rule.OBSERVED, RUNS)[0] <= 12 / RUNS


def test_single_failures_are_judged_as_before_and_decide() -> None:
    single = next(world for world in PROOFS if world.name.startswith("single failures, 10,800"))
    assert wrong(single, 0.5, Rule.PROVEN, RUNS)[1] > 0.9
    assert set(verdicts(single, 0.02, Rule.PROVEN, RUNS)) == {Verdict.FAIL}


def test_a_stall_of_180_requests_counts_as_about_one() -> None:
    bad = np.zeros(10_800, dtype=bool)
    bad[3_000:3_180] = True
    found = evidence(np.arange(10_800) / 60, bad)
    assert found.events == pytest.approx(1, abs=0.3)
    assert found.low() < 0.005 < 1 / 60 < 0.05 < found.high()


def test_failures_by_chance_count_each_for_itself() -> None:
    random = np.random.default_rng(3)
    effects = [
        evidence(np.arange(10_800) / 60, random.random(10_800) < 0.03).effect for _ in range(50)
    ]
    assert np.mean(effects) == pytest.approx(1.15, abs=0.15)


def test_stalls_that_a_short_run_may_have_missed_keep_it_from_being_a_proof() -> None:
    at_s, none = np.arange(10_800) / 60, np.zeros(10_800, dtype=bool)
    assert evidence(at_s, none).high() < 0.05 < evidence(at_s, none, slow=True).high()
    longer, none = np.arange(14_400) / 60, np.zeros(14_400, dtype=bool)
    assert evidence(longer, none, slow=True).high() < 0.05


@pytest.mark.parametrize("total", [1, 9, 500])
def test_the_ends_are_shares_and_all_bad_is_all_bad(total: int) -> None:
    assert Evidence(total, total).high() == 1.0
    assert 0.0 == Evidence(total, 0).low() <= Evidence(total, 0).high() <= 1.0
