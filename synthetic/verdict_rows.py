"""One objective, judged by what a run measured: the row of a verdict table."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from kit.pure.estimate import Estimate
from slo.objective import Objective
from slo.verdict import Verdict, overall
from synthetic.clusters import SMALL_BUNCH, SOME_DOUBT, UNSEEN_BUNCH, Evidence
from synthetic.estimates import share

CONFIDENCE: Final = 0.95
ZONE: Final = 2.0
"""An observed share decides where the true one is surely below twice the budget, or above half."""
WRONG: Final = 0.05
"""So often at most a run is on the wrong side at twice the budget."""
FEWEST_BUDGETS: Final = 6
"""With fewer bad ones allowed than this, a run without any may have been lucky."""
FEWEST_COUNTED: Final = 100
"""Of counts whose order nobody knows, such as an hour of Prometheus: judged as they were."""
_DECIDED: Final = frozenset({Verdict.PASS, Verdict.FAIL})


class Rule(StrEnum):
    """What it takes to pass."""

    OBSERVED = "observed"  # the share measured in this run does, and that is no chance
    PROVEN = "proven"  # the whole confidence interval does


@dataclass(frozen=True, slots=True)
class Row:
    """Shares are of good ones, between 0 and 1.

    `part` is the route or slice that the row is about, None for all of the run. `budget_spent`
    is the bad share over the share that may be bad: 1.0 is all of it. `more_needed` is how many
    more it would take to decide if the share stays; None when decided, or when none would.
    `unmeasurable` is why a load run cannot judge the objective: such a row is NO DATA, and the
    verdict of the run is that of the others. `lagged` is true where only the generator's own lag
    made it a miss.
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
    lagged: bool = False


def row(
    objective: Objective,
    *,
    total: int,
    bad: int,
    rule: Rule,
    void: bool,
    part: str | None = None,
    effect: float | None = None,
    unseen: float = UNSEEN_BUNCH,
) -> Row:
    """Return the judgement of `bad` among `total`; nothing measured, or a void run, is NO DATA.

    `effect` is how many of them count as one, and `unseen` how many an event that was not seen may
    have (`synthetic.clusters`); without an effect nobody knows their order, or each is a case of
    its own.
    """
    seen = None if not total else _Seen(total, bad, effect, unseen)
    verdict = Verdict.NO_DATA
    if seen is not None and not void:
        verdict = seen.verdict(objective.target, rule)
    undecided = seen if verdict is Verdict.INCONCLUSIVE else None
    return Row(
        objective=objective.name,
        display_name=objective.display_name,
        part=part,
        target=objective.target,
        threshold_s=objective.threshold_s,
        total=total,
        bad=bad,
        measured=None if seen is None or void else seen.measured(),
        budget_spent=bad / total / objective.budget if total and not void else None,
        verdict=verdict,
        more_needed=None if undecided is None else undecided.more(objective.target, rule),
    )


def verdict_on(seen: Evidence, target: float, rule: Rule) -> Verdict:
    """Return the verdict of a row on some requests, without the row: quick enough to ask often."""
    if not seen.total:
        return Verdict.NO_DATA
    return _Seen(seen.total, seen.bad, seen.effect, seen.unseen).verdict(target, rule)


def unmeasurable_row(objective: Objective, why: str, *, part: str | None = None) -> Row:
    """Return the row of an objective that a load run cannot judge, with the reason."""
    return replace(
        row(objective, total=0, bad=0, rule=Rule.OBSERVED, void=True, part=part), unmeasurable=why
    )


def verdict_of(rows: Sequence[Row]) -> Verdict:
    """Return the one verdict of many rows."""
    return overall(one.verdict for one in rows)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What was counted, and how much it is worth."""

    total: int
    bad: int
    effect: float | None
    unseen: float

    def measured(self) -> Estimate:
        if self.effect is None:
            return share(self.total - self.bad, self.total, confidence=CONFIDENCE)
        return self._evidence().good()

    def verdict(self, target: float, rule: Rule) -> Verdict:
        if rule is Rule.OBSERVED and self.effect is not None:
            return self._observed(1 - target)
        measured = self.measured()
        if rule is Rule.OBSERVED and self.total >= FEWEST_COUNTED:
            return Verdict.PASS if measured.value >= target else Verdict.FAIL
        proven = measured.low is not None and measured.low >= target
        if proven and rule is Rule.PROVEN:
            return Verdict.PASS
        if measured.high is not None and measured.high < target:
            return Verdict.FAIL
        return Verdict.INCONCLUSIVE

    def more(self, target: float, rule: Rule) -> int | None:
        """Return how many more would decide if the share stays; None where none would."""
        needed = self.total
        for _ in range(40):  # doubling: for 2^40 of anything nobody waits
            needed *= 2
            if self._grown(needed).verdict(target, rule) in _DECIDED:
                break
        else:
            return None
        low = needed // 2
        while needed - low > 1:
            middle = (low + needed) // 2
            decides = self._grown(middle).verdict(target, rule) in _DECIDED
            low, needed = (low, middle) if decides else (middle, needed)
        return needed - self.total

    def _observed(self, budget: float) -> Verdict:
        """Return the side of the budget, unless the true share may be well on the other side."""
        seen = self._evidence()
        if seen.bad <= seen.total * budget * (1 + 1e-12):
            enough = seen.total * budget >= FEWEST_BUDGETS * (1 - 1e-9)
            high = replace(seen, unseen=SMALL_BUNCH).high(tail=WRONG, doubt=SOME_DOUBT)
            surely = high <= min(ZONE * budget, 1.0)
            return Verdict.PASS if enough and surely else Verdict.INCONCLUSIVE
        return Verdict.FAIL if seen.low() > budget / ZONE else Verdict.INCONCLUSIVE

    def _evidence(self) -> Evidence:
        return Evidence(self.total, self.bad, self.effect or 1.0, self.unseen)

    def _grown(self, total: int) -> "_Seen":
        return replace(self, total=total, bad=round(self.bad / self.total * total))
