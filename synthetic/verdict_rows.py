"""One objective, judged by what a run measured: the row of a verdict table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from kit.pure.estimate import Estimate
from slo.objective import Objective
from slo.verdict import Verdict, overall
from synthetic.estimates import share

CONFIDENCE: Final = 0.95
FEWEST_OBSERVED: Final = 100
"""Below this many the bare share of a run says nothing about a budget of a percent.

A failure that the whole interval proves is one with fewer, too.
"""
_DECIDED: Final = frozenset({Verdict.PASS, Verdict.FAIL})


class Rule(StrEnum):
    """What it takes to pass."""

    OBSERVED = "observed"  # the share measured in this run meets the objective
    PROVEN = "proven"  # the whole confidence interval does


@dataclass(frozen=True, slots=True)
class Row:
    """Shares are of good ones, between 0 and 1.

    `part` is the route or slice that the row is about, None for all of the run. `budget_spent`
    is the bad share over the share that may be bad: 1.0 is all of it. `more_needed` is how many
    more it would take to decide if the share stays; None when decided, or when none would.
    `unmeasurable` is why a load run cannot judge the objective: such a row is NO DATA, and the
    verdict of the run is that of the others.
    """

    objective: str
    display_name: str
    part: str | None
    target: float
    threshold_s: float | None
    total: int
    bad: int
    measured: Estimate | None
    budget_spent: float | None
    verdict: Verdict
    more_needed: int | None = None
    unmeasurable: str | None = None


def row(
    objective: Objective, *, total: int, bad: int, rule: Rule, void: bool, part: str | None = None
) -> Row:
    """Return the judgement of `bad` among `total`; nothing measured, or a void run, is NO DATA."""
    measured = share(total - bad, total, confidence=CONFIDENCE) if total else None
    verdict = Verdict.NO_DATA
    if measured is not None and not void:
        verdict = _decide(measured, total, objective.target, rule)
    undecided = verdict is Verdict.INCONCLUSIVE
    return Row(
        objective=objective.name,
        display_name=objective.display_name,
        part=part,
        target=objective.target,
        threshold_s=objective.threshold_s,
        total=total,
        bad=bad,
        measured=measured,
        budget_spent=bad / total / objective.budget if total else None,
        verdict=verdict,
        more_needed=_more(total, bad, objective.target, rule) if undecided else None,
    )


def unmeasurable_row(objective: Objective, why: str, *, part: str | None = None) -> Row:
    """Return the row of an objective that a load run cannot judge, with the reason."""
    return replace(
        row(objective, total=0, bad=0, rule=Rule.OBSERVED, void=True, part=part), unmeasurable=why
    )


def verdict_of(rows: Sequence[Row]) -> Verdict:
    """Return the one verdict of many rows."""
    return overall(one.verdict for one in rows)


def _decide(measured: Estimate, total: int, target: float, rule: Rule) -> Verdict:
    if rule is Rule.OBSERVED and total >= FEWEST_OBSERVED:
        return Verdict.PASS if measured.value >= target else Verdict.FAIL
    proven_good = measured.low is not None and measured.low >= target
    if rule is Rule.PROVEN and proven_good:
        return Verdict.PASS
    if measured.high is not None and measured.high < target:
        return Verdict.FAIL
    return Verdict.INCONCLUSIVE


def _more(total: int, bad: int, target: float, rule: Rule) -> int | None:
    if rule is Rule.OBSERVED:
        return max(FEWEST_OBSERVED - total, 0)
    rate, needed = bad / total, total
    for _ in range(40):  # doubling: for 2^40 of anything nobody waits
        needed *= 2
        if _would_decide(rate, needed, target, rule):
            break
    else:
        return None
    low = needed // 2
    while needed - low > 1:
        middle = (low + needed) // 2
        decides = _would_decide(rate, middle, target, rule)
        low, needed = (low, middle) if decides else (middle, needed)
    return needed - total


def _would_decide(rate: float, total: int, target: float, rule: Rule) -> bool:
    measured = share(total - round(rate * total), total, confidence=CONFIDENCE)
    return _decide(measured, total, target, rule) in _DECIDED
