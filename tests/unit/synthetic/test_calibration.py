"""Calibration and ranking of a confidence, on numbers that can be worked out by hand."""

import pytest

from synthetic.calibration import Bin, auroc, calibration_error, reliability


def test_a_confidence_that_ranks_every_right_answer_higher_has_an_area_of_one() -> None:
    assert auroc([(0.9, True), (0.8, True), (0.3, False)]) == 1.0
    assert auroc([(0.1, True), (0.8, False)]) == 0.0


def test_one_constant_ranks_nothing() -> None:
    assert auroc([(0.9, True), (0.9, False), (0.9, True)]) == 0.5


def test_ties_count_as_half() -> None:
    assert auroc([(0.5, True), (0.5, False), (0.9, True)]) == pytest.approx(0.75)


@pytest.mark.parametrize("pairs", [[], [(0.5, True)], [(0.5, False), (0.4, False)]])
def test_without_both_kinds_of_answers_there_is_no_area(pairs: list[tuple[float, bool]]) -> None:
    assert auroc(pairs) is None


def test_the_bins_say_how_sure_and_how_often_right() -> None:
    pairs = [(0.95, True), (0.97, False), (0.2, False), (1.0, True)]
    least, most = reliability(pairs)
    assert least == Bin(1, 0.2, 0.0)
    assert most.count == 3
    assert most.confidence == pytest.approx(2.92 / 3)
    assert most.right == pytest.approx(2 / 3)


def test_the_error_is_weighted_by_the_size_of_the_bins() -> None:
    pairs = [(0.95, True)] * 3 + [(0.25, True)]
    assert calibration_error(pairs) == pytest.approx(0.75 * 0.05 + 0.25 * 0.75)
    assert calibration_error([]) is None
