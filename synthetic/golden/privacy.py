"""Take what is personal out of sentences before they become test cases. Pure."""

import calendar
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

STAND_INS: Final = ("Alex", "Robin", "Kim", "Charlie", "Sasha", "Jamie", "Noor", "Lou")
"""Names that stand for anybody, given in the order in which people appear."""

_PATTERNS: Final = (
    (re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+"), "someone@example.com"),
    (re.compile(r"\b(?:https?://|www\.)\S+", re.IGNORECASE), "https://example.com"),
    (re.compile(r"(?<![\w:/.-])\+?\d(?:[\s().-]?\d){7,}(?![\w:])"), "555 0100"),
)
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}|\d{1,2}[./]\d{1,2}[./]\d{2,4}")
_KNOWN: Final = frozenset(
    word.casefold()
    for word in (*calendar.day_name, *calendar.day_abbr, *calendar.month_name, *calendar.month_abbr)
) | {"i", "am", "pm", "utc", "gmt", "est", "pst", "cet", "christmas", "easter", "halloween"}


def without_people(
    text: str, expected: Mapping[str, object]
) -> tuple[str, dict[str, object], tuple[str, ...]]:
    """Return text and expected event without personal data, and the words that may still be.

    Attendees get the same stand-in wherever they are named; addresses, links and telephone
    numbers are replaced. Capitalised words in the middle that are nothing known may be names: a
    person has to look at them.
    """
    swaps = dict(zip(_names(expected), STAND_INS, strict=False))
    new_text = _clean(text, swaps)
    fields = {name: _clean_value(value, swaps) for name, value in expected.items()}
    return new_text, fields, _suspects(new_text, {*STAND_INS})


def _names(expected: Mapping[str, object]) -> Sequence[str]:
    people = expected.get("attendees")
    listed = map(str, people) if isinstance(people, Iterable) else ()
    names = [name for name in listed if "@" not in name]
    return sorted(dict.fromkeys(names), key=len, reverse=True)


def _clean_value(value: object, swaps: Mapping[str, str]) -> object:
    if isinstance(value, list):
        return [_clean(str(one), swaps) for one in value]
    if not isinstance(value, str) or _DATE.match(value):
        return value
    return _clean(value, swaps)


def _clean(text: str, swaps: Mapping[str, str]) -> str:
    for name, stand_in in swaps.items():
        text = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", stand_in, text, flags=re.IGNORECASE)
    for pattern, stand_in in _PATTERNS:
        text = _replaced(pattern, stand_in, text)
    return text


def _replaced(pattern: re.Pattern[str], stand_in: str, text: str) -> str:
    """Return the text with every match replaced, but for dates, which look like numbers too."""
    return pattern.sub(lambda found: found[0] if _DATE.search(found[0]) else stand_in, text)


def _suspects(text: str, fine: set[str]) -> tuple[str, ...]:
    words = re.findall(r"(?<![.!?:]\s)(?<!^)\b[A-Z][a-z]+\b", text)
    return tuple(w for w in words if w not in fine and w.casefold() not in _KNOWN)
