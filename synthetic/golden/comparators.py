"""Whether an answer is what a person meant, field by field. Pure."""

import json
import re
from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, date, datetime
from itertools import islice
from typing import Final

from dateutil.rrule import rrulestr

from synthetic.golden.case import Case
from synthetic.golden.spec import FieldRule, Spec

_ARTICLE: Final = re.compile(r"\A(?:a|an|the|my|our)\s+", re.IGNORECASE)
_NOISE: Final = re.compile(r"[^\w\s]+")
_UNTIL: Final = re.compile(r"UNTIL=([^;]+)")
COMPARED: Final = 400
"""So many occurrences are compared."""
_DEFAULTS: Final = {"INTERVAL": "1", "WKST": "MO"}


Same = Callable[[FieldRule, object, object, str], bool]
"""Whether an answer is as expected; the text is when the first of what recurs is."""


def right_fields(case: Case, event: Mapping[str, object]) -> dict[str, bool]:
    """Return for each field that counts whether `event` has what the case expects."""
    times = [one.name for one in case.spec.fields if one.compare == "moment"]
    begin = times[0] if times else ""
    first = str(case.expected.get(begin) or event.get(begin) or case.now)
    return {
        name: _is_right(case.spec, name, (case.expected[name], event.get(name)), first)
        for name in case.fields
    }


def _is_right(spec: Spec, name: str, both: tuple[object, object], first: str) -> bool:
    rule, (expected, actual) = spec.rule(name), both
    if (own := spec.code.get(rule.compare)) is not None:
        return bool(own(expected, actual))
    return _SAME[rule.compare](rule, expected, actual, first)


def same_words(expected: object, actual: object, _first: str = "") -> bool:
    """Return whether two texts are the same but for case, articles, space and punctuation."""
    return _words(expected) == _words(actual)


def same_moment(expected: object, actual: object, _first: str = "") -> bool:
    """Return whether both are the same instant, the same whole day, or both nothing."""
    return moment(expected) == moment(actual)


def same_people(expected: object, actual: object, _first: str = "") -> bool:
    """Return whether both name the same people, in any order."""
    return _people(expected) == _people(actual)


def same_rule(expected: object, actual: object, first: str = "") -> bool:
    """Return whether two RFC 5545 rules give the same occurrences, counted from `first`.

    Written alike, defaults and the order of lists left out, they are the same at once; else the
    first occurrences decide: `FREQ=YEARLY` from a June 5th says what `BYMONTH=6` would.
    """
    if rule_parts(expected) == rule_parts(actual):
        return True
    if not expected or not actual:
        return False
    wanted = _occurrences(str(expected), first)
    return wanted is not None and wanted == _occurrences(str(actual), first)


def _occurrences(rule: str, first: str) -> list[datetime] | None:
    """Return the occurrences of a rule as wall clock times, None when it is no rule.

    An UNTIL in UTC is read on the clock of `first`; a plain date includes its whole day.
    """
    try:
        begin = datetime.fromisoformat(first)
        text = _UNTIL.sub(
            lambda found: f"UNTIL={_until(found[1], begin):%Y%m%dT%H%M%S}",
            rule.upper().removeprefix("RRULE:"),
        )
        return list(islice(rrulestr(text, dtstart=begin.replace(tzinfo=None)), COMPARED))
    except (ValueError, TypeError, AttributeError):
        return None


def _until(text: str, begin: datetime) -> datetime:
    found = datetime.fromisoformat(text)
    if len(text) == len("20260401"):
        return found.replace(hour=23, minute=59, second=59)
    return found if found.tzinfo is None else found.astimezone(begin.tzinfo)


def moment(value: object) -> datetime | date | str | None:
    """Return an instant in UTC or a date; what is neither comes back as it is."""
    if value is None:
        return None
    text = str(value)
    try:
        if len(text) == len("2026-03-11"):
            return date.fromisoformat(text)
        found = datetime.fromisoformat(text)
    except ValueError:
        return text
    return found.astimezone(UTC) if found.tzinfo else text


def rule_parts(value: object) -> Mapping[str, frozenset[str]] | None:
    """Return the parts of a recurrence rule, None without one."""
    if value in {None, ""}:
        return None
    parts: dict[str, frozenset[str]] = {}
    for part in str(value).upper().removeprefix("RRULE:").split(";"):
        name, _, content = part.partition("=")
        if _DEFAULTS.get(name) != content:
            parts[name] = frozenset(content.split(","))
    return parts


def _words(value: object) -> str:
    text = (
        _NOISE.sub(" ", str(value or "").replace("'", "").replace("\u2019", "")).casefold().strip()
    )
    return " ".join(_ARTICLE.sub("", text).split())


def _people(value: object) -> frozenset[str]:
    return frozenset(map(_words, value if isinstance(value, Iterable) else ()))


def same_number(rule: FieldRule, expected: object, actual: object) -> bool:
    """Return whether two numbers lie as close as the rule asks."""
    both = (expected, actual)
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in both):
        return expected is None and actual is None
    return abs(float(expected) - float(actual)) <= rule.within  # type: ignore[arg-type]


def same_members(expected: object, actual: object) -> bool:
    """Return whether both lists hold the same values, in any order and however often."""
    if expected is None or actual is None:
        return expected == actual
    both = (expected, actual)
    if not all(isinstance(one, list | tuple) for one in both):
        return False
    one, other = ({json.dumps(v, sort_keys=True) for v in each} for each in both)  # type: ignore[attr-defined]
    return one == other


def matches(expected: object, actual: object) -> bool:
    """Return whether the whole of an answer is what the expected regular expression says."""
    if expected is None or actual is None:
        return expected == actual
    return re.fullmatch(str(expected), str(actual)) is not None


_SAME: Final[Mapping[str, Same]] = {
    "exact": lambda _, expected, actual, __: expected == actual,
    "set": lambda _, expected, actual, __: same_members(expected, actual),
    "within": lambda rule, expected, actual, _: same_number(rule, expected, actual),
    "regex": lambda _, expected, actual, __: matches(expected, actual),
    "truth": lambda _, expected, actual, __: bool(expected) == bool(actual),
    "words": lambda _, expected, actual, __: same_words(expected, actual),
    "names": lambda _, expected, actual, __: same_people(expected, actual),
    "moment": lambda _, expected, actual, __: same_moment(expected, actual),
    "recurrence": lambda _, expected, actual, first: same_rule(expected, actual, first),
}
