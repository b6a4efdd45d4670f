"""Whether a confidence knows when it is wrong. Pure numbers.

Two figures are needed: a confidence that is the same for all answers is calibrated and useless, and
one that ranks well may still be far from the share that is right.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """The answers whose confidence lies in one tenth: how many, how sure, how often right."""

    count: int
    confidence: float
    right: float


def auroc(pairs: Iterable[tuple[float, bool]]) -> float | None:
    """Return how often a right answer is surer than a wrong one, ties counted as half.

    This is the area under the receiver operating characteristic, the rank statistic of Mann and
    Whitney (1947). None where all answers are right, or all wrong: nothing can be ranked.
    """
    ordered = sorted(pairs)
    right = sum(good for _, good in ordered)
    wrong = len(ordered) - right
    if not right or not wrong:
        return None
    ranks = 0.0
    at = 0
    while at < len(ordered):
        last = at
        while last + 1 < len(ordered) and ordered[last + 1][0] == ordered[at][0]:
            last += 1
        ranks += sum(good for _, good in ordered[at : last + 1]) * (at + last + 2) / 2
        at = last + 1
    return (ranks - right * (right + 1) / 2) / (right * wrong)


def reliability(pairs: Iterable[tuple[float, bool]], *, bins: int = BINS) -> list[Bin]:
    """Return the bins of equal width that hold answers, from the least sure on."""
    inside: list[list[tuple[float, bool]]] = [[] for _ in range(bins)]
    for confidence, right in pairs:
        inside[min(int(confidence * bins), bins - 1)].append((confidence, right))
    return [
        Bin(len(each), sum(c for c, _ in each) / len(each), sum(r for _, r in each) / len(each))
        for each in inside
        if each
    ]


def calibration_error(pairs: Sequence[tuple[float, bool]], *, bins: int = BINS) -> float | None:
    """Return the mean distance of confidence and accuracy over the bins, weighted by size.

    This is the expected calibration error (Naeini et al. 2015); None without answers.
    """
    if not pairs:
        return None
    return sum(
        each.count / len(pairs) * abs(each.confidence - each.right)
        for each in reliability(pairs, bins=bins)
    )
