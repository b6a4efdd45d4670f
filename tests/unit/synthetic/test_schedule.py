"""When requests are due."""

import numpy as np
import pytest

from synthetic.load.schedule import arrivals_s, part, plan
from synthetic.load.shape import Profile, Spacing, Stage


def profile(*stages: Stage, **more: object) -> Profile:
    return Profile("test", "a test", stages, **more)  # type: ignore[arg-type]


def test_a_constant_rate_is_evenly_spaced_from_zero() -> None:
    times = arrivals_s(profile(Stage(2.0, 10, 10)))
    assert times == pytest.approx(np.arange(20) / 10)


def test_a_ramp_sends_as_many_as_the_area_under_its_rate() -> None:
    times = arrivals_s(profile(Stage(10.0, 0, 100)))
    assert len(times) == 500
    halfway = np.count_nonzero(times < 5)
    assert halfway == pytest.approx(125, abs=1)
    assert np.all(np.diff(times) > 0)


def test_stages_follow_each_other_without_a_gap_or_a_double_arrival() -> None:
    times = arrivals_s(profile(Stage(0.25, 10, 10), Stage(0.75, 10, 10)))
    assert times == pytest.approx(np.arange(10) / 10)


def test_a_stage_at_rate_zero_is_a_pause() -> None:
    times = arrivals_s(profile(Stage(1, 10, 10), Stage(1, 0, 0), Stage(1, 10, 10)))
    assert not np.any((times >= 1) & (times < 2))
    assert len(times) == 20


def test_poisson_arrivals_have_the_right_number_and_spread_and_repeat_by_seed() -> None:
    wanted = profile(Stage(100, 50, 50), spacing=Spacing.POISSON, seed=3)
    times = arrivals_s(wanted)
    gaps = np.diff(times)
    assert len(times) == pytest.approx(5000, abs=4 * np.sqrt(5000))
    assert gaps.std() / gaps.mean() == pytest.approx(1.0, abs=0.06)  # exponential gaps
    assert np.array_equal(times, arrivals_s(wanted))


def test_a_trace_is_followed_as_it_is() -> None:
    assert arrivals_s(profile(trace_s=(0.1, 0.5, 0.5, 2.0))).tolist() == [0.1, 0.5, 0.5, 2.0]


@pytest.mark.parametrize("workers", [1, 2, 3, 7])
def test_workers_share_every_arrival_exactly_once(workers: int) -> None:
    times = arrivals_s(profile(Stage(3, 33, 70)))
    shared = [part(times, worker=n, workers=workers) for n in range(workers)]
    assert np.array_equal(np.sort(np.concatenate(shared)), times)


def sessions(seed: int = 1) -> Profile:
    return Profile(
        "people",
        "",
        (Stage(400, 30, 30),),
        spacing=Spacing.POISSON,
        mix=(("parse", 1.0),),
        session_calls=6,
        session_think_s=2,
        seed=seed,
    )


def test_people_who_come_and_think_send_at_the_rate_of_the_profile_from_the_first_second() -> None:
    found = plan(sessions())
    assert np.all(np.diff(found.times_s) >= 0)
    assert len(found.times_s) == pytest.approx(12_000, rel=0.1)
    first, last = (np.count_nonzero(found.times_s // 100 == n) for n in (0, 3))
    assert first == pytest.approx(last, rel=0.2)


def test_the_requests_of_one_person_have_one_luck_and_all_belong_to_one_worker_each() -> None:
    found = plan(sessions())
    assert found.luck is not None
    people, calls = np.unique(found.luck, return_counts=True)
    assert len(people) == pytest.approx(2_000, rel=0.15)
    assert calls.mean() == pytest.approx(6, rel=0.15)
    parts = [found.part(worker=n, workers=3) for n in range(3)]
    assert sorted(t for one in parts for t in one.times_s) == found.times_s.tolist()
    assert all(one.luck is not None and len(one.luck) == len(one.times_s) for one in parts)


def test_promises_are_judged_up_to_the_rate_that_must_hold() -> None:
    climb = Profile(
        "climb",
        "",
        (Stage(10, 25, 25), Stage(10, 50, 50), Stage(10, 100, 100)),
        mix=(("parse", 1.0),),
        must_hold_per_s=50,
    )
    assert climb.judged_until_s == 20
    assert climb.at_rate(1000).judged_until_s == 20
    assert climb.lasting(15).judged_until_s == 10
