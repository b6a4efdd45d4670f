"""Find the highest rate that holds: shorter runs, doubling until one breaks, then halving in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from slo.verdict import Verdict
from synthetic.load.shape import Profile

MAX_RUNS = 20


@dataclass(frozen=True, slots=True)
class Try:
    """One run of a search: its rate, and what became of it."""

    per_s: float
    verdict: Verdict
    reason: str


Attempt = Callable[[Profile], Try]


def search(profile: Profile, attempt: Attempt) -> tuple[Try, ...]:
    """Return all runs that `attempt` made, in their order.

    A run that is void or undecided does not hold: the rate is then not known to be safe. Ends
    when the gap between the highest rate that holds and the lowest that does not is within
    `profile.precision` of the former, when the first rate does not hold even a hundredth, or
    after `MAX_RUNS`.
    """
    made: list[Try] = []
    rate = first = profile.highest_per_s
    holds, breaks = 0.0, float("inf")
    while len(made) < MAX_RUNS:
        made.append(attempt(profile.at_rate(rate)))
        if made[-1].verdict is Verdict.PASS:
            holds = max(holds, rate)
        else:
            breaks = min(breaks, rate)
        if holds == 0.0 and breaks < first / 100:
            break
        if breaks - holds <= profile.precision * holds:
            break
        rate = holds * 2 if breaks == float("inf") else (holds + breaks) / 2
    return tuple(made)


def highest_that_holds(tries: Sequence[Try]) -> float | None:
    """Return the highest rate that passed below every one that did not, None when none did."""
    broken = min((one.per_s for one in tries if one.verdict is not Verdict.PASS), default=None)
    good = [
        one.per_s
        for one in tries
        if one.verdict is Verdict.PASS and (broken is None or one.per_s < broken)
    ]
    return max(good, default=None)
