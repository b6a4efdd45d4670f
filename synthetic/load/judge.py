"""Which promises a run kept. Pure: objectives and samples in, rows out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from slo.objective import Measure, Objective
from slo.verdict import Verdict, overall
from synthetic.load.samples import Samples, failed, unavailable
from synthetic.load.estimates import Estimate, share

FEWEST_OBSERVED: Final = 100
"""Below this many requests the bare share of a run says nothing about a 1 % budget."""
CONFIDENCE: Final = 0.95

Bad = Callable[[Samples, Objective], NDArray[np.bool_]]


class Rule(StrEnum):
    """What it takes to pass."""

    OBSERVED = "observed"  # the share measured in this run keeps the promise
    PROVEN = "proven"  # the whole confidence interval does


@dataclass(frozen=True, slots=True)
class Row:
    """One promise, judged. Shares are of good requests, between 0 and 1.

    `budget_spent` is the bad share over the share that may be bad: 1.0 is all of it.
    `more_requests` is how many more it would take to decide, None when decided or unknowable.
    """

    objective: str
    display_name: str
    route: str | None
    target: float
    threshold_s: float | None
    total: int
    bad: int
    measured: Estimate | None
    budget_spent: float | None
    verdict: Verdict
    more_requests: int | None = None


def judge(
    samples: Samples,
    objectives: Sequence[Objective],
    *,
    void: bool = False,
    rule: Rule = Rule.OBSERVED,
    route: str | None = None,
) -> tuple[Row, ...]:
    """Return a row for each objective that a load run can speak of, in the order given.

    A void run gives NO DATA throughout, and so does a run without requests: nothing measured
    never counts as kept.
    """
    return tuple(
        _row(samples, objective, void=void, rule=rule, route=route)
        for objective in objectives
        if objective.measure in _BAD
    )


def verdict_of(rows: Sequence[Row]) -> Verdict:
    """Return the one verdict of a run."""
    return overall(row.verdict for row in rows)


def _row(
    samples: Samples, objective: Objective, *, void: bool, rule: Rule, route: str | None
) -> Row:
    total = len(samples)
    bad = int(np.count_nonzero(_BAD[objective.measure](samples, objective)))
    measured = share(total - bad, total, confidence=CONFIDENCE) if total else None
    spent = bad / total / objective.budget if total else None
    verdict = Verdict.NO_DATA
    if measured is not None and not void:
        decide = _proven if rule is Rule.PROVEN else _observed
        verdict = decide(measured, total, objective.target)
    undecided = verdict is Verdict.INCONCLUSIVE and measured is not None
    return Row(
        objective=objective.name,
        display_name=objective.display_name,
        route=route,
        target=objective.target,
        threshold_s=objective.threshold_s,
        total=total,
        bad=bad,
        measured=measured,
        budget_spent=spent,
        verdict=verdict,
        more_requests=_more(total, bad, objective.target, rule) if undecided else None,
    )


def _observed(measured: Estimate, total: int, target: float) -> Verdict:
    if total < FEWEST_OBSERVED:
        return Verdict.INCONCLUSIVE
    return Verdict.PASS if measured.value >= target else Verdict.FAIL


def _proven(measured: Estimate, _total: int, target: float) -> Verdict:
    if measured.low is not None and measured.low >= target:
        return Verdict.PASS
    if measured.high is not None and measured.high < target:
        return Verdict.FAIL
    return Verdict.INCONCLUSIVE


def _more(total: int, bad: int, target: float, rule: Rule) -> int | None:
    """Return how many more requests decide it if the share stays as it is; None when none do."""
    if rule is Rule.OBSERVED:
        return max(FEWEST_OBSERVED - total, 0)
    rate, needed = bad / total, total
    for _ in range(40):  # doubling: beyond 2^40 requests nobody waits
        needed *= 2
        good = needed - round(rate * needed)
        if _proven(share(good, needed, confidence=CONFIDENCE), needed, target) in _DECIDED:
            return needed - total
    return None


def _slow(samples: Samples, objective: Objective) -> NDArray[np.bool_]:
    """Return for each sample whether its user waited longer than the promise allows, or in vain."""
    threshold_s = objective.threshold_s if objective.threshold_s is not None else np.inf
    late: NDArray[np.bool_] = unavailable(samples) & (samples["status"] == 0)
    return late | (samples["latency_s"] > threshold_s)


_DECIDED: Final = frozenset({Verdict.PASS, Verdict.FAIL})
_BAD: Final[Mapping[Measure, Bad]] = {
    Measure.AVAILABILITY: lambda samples, _: unavailable(samples),
    Measure.LATENCY: _slow,
    Measure.ERRORS: lambda samples, _: failed(samples),
}
