"""What is wrong with a set of golden cases, beyond lines that cannot be read. Pure."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from kit.pure.words import counted
from synthetic.golden.case import Case
from synthetic.golden.comparators import right_fields
from synthetic.golden.gate import FEWEST

FARTHEST_YEARS: Final = 5
"""Beyond so many years from its `now`, an expected date was probably taken from today's."""
_YEAR: Final = re.compile(
    r"\b(?:19|20)\d\ds?\b|\b\d0s\b|'\d\d\b|\b(?:nineteen|twenty)[ -](?:hundred|\w+(?:teen|ty)\b)"
    r"|\b(?:twen|thir|for|fif|six|seven|eigh|nine)ties\b|\b(?:decade|centur(?:y|ie))s?\b"
    r"|\b(?:\d{1,2} [a-z]{3,9}|[a-z]{3,9} \d{1,2}) \d\d\b",
    re.IGNORECASE,
)
"""What says a year: "2031", "1920s", "'28", "nineteen fifty eight", "the fifties", "12 Sep 87"."""


class Severity(StrEnum):
    """Errors make a set unusable; warnings are to be known."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to know about the set; `rule` names what was looked for."""

    severity: Severity
    rule: str
    cases: tuple[str, ...]
    message: str


def check(cases: Sequence[Case]) -> tuple[Finding, ...]:
    """Return what is wrong, errors first."""
    found = (*_same_sentence(cases), *_dated(cases), *_small(cases))
    return tuple(sorted(found, key=lambda finding: finding.severity is Severity.WARNING))


def _same_sentence(cases: Sequence[Case]) -> Iterable[Finding]:
    """Yield duplicates, and contradictions: the same question with another expected answer."""
    groups: dict[tuple[str, str, str], list[Case]] = defaultdict(list)
    for case in cases:
        groups[" ".join(case.text.casefold().split()), case.now, case.timezone].append(case)
    for group in groups.values():
        first, *others = group
        for other in others:
            both = (first.id, other.id)
            if all(_agrees(first, other)):
                text = f"{both[1]} asks what {both[0]} asks: {other.text!r}"
                yield Finding(Severity.ERROR, "duplicate", both, text)
            else:
                text = f"{both[1]} contradicts {both[0]}: {other.text!r} has two meanings"
                yield Finding(Severity.ERROR, "contradiction", both, text)


def _agrees(one: Case, other: Case) -> Iterable[bool]:
    both = [name for name in one.fields if name in other.fields]
    right = right_fields(one, other.expected)
    return (right[name] for name in both)


def _dated(cases: Sequence[Case]) -> Iterable[Finding]:
    """Yield cases whose expected date does not follow from their own `now`."""
    for case in (one for one in cases if one.now):
        times = [one.name for one in case.spec.fields if one.compare == "moment"]
        start = case.expected.get(times[0]) if times else None
        if start is None or _YEAR.search(case.text):
            continue
        distance = date.fromisoformat(str(start)[:10]) - datetime.fromisoformat(case.now).date()
        if abs(distance.days) > 366 * FARTHEST_YEARS:
            text = f"{case.id} expects {start}, {distance.days:,} days from its now ({case.now})"
            yield Finding(Severity.ERROR, "depends on today", (case.id,), text)


def _small(cases: Sequence[Case]) -> Iterable[Finding]:
    sizes = Counter(label for case in cases for label in case.labels())
    for label, size in sorted(sizes.items(), key=lambda item: (item[1], item[0])):
        if size < FEWEST:
            text = f"slice {label} has {counted(size, 'case')}; it takes {FEWEST} to be judged"
            yield Finding(Severity.WARNING, "small slice", (), text)
