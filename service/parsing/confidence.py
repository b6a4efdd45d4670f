# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""How sure the parser is: a probability per part, and one that start, end and rule are right.

The overall confidence is a logistic function of the kinds of doubt, and of a few signs that are no
doubts of their own. Each has one weight in `doubts/weights.py`. `tests/bench/fit_confidence.py`
fits them; `tests/unit/parsing/test_confidence.py` keeps the error of calibration small.
"""

from collections import Counter
from collections.abc import Iterable
from datetime import timedelta
from functools import lru_cache
from math import exp
from types import MappingProxyType

from service.parsing.doubts.vocabulary import NUMBERS
from service.parsing.doubts.weights import WEIGHTS
from service.parsing.engine import Item
from service.parsing.model import Decision, Doubt, Intent
from service.parsing.reading import Reading
from service.parsing.resolve.timing import Timing
from service.parsing.values import (
    Beside,
    DateSpan,
    Edge,
    Fields,
    Inside,
    NthOf,
    Rolling,
    WeekNumber,
)  # fmt: skip

NOTHING_FOUND = 0.04  # a text in which no time was found is rarely a schedulable one
IMPOSSIBLE = 0.02  # the words name a time that does not exist
FOREIGN = 0.05  # a language that is not supported
_MOST_OF_A_KIND = 2
_LONG_TIME = timedelta(hours=10)
_DATED = frozenset(("DATE", "MOMENT"))
_NESTED = Inside, Beside, Edge, NthOf, WeekNumber, Rolling
_WRITTEN = NUMBERS | {"CLOCK", "HHMM", "YEAR", "PAIR", "ISO"}
_WORDS = ("sign_words", 0), ("sign_sentence", 2), ("sign_long", 6)
_ODD = frozenset(";|=~*")
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
    return 1 / (1 + exp(-score))


def signs_of(reading: Reading) -> tuple[str, ...]:
    """Return what a reading has that is no doubt, and is right more or less often than others."""
    timing, expressions = reading.timing, reading.expressions
    if timing is None:
        return ()
    found = _of_words(reading)
    used = expressions.used
    if len(used) > 1 and [item.cls in _DATED for item in used].count(True) > 1:
        found.append("sign_two_dates")
    if isinstance(expressions.date, _NESTED):
        found.append("sign_nested")
    elif isinstance(expressions.date, Fields) and expressions.date.day is None:
        found.append("sign_month")
    if isinstance(expressions.span, DateSpan) or expressions.until is not None:
        found.append("sign_span")
    if expressions.repeat is not None:
        found.append("sign_repeat")
    if expressions.length is not None:
        found.append("sign_length")
    return (*found, *_of_timing(timing, named=expressions.part is not None))


def _of_words(reading: Reading) -> list[str]:
    """Return the signs of what no time expression has used."""
    left = reading.left
    classes = [item.cls for item in left]
    words = classes.count("WORD")
    found = [name for name, more in _WORDS if words > more]
    if not _WRITTEN.isdisjoint(classes) and _has_digits(left, reading.said.shown):
        found.append("sign_digits")
    if "mark" in classes and any(item.value in _ODD for item in left if item.cls == "mark"):
        found.append("sign_odd_mark")
    return found


def _of_timing(timing: Timing, *, named: bool) -> list[str]:
    if timing.all_day:
        return ["sign_whole_day"]
    found = []
    if not named and not 6 <= timing.start.hour < 22:
        found.append("sign_odd_hour")
    if timing.end - timing.start > _LONG_TIME:
        found.append("sign_long_time")
    return found


def _has_digits(left: list[Item], shown: str) -> bool:
    return any(not shown[item.start : item.end].isalpha() for item in left if item.cls in _WRITTEN)


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
