"""Whether a run was slower than another."""

from typing import Any

import numpy as np
import pytest

from kit.pure.errors import NotEnoughDataError, RefusedError
from slo.verdict import Verdict
from synthetic.load.blocks import blocks
from synthetic.load.comparison import ALL, Change, compare
from synthetic.load.samples import SAMPLE

ROUTES = ("GET /a", "POST /b")


def record(*, factor: float = 1.0, seed: int = 1, failed: int = 0, **more: Any) -> dict[str, Any]:
    """Return what a comparison reads of a run's record: 8,000 requests over 100 s."""
    random, count = np.random.default_rng(seed), 8_000
    samples = np.zeros(count, SAMPLE)
    samples["due_s"] = samples["sent_s"] = np.arange(count) / 80
    samples["route"] = random.integers(0, 2, count)
    samples["latency_s"] = random.lognormal(-4, 0.5, count) * factor
    return {
        "schema": "calendar-sre/load-run/v1",
        "id": f"run-{seed}",
        "void_reason": None,
        "machine": {"processors": 2},
        "config": {"profile": {"name": "steady", "seed": 1}},
        "generator": {"workers": 1},
        "overall": {"requests": count, "failed": failed},
        "blocks": blocks(samples, ROUTES, 100.0),
        **more,
    }


def test_two_runs_of_the_same_are_the_same() -> None:
    found = compare(record(seed=1), record(seed=2))
    assert [one.route for one in found.differences] == [ALL, *ROUTES]
    assert {one.change for one in found.differences} <= {Change.SAME, Change.UNDECIDED}
    assert found.differences[0].change is Change.SAME
    assert found.verdict is Verdict.PASS


def test_a_fifth_slower_is_found_and_said_with_its_range() -> None:
    found = compare(record(), record(factor=1.2, seed=2))
    first = found.differences[0]
    assert first.change is Change.SLOWER
    assert first.effect is not None
    assert first.low is not None
    assert first.high is not None
    assert first.effect == pytest.approx(0.2, abs=0.06)
    assert 0.1 < first.low < first.effect < first.high < 0.3
    assert str(first).startswith("slower by ")
    assert found.verdict is Verdict.FAIL


def test_faster_is_no_failure() -> None:
    found = compare(record(), record(factor=0.7, seed=2))
    assert found.differences[0].change is Change.FASTER
    assert str(found.differences[0]).startswith("faster by ")
    assert found.verdict is Verdict.PASS


def test_more_failures_fail_the_comparison_even_when_nothing_is_slower() -> None:
    found = compare(record(failed=2), record(seed=2, failed=60))
    assert found.more_failures is not None
    assert found.more_failures < 1e-6
    assert found.verdict is Verdict.FAIL


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
