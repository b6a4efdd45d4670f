# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""How sure the parser is: a probability per part, and one that start, end and rule are right.

The overall confidence is a logistic function of a few observations about the reading. The weights
are frozen. They were fitted once by maximum likelihood with a Gaussian prior (variance 0.25) on
390 requests that nobody looked at while writing the grammar and on one half of our own corpus, the
latter counted at 0.35; only that of `zone` is set by hand. The expected calibration error on the
other half was 0.036. `tests/unit/parsing/test_confidence.py` keeps the error on the held-out part
of our own corpus under 0.05.
"""

from functools import lru_cache
from math import exp
from types import MappingProxyType
from typing import NamedTuple

from service.parsing.engine import Item
from service.parsing.model import Intent
from service.parsing.time_expressions import TimeExpressions
from service.parsing.values import Clock, WeekdayRef

_LEFT_OVER = frozenset(
    (
        "CLOCK",
        "HHMM",
        "UNIT",
        "MONTH",
        "WEEKDAY",
        "PLURALDAY",
        "PART",
        "every",
        "DAY",
        "AMPM",
        "ISO",
        "PAIR",
        "ORD",
        "SECOND",
        "LENGTH",
        "WEAKSPAN",
        "SEASON",
        "NEXT",
        "THIS",
        "until",
        "ago",
    )
)


class Signs(NamedTuple):
    """What was observed about a reading; each is 0 or 1, or a small count."""

    left_over: int  # time-like words that no expression took
    extra_dates: int  # further dates that were not used
    open_half: int  # a bare hour without am or pm
    weak: int  # "9-11", "for 4": times only by their surroundings
    next_weekday: int  # "next Friday" while this week's is still ahead
    spans: int  # a span between two dates
    repeats: int  # a rule
    long: int  # more than twelve words are left
    zone: int = 0  # 1: the offset has no zone of its own or may be none; 2: it means nothing


WEIGHTS = {
    "bias": 3.26, "left_over": -2.05, "extra_dates": -1.22, "open_half": -0.63, "weak": -0.48,
    "next_weekday": 0.06, "spans": -1.0, "repeats": 0.12, "long": -0.26,
    "zone": -1.75,
}  # fmt: skip
NOTHING_FOUND = 0.04  # a text in which no time was found is rarely a schedulable one
IMPOSSIBLE = 0.02  # the words name a time that does not exist
# The share of right parts among those found, and how sure "there is none" is.
_PART_FOUND = {"title": 0.75, "attendees": 0.92, "location": 0.8}
_PART_ABSENT = {"title": 0.3, "attendees": 0.97, "location": 0.95}


def observe(items: list[Item], expressions: TimeExpressions) -> Signs:
    """Return the signs of a reading."""
    clocks = (
        (expressions.clock,)
        if isinstance(expressions.clock, Clock)
        else expressions.clock_span or ()
    )
    over = [item for item in items if item.cls in _LEFT_OVER]
    if over:
        used = set(map(id, expressions.used))
        over = [item for item in over if id(item) not in used]
    return Signs(
        min(len(over), 3),
        min(expressions.extra_dates, 2),
        int(expressions.part is None and _is_open(clocks)),
        int(expressions.weak),
        int(isinstance(expressions.date, WeekdayRef) and expressions.date.which == "next"),
        int(expressions.span is not None or expressions.until is not None),
        int(expressions.repeat is not None),
        int(len(items) > 12 and [item.cls for item in items].count("WORD") > 12),
        expressions.zone_doubt,
    )


def _is_open(clocks: tuple[Clock, ...]) -> bool:
    """Say whether no clock says which half of the day it means."""
    for clock in clocks:
        if clock.half:
            return False
    return bool(clocks)


@lru_cache(maxsize=1_000)  # there are few combinations of signs
def probability(signs: Signs) -> float:
    """Return the probability that start, end and rule are what the writer meant."""
    score = WEIGHTS["bias"]
    for name, value in zip(signs._fields, signs, strict=True):
        if value:
            score += WEIGHTS[name] * value
    return 1 / (1 + exp(-score))


def breakdown(
    overall: float,
    signs: Signs,
    intent: Intent,
    *,
    title: str,
    attendees: bool,
    location: bool,
    repeats: bool,
) -> MappingProxyType[str, float]:
    """Return the confidence of every part, each between 0 and 1."""
    sure = _PART_FOUND, _PART_ABSENT
    return MappingProxyType(
        {
            "start": overall,
            "end": overall * (0.97 if signs.spans else 0.99),
            "recurrence": overall if repeats else 0.97,
            "title": sure[not title]["title"],
            "attendees": sure[not attendees]["attendees"],
            "location": sure[not location]["location"],
            "intent": 0.95 if intent != "none" else 0.6,
        }
    )
