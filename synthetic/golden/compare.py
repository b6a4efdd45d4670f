"""Whether an answer is what a person meant, field by field. Pure."""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime
from typing import Any, Final

from synthetic.golden.case import Case

_ARTICLE: Final = re.compile(r"\A(?:a|an|the|my|our)\s+", re.IGNORECASE)
_APOSTROPHE: Final = re.compile("['\u2019]")
_NOISE: Final = re.compile(r"[^\w\s]+")
_DEFAULTS: Final = {"INTERVAL": "1", "WKST": "MO"}


def right_fields(case: Case, event: Mapping[str, Any]) -> dict[str, bool]:
    """Return for each field that counts whether `event` has what the case expects."""
    return {
        name: _SAME[name](case.expected[name], event.get(name), case.timezone)
        for name in case.fields
    }


def same_words(expected: Any, actual: Any, _zone: str = "") -> bool:
    """Return whether two texts are the same but for case, articles, space and punctuation."""
    return _words(expected) == _words(actual)


def same_moment(expected: Any, actual: Any, zone: str = "") -> bool:
    """Return whether both are the same instant, the same whole day, or both nothing."""
    return moment(expected, zone) == moment(actual, zone)


def same_people(expected: Any, actual: Any, _zone: str = "") -> bool:
    """Return whether both name the same people, in any order."""
    return _people(expected) == _people(actual)


def same_rule(expected: Any, actual: Any, _zone: str = "") -> bool:
    """Return whether two RFC 5545 rules say the same; defaults and the order of lists are free."""
    return rule_parts(expected) == rule_parts(actual)


def moment(value: Any, _zone: str = "") -> datetime | date | str | None:
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


def rule_parts(value: Any) -> Mapping[str, frozenset[str]] | None:
    """Return the parts of a recurrence rule, None without one."""
    if value in {None, ""}:
        return None
    parts: dict[str, frozenset[str]] = {}
    for part in str(value).upper().removeprefix("RRULE:").split(";"):
        name, _, content = part.partition("=")
        if _DEFAULTS.get(name) != content:
            # UNTIL is compared by its day: whether the last second counts is a matter of zone.
            values = [content[:8]] if name == "UNTIL" else content.split(",")
            parts[name] = frozenset(values)
    return parts


def _words(value: Any) -> str:
    text = (
        _NOISE.sub(" ", str(value or "").replace("'", "").replace("\u2019", "")).casefold().strip()
    )
    return " ".join(_ARTICLE.sub("", text).split())


def _people(value: Any) -> frozenset[str]:
    return frozenset(_words(name) for name in value or ())


_SAME: Final[Mapping[str, Callable[[Any, Any, str], bool]]] = {
    "title": same_words,
    "start": same_moment,
    "end": same_moment,
    "all_day": lambda expected, actual, _: bool(expected) == bool(actual),
    "recurrence": same_rule,
    "location": same_words,
    "attendees": same_people,
}
