"""How sure the parser is: a probability per part, and one that start, end and rule are right.

The overall confidence is a logistic function of the kinds of doubt, and of a few signs that are no
doubts of their own. Each has one weight in `doubts/weights.py`. `tests/bench/fit_confidence.py`
fits them; `tests/properties/parsing/test_confidence.py` keeps the error of calibration small.
"""

from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from math import exp
from types import MappingProxyType

from service.parsing.doubts.weights import BEND, WEIGHTS
from service.parsing.model import Decision, Doubt, Intent
from service.parsing.reading import Reading

NOTHING_FOUND = 0.04  # a text in which no time was found is rarely a schedulable one
IMPOSSIBLE = 0.02  # the words name a time that does not exist
FOREIGN = 0.05  # a language that is not supported
_MOST_OF_A_KIND = 2
# The share of right parts among those found, and how sure "there is none" is.
_PART_FOUND = {"title": 0.75, "attendees": 0.92, "location": 0.8}
_PART_ABSENT = {"title": 0.3, "attendees": 0.97, "location": 0.95}


def of(reading: Reading, doubts: Iterable[Doubt], signs: Iterable[str]) -> float:
    """Return the probability that start, end and rule are what the writer meant."""
    if reading.timing is None:
        return NOTHING_FOUND if reading.nothing_found else IMPOSSIBLE
    return probability((*[doubt.code for doubt in doubts], *signs))


def kinds_of(decision: Decision) -> tuple[str, ...]:
    """Return the codes that the confidence of a decision was worked out from."""
    return (*(doubt.code for doubt in decision.doubts), *decision.signs)


@lru_cache(maxsize=2_000)  # most requests have one of a few hundred combinations
def probability(kinds: tuple[str, ...]) -> float:
    """Return the probability that a reading of these doubts and signs is right."""
    score, seen = WEIGHTS["bias"], Counter[str]()
    for kind in kinds:
        seen[kind] += 1
        if seen[kind] <= _MOST_OF_A_KIND:
            score += WEIGHTS.get(kind, 0.0)
    return chance(score)


def chance(score: float, bend: tuple[float, float] = BEND) -> float:
    """Return the probability that a sum of weights stands for.

    Doubts that come together are often about the same words: below the first number of `bend` what
    they add counts only so much as the second says.
    """
    below, share = bend
    if score < below:
        score = below + share * (score - below)
    return 1 / (1 + exp(-score))


@lru_cache(maxsize=2_000)  # to round a figure costs more than to look it up
def shown(sure: float) -> float:
    """Return a probability as it is told: three places."""
    return round(sure, 3)


def breakdown(
    overall: float,
    intent: Intent,
    *,
    title: bool,
    attendees: bool,
    location: bool,
    spans: bool,
    repeats: bool,
) -> MappingProxyType[str, float]:
    """Return the confidence of every part, each between 0 and 1."""
    sure = _PART_ABSENT, _PART_FOUND
    return MappingProxyType(
        {
            "start": overall,
            "end": overall * (0.97 if spans else 0.99),
            "recurrence": overall if repeats else 0.97,
            "title": sure[title]["title"],
            "attendees": sure[attendees]["attendees"],
            "location": sure[location]["location"],
            "intent": 0.95 if intent != "none" else 0.6,
        }
    )
