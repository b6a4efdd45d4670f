"""Sets of runs taken in turns: what their pairs say, and what makes no pairs."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from kit.pure.errors import BadInputError, NotEnoughDataError, RefusedError
from kit.pure.inference import student_quantile
from slo.verdict import Verdict
from synthetic.load.blocks import blocks
from synthetic.load.comparison import ALL, Comparison
from synthetic.load.differences import Change, Measured
from synthetic.load.samples import SAMPLE
from synthetic.load.sets import compare_sets

ROUTES = ("GET /a",)
COUNT, SECONDS = 600, 10.0
BEGAN = datetime(2026, 3, 2, 9, tzinfo=UTC)


def record(
    number: int, *, factor: float = 1.0, noise: float = 0.02, bursts: int = 0, failed: int = 0,
    seed: int = 1,
) -> dict[str, Any]:  # fmt: skip
    """Return what is read of the `number`-th run, on a machine that is slower in some runs."""
    random = np.random.default_rng([seed, number])
    found = np.zeros(COUNT, SAMPLE)
    found["due_s"] = found["sent_s"] = np.arange(COUNT) / COUNT * SECONDS
    slow = factor * np.exp(random.normal(0, noise))
    found["latency_s"] = random.lognormal(-4, 0.3, COUNT) * slow
    found["latency_s"][: COUNT * bursts // 20] *= 50
    bad = [failed // 10 + (n < failed % 10) for n in range(10)]
    return {
        "schema": "calendar-sre/load-run/v1",
        "id": f"run-{number}",
        "started_at": (BEGAN + timedelta(seconds=20 * number)).isoformat(),
        "void_reason": None,
        "machine": {"processors": 2},
        "config": {"profile": {"name": "steady", "seed": 1}},
        "generator": {"workers": 1},
        "overall": {"requests": COUNT, "failed": failed},
        "timeline": [{"failed": one, "scheduled": COUNT // 10} for one in bad],
        "blocks": blocks(found, ROUTES, SECONDS),
    }


def turns(pairs: int) -> tuple[list[int], list[int]]:
    """Return which runs are of which side: A B B A."""
    order = [number for k in range(pairs) for number in ((0, 1), (1, 0))[k % 2]]
    return tuple([n for n, one in enumerate(order) if one == side] for side in (0, 1))  # type: ignore[return-value]


def compared(pairs: int, *, before: dict[str, Any] | None = None, **after: Any) -> Comparison:
    old, new = turns(pairs)
    common = {key: after[key] for key in ("seed", "noise") if key in after} | (before or {})
    return compare_sets([record(n, **common) for n in old], [record(n, **after) for n in new])


def test_a_tenth_slower_is_found_and_the_same_is_not_called_slower() -> None:
    assert [compared(20, factor=1.1, seed=seed).verdict for seed in (1, 2)] == [Verdict.FAIL] * 2
    assert [compared(20, seed=seed).verdict for seed in (1, 2)] == [Verdict.PASS] * 2


def test_too_few_pairs_are_inconclusive_and_say_how_many_more_would_find_a_tenth() -> None:
    found = compared(6, noise=0.2)
    assert found.verdict is Verdict.INCONCLUSIVE
    assert found.differences[0].more_needed


def test_a_side_that_is_slow_in_bursts_only_is_slower() -> None:
    found = compared(12, bursts=2)
    assert found.differences[0].change is Change.SLOWER, str(found.differences[0])
    assert found.verdict is Verdict.FAIL


def test_a_high_percentile_is_of_as_many_requests_as_it_takes() -> None:
    old, new = turns(8)
    runs = [record(n, factor=2.0 if n in new else 1.0) for n in range(16)]
    for q, ms in ((0.95, 30.0), (0.99, 36.8), (0.999, 46.3)):  # of the distribution
        (one, _) = compare_sets(
            [runs[n] for n in old], [runs[n] for n in new], percentile=q
        ).differences
        assert one.before_ms == pytest.approx(ms, rel=0.12)
        assert one.change is Change.SLOWER


def test_a_side_that_fails_more_in_every_run_fails_and_one_bad_run_does_not() -> None:
    assert compared(5, failed=20).verdict is Verdict.FAIL
    old, new = turns(5)
    runs = [record(n, noise=0.0, failed=40 * (n == new[2])) for n in range(10)]
    found = compare_sets([runs[n] for n in old], [runs[n] for n in new])
    assert found.more_failures is not None
    assert found.more_failures > 0.01
    assert found.verdict is not Verdict.FAIL


def test_runs_that_make_no_pairs_are_named() -> None:
    runs = [record(n) for n in range(10)]
    with pytest.raises(BadInputError, match="5 runs before and 4 after"):
        compare_sets(runs[::2], runs[1:9:2])
    with pytest.raises(BadInputError, match="run-1 is named twice"):
        compare_sets([runs[0], runs[1]], [runs[1], runs[2]])
    with pytest.raises(NotEnoughDataError, match="3 runs of each do not tell"):
        compare_sets(runs[:6:2], runs[1:6:2])
    runs[3]["void_reason"] = "a worker died"
    with pytest.raises(NotEnoughDataError, match="run run-3"):
        compare_sets(runs[::2], runs[1::2])


def test_runs_that_were_not_taken_in_turns_are_refused_unless_forced() -> None:
    runs = [record(n, noise=0.0) for n in range(10)]
    with pytest.raises(RefusedError, match="not taken in turns"):
        compare_sets(runs[:5], runs[5:])
    assert compare_sets(runs[:5], runs[5:], force=True).pairs == 5
    odd = [runs[n] for n in (8, 0, 4, 2, 6)]
    assert compare_sets(odd, runs[1::2]) == compare_sets(runs[::2], runs[1::2])


def test_a_route_of_one_side_only_keeps_the_comparison_from_passing() -> None:
    runs = [record(n, noise=0.0) for n in range(10)]
    for one in runs[1::2]:
        one["blocks"]["routes"] = {"GET /new": one["blocks"]["routes"]["GET /a"]}
    found = compare_sets(runs[::2], runs[1::2])
    assert set(found.lacking) == {"GET /a", "GET /new"}
    assert [one.route for one in found.differences] == [ALL, "GET /a", "GET /new"]
    assert found.verdict is Verdict.NO_DATA


def test_runs_that_sent_nothing_are_no_data() -> None:
    old, new = turns(5)
    runs = [record(n) for n in range(10)]
    for one in runs:
        one["blocks"]["routes"] = {"GET /a": [[] for _ in range(20)]}
        one["overall"] = {"requests": 0, "failed": 0}
    found = compare_sets([runs[n] for n in old], [runs[n] for n in new])
    assert found.verdict is Verdict.NO_DATA


def test_a_run_of_a_version_without_blocks_is_named_when_forced() -> None:
    old, new = turns(5)
    runs = [record(n) for n in range(10)]
    del runs[3]["blocks"]
    with pytest.raises(NotEnoughDataError, match="run-3"):
        compare_sets([runs[n] for n in old], [runs[n] for n in new], force=True)


@pytest.mark.parametrize("pairs", [5, 8, 12])
def test_as_many_more_as_it_says_find_a_tenth_nine_times_in_ten(pairs: int) -> None:
    """Of an error that is known to be that of such pairs; few leave it in doubt, which costs."""
    deviation, random = 0.05 * np.sqrt(pairs), np.random.default_rng(pairs)
    measured = Measured(0.0, 0.05, pairs - 1, pairs)
    more = measured.more_needed(0.01)
    assert more is not None
    sets = random.normal(np.log1p(0.1), deviation, (4_000, pairs + more))
    errors = sets.std(axis=1, ddof=1) / np.sqrt(pairs + more)
    margin = errors * student_quantile(0.99, pairs + more - 1)
    assert 0.87 < np.mean(sets.mean(axis=1) > margin) < 0.96


def test_what_does_not_differ_at_all_needs_one_more_at_most() -> None:
    assert Measured(0.0, 1e-4, 3, 4).more_needed(0.01) == 1
