"""Tuning tries what it is told, keeps what nothing beats, and proposes only what is better."""

import pytest

from alerts.backtest.score import Total
from alerts.backtest.tune import Trial, candidates, front, proposal
from alerts.edge.shipped import limits_of
from kit.pure.errors import BadInputError
from slo.edge.project_file import shipped

LIMITS = limits_of(shipped())


def trial(change: tuple[tuple[str, float], ...], *, detected: int, wrong: int) -> Trial:
    score = Total(10, 10, detected, 20, wrong, 0, 60.0, 3600)
    return Trial(change, score)


USUAL = trial((), detected=9, wrong=2)
BETTER = trial((("memory_ratio", 0.8),), detected=10, wrong=2)
OTHER = trial((("memory_ratio", 0.95),), detected=8, wrong=0)
WORSE = trial((("memory_ratio", 0.99),), detected=7, wrong=3)


def test_the_front_holds_what_nothing_beats_and_no_more() -> None:
    assert front([USUAL, BETTER, OTHER, WORSE]) == (BETTER, OTHER)


def test_only_a_change_that_beats_what_there_is_is_proposed() -> None:
    assert proposal([USUAL, BETTER], LIMITS) == ("-  memory_ratio: 0.9", "+  memory_ratio: 0.8")
    family = trial((("few_requests", 10),), detected=10, wrong=2)
    assert proposal([USUAL, family], LIMITS) == (
        "-    few_requests: int = 20",
        "+    few_requests: int = 10",
    )
    assert proposal([USUAL, WORSE], LIMITS) == ()


def test_each_factor_of_each_threshold_is_tried_and_whole_numbers_stay_whole() -> None:
    found = list(candidates(LIMITS, ["memory_ratio", "fewest_failures"], [0.5, 2]))
    assert [change for change, _ in found] == [
        (),
        (("memory_ratio", 0.45),),
        (("memory_ratio", 1.8),),
        (("fewest_failures", 2),),
        (("fewest_failures", 10),),
    ]
    assert found[1][1] == {**LIMITS, "memory_ratio": 0.45}


def test_an_unknown_threshold_is_named_with_the_nearest() -> None:
    with pytest.raises(BadInputError) as caught:
        list(candidates(LIMITS, ["memory_rate"], [2]))
    assert "memory_ratio" in caught.value.hint
