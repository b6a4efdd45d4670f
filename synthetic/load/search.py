"""Find the highest rate that holds: shorter runs, doubling until one breaks, then halving in."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from slo.verdict import Verdict
from synthetic.load.shape import Profile

MAX_RUNS = 40
LONGEST = 10
"""A slow run is stretched up to so many times, so that it has requests enough to be judged."""


@dataclass(frozen=True, slots=True)
class Try:
    """One run of a search: its rate, and what became of it."""

    per_s: float
    verdict: Verdict
    reason: str


Attempt = Callable[[Profile], Try]


def search(profile: Profile, attempt: Attempt) -> tuple[Try, ...]:
    """Return all runs that `attempt` made, in their order.

    A rate holds when one of two runs does: a run that fails is repeated, since one in some is
    disturbed. Void or undecided is no holding: the rate is then not known to be safe. Ends when
    the gap between the highest rate that holds and the lowest that does not is within
    `profile.precision` of the former, when the first rate does not hold even a hundredth, or
    after `MAX_RUNS`.
    """
    made: list[Try] = []
    rate = first = profile.highest_per_s
    holds, breaks = 0.0, float("inf")
    while len(made) < MAX_RUNS:
        if _holds(_at(profile, rate), attempt, made):
            holds = max(holds, rate)
        else:
            breaks = min(breaks, rate)
        if holds == 0.0 and breaks < first / 100:
            break
        if breaks - holds <= profile.precision * holds:
            break
        rate = holds * 2 if breaks == float("inf") else (holds + breaks) / 2
    return tuple(made)


def _at(profile: Profile, rate: float) -> Profile:
    """Return the profile at a rate; a slow one lasts longer."""
    longer = min(profile.highest_per_s / rate, LONGEST)
    scaled = profile.at_rate(rate)
    return scaled if longer <= 1 else scaled.lasting(scaled.duration_s * longer)


def _holds(profile: Profile, attempt: Attempt, made: list[Try]) -> bool:
    for _ in range(2):
        made.append(attempt(profile))
        if made[-1].verdict is Verdict.PASS:
            return True
    return False


def highest_that_holds(tries: Sequence[Try]) -> float | None:
    """Return the highest rate that passed below every one that never did, None when none did."""
    passed = {one.per_s for one in tries if one.verdict is Verdict.PASS}
    broken = min((one.per_s for one in tries if one.per_s not in passed), default=None)
    return max((rate for rate in passed if broken is None or rate < broken), default=None)
