"""Is a new version as good as its objectives ask, by the requests that its one replica answered?

A canary fails an objective when it burns the budget faster than the budget lasts, by more than
chance explains, and when the replicas beside it do not burn it as fast. It holds when it burns it
slower than would be worth a page; until its requests can tell those apart it is INCONCLUSIVE.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, TypeVar

from kit.pure.inference import binomial_share_above, binomial_share_below, likely_no_more
from slo.meaning import Meaning, Term
from slo.objective import Objective
from slo.verdict import Verdict, overall
from slo.windows import PAGES, bad_share

_Key = TypeVar("_Key")
_TAIL: Final = 0.025
_BY_CHANCE: Final = 0.0005
"""It is looked at every few seconds, so that each look alone may mislead very seldom."""
_FEWEST_BAD: Final = 3
"""One request that fails while a process starts is no reason to take a version back."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What replicas counted since they were first looked at.

    `answered` maps (method, route, status) to requests, and `within` maps (method, route, edge in
    seconds) to those that took no longer.
    """

    answered: Mapping[tuple[str, str, str], float]
    within: Mapping[tuple[str, str, float], float]

    def since(self, before: "Counted") -> "Counted":
        """Return what was counted after `before`; a counter that fell began anew."""
        return Counted(_grown(self.answered, before.answered), _grown(self.within, before.within))


@dataclass(frozen=True, slots=True)
class Judged:
    """One objective of a canary: its verdict, and the sentence that says why."""

    objective: str
    verdict: Verdict
    bad: float
    total: float
    reason: str


def judge(objective: Objective, meaning: Meaning, fresh: Counted, beside: Counted) -> Judged:
    """Return what a canary's requests say of an objective, beside those of the old version."""
    bad, total = tally(meaning, fresh)
    old_bad, old_total = tally(meaning, beside)
    if total <= 0:
        reason = "the canary answered no request that counts"
        return Judged(objective.name, Verdict.NO_DATA, bad, total, reason)
    worth_a_page = bad_share(PAGES[0], objective)
    low = binomial_share_below(bad, total, tail=_BY_CHANCE)
    high = binomial_share_above(bad, total, tail=_TAIL)
    said = f"{bad:.0f} of {total:.0f} requests are bad ({bad / total:.2%})"
    if low > objective.budget and bad >= _FEWEST_BAD:
        if (
            old_total
            and likely_no_more(_whole(bad, total), _whole(old_bad, old_total)) > _BY_CHANCE
        ):
            said += f", as beside it ({old_bad:.0f} of {old_total:.0f}): not this version's fault"
            return Judged(objective.name, Verdict.INCONCLUSIVE, bad, total, said)
        burn = bad / total / objective.budget
        said += f": it burns the budget {burn:.1f} times too fast"
        return Judged(objective.name, Verdict.FAIL, bad, total, said)
    if high >= worth_a_page:
        said += f"; up to {high:.2%} may be, and {worth_a_page:.2%} would be worth a page"
        return Judged(objective.name, Verdict.INCONCLUSIVE, bad, total, said)
    return Judged(objective.name, Verdict.PASS, bad, total, said)


def verdict(judged: Iterable[Judged]) -> Verdict:
    """Return the one verdict over all objectives."""
    return overall(one.verdict for one in judged)


def tally(meaning: Meaning, counted: Counted) -> tuple[float, float]:
    """Return how many requests an objective counts as bad, and how many at all."""
    total = max(0.0, _sum(meaning.total, counted))
    return min(max(0.0, _sum(meaning.bad, counted)), total), total


def _sum(terms: Sequence[Term], counted: Counted) -> float:
    return sum(term.sign * _of(term, counted) for term in terms)


def _of(term: Term, counted: Counted) -> float:
    if term.edge_s is None:
        return sum(n for one, n in counted.answered.items() if term.matches(*one))
    return sum(
        n
        for (method, route, edge_s), n in counted.within.items()
        if edge_s == term.edge_s and term.matches(method, route, "")
    )


def _grown(now: Mapping[_Key, float], before: Mapping[_Key, float]) -> dict[_Key, float]:
    grown = {}
    for name, value in now.items():
        earlier = before.get(name, 0.0)
        grown[name] = value - earlier if value >= earlier else value
    return grown


def _whole(bad: float, total: float) -> tuple[int, int]:
    return round(bad), round(total - bad)
