"""Whether a run was slower than another."""

import tracemalloc
from typing import Any

import numpy as np
import pytest

from kit.pure.errors import NotEnoughDataError, RefusedError
from slo.verdict import Verdict
from synthetic.load.blocks import Recorded, blocks
from synthetic.load.comparison import ALL, compare
from synthetic.load.differences import Change, spread_between
from synthetic.load.samples import SAMPLE

ROUTES = ("GET /a", "POST /b")


def timeline(failed: int, count: int, *, in_one: bool = False) -> list[dict[str, int]]:
    """Return fifty slices with so many failures, each by itself or all in one."""
    parts = [(n + 1) * failed // 50 - n * failed // 50 for n in range(50)]
    parts = [failed, *[0] * 49] if in_one else parts
    return [{"failed": one, "scheduled": count // 50} for one in parts]


def record(
    *, factor: float = 1.0, seed: int = 1, failed: int = 0, lag_s: float = 0.0, **more: Any
) -> dict[str, Any]:
    """Return what a comparison reads of a run's record: 8,000 requests over 100 s."""
    random, count = np.random.default_rng(seed), 8_000
    samples = np.zeros(count, SAMPLE)
    samples["due_s"] = samples["sent_s"] = np.arange(count) / 80
    samples["route"] = random.integers(0, 2, count)
    samples["latency_s"] = random.lognormal(-4, 0.5, count) * factor + lag_s
    samples["sent_s"] += lag_s
    return {
        "schema": "calendar-sre/load-run/v1",
        "id": f"run-{seed}",
        "void_reason": None,
        "machine": {"processors": 2},
        "config": {"profile": {"name": "steady", "seed": 1}},
        "generator": {"workers": 1},
        "overall": {"requests": count, "failed": failed},
        "timeline": timeline(failed, count),
        "blocks": blocks(samples, ROUTES, 100.0),
        **more,
    }


EARLIER = [record(seed=seed) for seed in range(10, 16)]
"""Runs of the same that tell how far apart such runs lie."""


def test_two_runs_of_the_same_are_the_same() -> None:
    found = compare(record(seed=1), record(seed=2), earlier=EARLIER)
    assert found.earlier == len(EARLIER)
    assert [one.route for one in found.differences] == [ALL, *ROUTES]
    assert {one.change for one in found.differences} <= {Change.SAME, Change.UNDECIDED}
    assert found.differences[0].change is Change.SAME
    assert found.verdict is Verdict.PASS


def test_a_fifth_slower_is_found_and_said_with_its_range() -> None:
    found = compare(record(), record(factor=1.2, seed=2), earlier=EARLIER)
    first = found.differences[0]
    assert first.change is Change.SLOWER
    assert first.effect is not None
    assert first.low is not None
    assert first.high is not None
    assert first.effect == pytest.approx(0.2, abs=0.06)
    assert 0.05 < first.low < first.effect < first.high < 0.4
    assert str(first).startswith("slower by ")
    assert found.verdict is Verdict.FAIL


def test_faster_is_no_failure() -> None:
    found = compare(record(), record(factor=0.7, seed=2), earlier=EARLIER)
    assert found.differences[0].change is Change.FASTER
    assert str(found.differences[0]).startswith("faster by ")
    assert found.verdict is Verdict.PASS


def test_more_failures_fail_the_comparison_even_when_nothing_is_slower() -> None:
    found = compare(record(failed=2), record(seed=2, failed=60), earlier=EARLIER)
    assert found.more_failures is not None
    assert found.more_failures < 1e-6
    assert found.verdict is Verdict.FAIL


def test_one_hiccup_is_one_event_and_no_difference() -> None:
    """Eight failures in a row of 8,000 against none: by Fisher's test alone p would be 0.004."""
    hiccup = record(seed=2, failed=8, timeline=timeline(8, 8_000, in_one=True))
    found = compare(record(), hiccup, earlier=EARLIER)
    assert (found.more_failures or 0) > 0.2
    assert found.verdict is Verdict.PASS
    each_by_itself = compare(record(), record(seed=2, failed=8), earlier=EARLIER)
    assert (each_by_itself.more_failures or 1) < 0.01


def test_a_single_pair_says_nothing_of_a_change_that_runs_of_the_same_may_show() -> None:
    found = compare(record(), record(factor=1.4, seed=2))
    assert found.earlier == 0
    assert found.differences[0].change is Change.UNDECIDED
    assert (found.differences[0].low or 0) < 0 < (found.differences[0].effect or 0)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert compare(record(), record(factor=60.0, seed=2)).verdict is Verdict.FAIL


def test_runs_that_lie_far_apart_make_a_change_uncertain() -> None:
    factors = (1.0, 1.3, 0.9, 1.35, 0.95, 1.25)
    noisy = [record(seed=20 + n, factor=one) for n, one in enumerate(factors)]
    found = compare(record(), record(factor=1.3, seed=2), earlier=noisy)
    assert found.differences[0].change is Change.UNDECIDED


def test_a_change_of_the_service_between_earlier_runs_counts_once() -> None:
    """Six runs at one speed and six at twice that: runs of the same lie no further apart."""
    released = [record(seed=30 + n, factor=1.0 if n < 6 else 2.0) for n in range(12)]
    spread = spread_between([Recorded(r["blocks"])["GET /a"] for r in released], 0.95)
    flat = spread_between([Recorded(r["blocks"])["GET /a"] for r in released[:6]], 0.95)
    assert spread.deviation < 0.2
    assert flat.deviation < 0.05


def test_the_generators_own_lag_is_of_neither_run() -> None:
    assert compare(record(), record(seed=2, lag_s=0.5), earlier=EARLIER).verdict is Verdict.PASS


def test_a_percentile_that_is_the_generators_own_lag_decides_nothing() -> None:
    late = record(seed=2, factor=1.4)
    late["overall"]["percentiles_ms"] = {"p95": {"value": 9.0, "lagged": True}}
    assert compare(record(), late, earlier=EARLIER).differences[0].change is Change.SLOWER
    before = record()  # of an earlier version, with the lag in its latencies
    for one in (before, late):
        del one["blocks"]["without_lag"]
    found = compare(before, late, earlier=EARLIER)
    assert found.differences[0].change is Change.UNDECIDED


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"machine": {"processors": 8}}, "other processors"),
        ({"config": {"profile": {"name": "steady", "seed": 2}}}, "seed of the profile"),
        ({"generator": {"workers": 3}}, "number of workers"),
        ({"schema": "calendar-sre/load-run/v2"}, "version of the record"),
    ],
)
def test_unlike_runs_are_refused_unless_forced(change: dict[str, Any], says: str) -> None:
    with pytest.raises(RefusedError, match=says):
        compare(record(), record(seed=2, **change))
    assert compare(record(), record(seed=2, **change), force=True).differences


def test_a_void_run_is_compared_with_nothing() -> None:
    with pytest.raises(NotEnoughDataError, match="void: it fell behind"):
        compare(record(), record(void_reason="it fell behind"), force=True)


def test_too_few_requests_say_nothing() -> None:
    few = record(seed=3)
    few["blocks"]["routes"] = {name: [[600, 2]] * 20 for name in ROUTES}
    found = compare(record(), few)
    assert {one.change for one in found.differences} == {Change.NO_DATA}
    assert found.verdict is Verdict.NO_DATA


@pytest.mark.parametrize("names", [("GET /a",), ("GET /a", "GET /c")])
def test_a_route_that_only_one_run_asked_is_told_and_keeps_the_comparison_from_passing(
    names: tuple[str, ...],
) -> None:
    other = record(seed=2)
    other["blocks"]["routes"] = dict(zip(names, other["blocks"]["routes"].values(), strict=False))
    for found in (compare(record(), other), compare(other, record())):
        changes = {one.route: one.change for one in found.differences}
        assert changes["POST /b"] is Change.NO_DATA
        assert {*found.lacking} == {"POST /b", *names} - {"GET /a"}
        assert found.verdict is not Verdict.PASS


@pytest.mark.parametrize("status", ["partial", "void"])
def test_a_run_that_its_status_calls_not_whole_is_compared_with_nothing(status: str) -> None:
    with pytest.raises(NotEnoughDataError, match=status):
        compare(record(status=status), record())


def test_a_run_that_dropped_requests_is_refused_unless_forced() -> None:
    few = {"scheduled": 8_000, "dropped": 80}
    assert compare(record(account=few), record(seed=2)).differences
    many = record(account={"scheduled": 8_000, "dropped": 81})
    for pair in ((many, record(seed=2)), (record(seed=2), many)):
        with pytest.raises(RefusedError, match="dropped 81 of its 8,000"):
            compare(*pair)
        assert compare(*pair, force=True).differences


def test_without_any_figures_of_failures_nothing_passes() -> None:
    nothing = record(seed=2, overall={"requests": 0, "failed": 0})
    assert compare(record(), nothing).verdict is Verdict.NO_DATA


@pytest.mark.thorough
def test_runs_of_many_routes_are_compared_within_little_memory() -> None:
    run = record()
    slow = [[700, 1] for _ in range(20)]  # a bin of seconds: the wider, the more memory
    run["blocks"]["routes"] = {f"GET /{n}": slow for n in range(300)}
    compare(record(), record(seed=2))  # loads what it needs
    tracemalloc.start()
    try:
        found = compare(run, {**run, "id": "other"}, earlier=[run] * 4)
        _, most = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert len(found.differences) == 301
    assert found.differences[0].change is not Change.NO_DATA
    assert most < 30e6, "all of them at once are 200e6"
