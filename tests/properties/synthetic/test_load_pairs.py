"""Two targets asked in turns: whose turn it is, and what the rounds say."""

import numpy as np
import pytest

from slo.verdict import Verdict
from synthetic.load.differences import Change, Difference
from synthetic.load.pairs import Pairs, judge_pairs, paired, trimmed
from synthetic.load.samples import SAMPLE, Outcome, Samples
from synthetic.load.turns import side_at

ROUTES = ("GET /a", "GET /b")
PER_S, SECONDS, TURN_S = 100, 120, 0.25


def run(
    *, factor: float = 1.0, seed: int = 1, noise: float = 0.5, seconds: int = SECONDS
) -> Samples:
    """Return a run of two routes each on a machine that is slow now and then, for both targets."""
    random, count = np.random.default_rng(seed), PER_S * seconds
    found = np.zeros(count, SAMPLE)
    due_s = np.arange(count) / PER_S
    side = np.array([side_at(one, TURN_S) for one in due_s])
    machine = np.repeat(random.normal(0, noise, seconds), PER_S)
    latency_s = 0.01 * np.exp(random.normal(0, 0.3, count) + machine) * np.where(side, factor, 1.0)
    found["due_s"], found["sent_s"], found["latency_s"] = due_s, due_s, latency_s
    found["route"] = side  # one route of each
    found["status"], found["expected"] = 200, 1
    return found


def judged(samples: Samples, routes: tuple[str, ...] = ("GET /a",)) -> Pairs:
    return judge_pairs(samples, routes * 2, turn_s=TURN_S, duration_s=SECONDS, percentile=0.95)


def test_turns_go_a_b_b_a_so_that_a_drift_falls_on_both_alike() -> None:
    turns = [side_at(0.1 + n * 0.25, 0.25) for n in range(8)]
    assert turns == [0, 1, 1, 0, 0, 1, 1, 0]
    at = np.arange(0, 40, 0.01)
    side = np.array([side_at(one, 0.25) for one in at])
    assert at[side == 0].mean() == pytest.approx(at[side == 1].mean(), abs=0.01)


def test_a_tenth_slower_is_found_although_the_machine_moves_by_half() -> None:
    found = sum(judged(run(factor=1.1, seed=n)).verdict is Verdict.FAIL for n in range(40))
    assert found >= 36


@pytest.mark.thorough
def test_two_of_the_same_are_seldom_called_different() -> None:
    alarms = sum(judged(run(seed=100 + n)).verdict is Verdict.FAIL for n in range(100))
    assert alarms <= 4, "2 % are allowed; more than four of a hundred come once in twenty"


def test_a_target_that_stands_still_now_and_then_is_slower() -> None:
    samples = run(noise=0.1, seconds=360)
    mine = samples["route"] == 1
    mine &= samples["due_s"] % 20 < 2  # less than the fifths that are cut off
    samples["latency_s"][mine] += 1.0
    found = judge_pairs(samples, ROUTES[:1] * 2, turn_s=TURN_S, duration_s=360, percentile=0.95)
    assert found.differences[0].change is Change.SLOWER, str(found.differences[0])
    assert judged(samples[: PER_S * SECONDS]).verdict is Verdict.INCONCLUSIVE, "it was six times"


def test_an_undecided_run_says_how_many_more_rounds_would_find_a_tenth() -> None:
    few = judge_pairs(
        run(noise=0.5)[: 15 * PER_S], ROUTES[:1] * 2, turn_s=TURN_S, duration_s=15, percentile=0.95
    )
    assert few.verdict is Verdict.INCONCLUSIVE
    more = few.differences[0].more_needed
    assert more is not None
    assert 5 < more < 500
    assert judged(run(factor=1.5)).differences[0].more_needed is None


def test_as_many_pairs_as_are_asked_for_find_a_tenth() -> None:
    random = np.random.default_rng(3)

    def of(pairs: int, slower: float) -> Difference:
        logs = random.normal((0.0, np.log1p(slower)), 0.2, (pairs, 2))
        return paired("r", logs, 0.95, 0.01)

    more = [of(40, 0.0).more_needed or 0 for _ in range(20)]
    enough = [of(40 + round(float(np.mean(more))), 0.1).change for _ in range(50)]
    assert enough.count(Change.SLOWER) >= 40


def test_a_faster_target_passes_and_a_short_run_says_nothing() -> None:
    assert judged(run(factor=0.8)).verdict is Verdict.PASS
    samples = run(factor=2.0)
    few = judge_pairs(samples, ROUTES, turn_s=TURN_S, duration_s=9.0, percentile=0.95)
    assert few.rounds == 9
    assert {one.change for one in few.differences} == {Change.NO_DATA}
    assert few.verdict is Verdict.NO_DATA


def test_the_generators_own_lag_is_of_neither_target() -> None:
    samples = run()
    late = samples["route"] == 1
    samples["sent_s"][late] += 0.5
    samples["latency_s"][late] += 0.5
    assert judged(samples).verdict is not Verdict.FAIL


def test_failures_that_come_in_one_round_are_one_event_and_others_are_more() -> None:
    hiccup = run()
    b = np.flatnonzero(hiccup["route"] == 1)
    hiccup["expected"][b[:20]] = 0
    assert (judged(hiccup).more_failures or 0) > 0.2
    often = run()
    often["expected"][b[::100]] = 0
    found = judged(often)
    assert (found.more_failures or 1) < 1e-3
    assert found.verdict is Verdict.FAIL
    assert found.failures == (0, len(b[::100]))


def test_a_route_that_got_no_answer_at_all_is_no_data_and_never_a_pass() -> None:
    samples = run()
    samples["outcome"][samples["route"] == 1] = Outcome.DROPPED
    samples["expected"][samples["route"] == 1] = 0
    assert judged(samples).verdict is Verdict.FAIL, "all of B failed"


def test_the_trimmed_mean_of_normal_values_has_the_error_that_it_says() -> None:
    random = np.random.default_rng(4)
    found = [trimmed(random.normal(0.05, 0.2, 60)) for _ in range(2_000)]
    means, errors = (np.array([one[n] for one in found]) for n in (0, 1))
    assert means.mean() == pytest.approx(0.05, abs=0.002)
    assert means.std() * 0.97 < errors.mean() < means.std() * 1.2, "the larger of two"


def test_a_target_that_is_slow_for_some_time_is_seldom_called_slower() -> None:
    """Where a process lies, and who its neighbours are, may last for many rounds."""
    random, alarms = np.random.default_rng(6), 0
    for _ in range(300):
        noise = random.normal(0, 0.1, 460)
        lasting = np.convolve(noise, np.ones(10), "valid")[:360]
        logs = np.stack([np.zeros(360), lasting + random.normal(0, 0.2, 360)], axis=1)
        alarms += paired("r", logs, 0.95, 0.01).change is Change.SLOWER
    assert alarms <= 12
