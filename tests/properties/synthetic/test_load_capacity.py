"""The scalability law and the climb of a stress run."""

from datetime import UTC, datetime

import numpy as np
import pytest

from slo.verdict import Verdict
from synthetic.load.capacity import capacity_of, climbed, fit, flow, peak, throughput
from synthetic.load.request import FixedRequest
from synthetic.load.run_value import LoadRun, account_of, generator_of
from synthetic.load.samples import SAMPLE
from synthetic.load.search import Try, highest_that_holds, search
from synthetic.load.shape import Kind, Profile, Stage
from tests.unit.synthetic.test_verdict_rows import CALENDAR, PROMISES

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


@pytest.mark.parametrize("served_per_s", [90.0, 125.0, 350.0])
def test_the_limit_of_a_single_queue_is_found(served_per_s: float) -> None:
    random, points = np.random.default_rng(3), []
    for share in np.repeat((0.2, 0.4, 0.6, 0.8, 0.95), 4):  # M/M/1: N = rho / (1 - rho)
        in_flight = share / (1 - share) * random.lognormal(0, 0.3)
        points.append((in_flight, share * served_per_s))
    points.append((0.3, 0.6 * served_per_s))  # one slice was disturbed
    where, highest = peak(fit(np.array(points)))
    assert highest == pytest.approx(served_per_s, rel=0.15)
    assert where > 20


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
    assert len(tries) <= 40


def test_a_rate_that_fails_once_is_asked_again_before_it_counts_as_broken() -> None:
    profile = Profile("b", "", (Stage(1, 50, 50),), requests=(FixedRequest("GET", "/", 1.0),))
    answers = iter([Verdict.FAIL, Verdict.PASS])  # the first run was disturbed

    def attempt(one: Profile) -> Try:
        held = next(answers, Verdict.PASS if one.highest_per_s <= 90 else Verdict.FAIL)
        return Try(one.highest_per_s, held, "")

    assert 80 < (highest_that_holds(search(profile, attempt)) or 0) <= 90


def test_a_target_that_holds_at_no_rate_ends_the_search() -> None:
    tries = stepping(0.0)
    assert highest_that_holds(tries) is None
    assert len(tries) <= 20


def climb(stopped: str | None) -> LoadRun:
    """Return a run of four stages that was stopped in the middle of the last."""
    rates, parts = (15.0, 20.0, 40.0, 80.0), []
    for number, rate in enumerate(rates):
        part = np.zeros(int(rate * (5 if number == 3 else 10)), SAMPLE)
        part["due_s"] = number * 10 + np.arange(len(part)) / rate
        part["latency_s"] = 0.01 * (1 + number)
        part["status"], part["expected"] = 200, 1
        if number == 3:
            part["status"][::2], part["expected"][::2], part["latency_s"][::2] = 503, 0, 3.0
        parts.append(part)
    samples = np.concatenate(parts)
    profile = Profile(
        "climb",
        "",
        tuple(Stage(10, rate, rate) for rate in rates),
        kind=Kind.STRESS,
        requests=(FixedRequest("GET", "/", 1.0),),
    )
    account = account_of(samples, scheduled=len(samples), sent=len(samples))
    return LoadRun(
        id="climb",
        started_at=datetime(2026, 11, 21, tzinfo=UTC),
        profile=profile,
        target_url="http://127.0.0.1:9",
        routes=("GET /",),
        account=account,
        generator=generator_of(samples, [(0.1, 35.0)], 1),
        wall_s=35.0,
        interrupted=False,
        removed_events=0,
        void_reason=None,
        samples=samples,
        stopped_early=stopped,
    )


@pytest.mark.thorough
def test_a_climb_names_the_safe_rate_and_the_first_that_broke() -> None:
    found = capacity_of(climbed(climb("lost"), PROMISES[1:2], CALENDAR))
    assert [step.verdict for step in found.steps] == [Verdict.PASS] * 3 + [Verdict.FAIL]
    assert (found.safe_per_s, found.broken_per_s) == (40.0, 80.0)
    assert found.steps[1].served_per_s == pytest.approx(20)
    assert found.steps[1].in_flight == pytest.approx(20 * 0.02, rel=1e-3)
    assert found.steps[3].served_per_s == pytest.approx(40, rel=0.01)  # of the half it lasted
    assert found.rate is not None


def test_what_flows_is_counted_when_it_flows_not_when_it_was_due() -> None:
    samples = np.zeros(400, SAMPLE)  # 100 a second for 4 s, of which 50 can be served
    samples["due_s"] = np.arange(400) / 100
    samples["latency_s"] = np.arange(1, 401) / 50 - samples["due_s"]
    samples["expected"] = 1
    late = samples["due_s"] + samples["latency_s"] > 4
    samples["expected"][late] = 0  # cut off while they waited
    samples["latency_s"][late] = 4 - samples["due_s"][late]
    in_flight, per_s = flow(samples, 3.0, 4.0)
    assert per_s == pytest.approx(50, rel=0.03)
    assert in_flight == pytest.approx((150 + 200) / 2, rel=0.03)


@pytest.mark.thorough
def test_a_rate_whose_queue_only_grows_is_not_safe_however_the_promises_look() -> None:
    run = climb(None)
    behind = (run.samples["due_s"] >= 20) & (run.samples["due_s"] < 30)
    run.samples["latency_s"][behind] = np.linspace(0, 3, np.count_nonzero(behind))
    found = capacity_of(climbed(run, (), CALENDAR))
    assert [step.kept_up for step in found.steps[:3]] == [True, True, False]
    assert found.steps[2].served_per_s < 0.9 * found.steps[2].offered_per_s
