# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Signs: what a reading has that is no doubt of its own, and is right more or less often than most.

Each has a name that begins with "sign_", and a weight in `doubts/weights.py`; `SIGNS` says what it
means. They are cheap: one look at the words that are left, one at the neighbours of those used.
"""

from datetime import timedelta

from service.parsing.doubts.vocabulary import NUMBERS
from service.parsing.engine import Item
from service.parsing.reading import Reading
from service.parsing.resolve.timing import Timing
from service.parsing.values import (
    Beside,
    Clock,
    DateSpan,
    Edge,
    Fields,
    Inside,
    NthOf,
    Rolling,
    WeekNumber,
)  # fmt: skip

SIGNS = {
    "sign_words": "words are left that say nothing about time",
    "sign_digits": "figures are left",
    "sign_odd_mark": "a mark is left that separates fields or lists",
    "sign_gap": "words stand between two times",
    "sign_joined": "a word or dash that joins is left beside a time",
    "sign_name_behind": "a capitalised word follows a time, as in a name",
    "sign_word_behind": "a word follows a time",
    "sign_number_behind": "a number follows a time",
    "sign_lone_unit": "a unit without a number is left: half term, day 1",
    "sign_lone_name": "a short name of a weekday or a month is left as a word",
    "sign_vague": "the writer leaves it open: usual, same, sometime",
    "sign_move": "something is moved",
    "sign_two_dates": "more than one date was used",
    "sign_nested": "a date inside another",
    "sign_month": "a month or a year as a whole",
    "sign_long_span": "a stretch of more than two months",
    "sign_repeat": "a rule",
    "sign_length": "an amount of time",
    "sign_whole_day": "no time of day",
    "sign_open_hour": "an hour from five to eight of which half of the day was not said",
    "sign_lone_hour": "a number that stands alone was taken for an hour",
    "sign_long_time": "with times, and longer than ten hours",
}
_LONG_TIME = timedelta(hours=10)
_LONG_SPAN = timedelta(days=62)
_DATED = frozenset(("DATE", "MOMENT"))
_NESTED = Inside, Beside, Edge, NthOf, WeekNumber, Rolling
_WRITTEN = NUMBERS | {"CLOCK", "HHMM", "YEAR", "PAIR", "ISO"}
_ODD = frozenset(";|=~*")
_JOINING = frozenset(("and", "or", "to", "of", "dash", "slash", "plus"))
_SILENT = frozenset(
    ("a", "the", "on", "at", "in", "for", "of", "and", "or", "my", "is", "comma", "dash", "stop",
     "mark", "colon", "slash", "by", "around")
)  # fmt: skip
# Words that the grammar knows, and took for no weekday and no month where they stand.
_SHORT_NAMES = frozenset(
    ("mon", "sat", "sun", "wed", "mar", "may", "march", "dec", "jan", "april", "june", "august")
)
_VAGUE = frozenset(
    ("usual", "same", "some", "sometime", "again", "whenever", "anytime", "any")
)  # fmt: skip


def signs_of(reading: Reading) -> tuple[str, ...]:
    """Return the signs of a reading, each once."""
    timing = reading.timing
    if timing is None:
        return ()
    if not reading.left:
        return (*_of_expressions(reading, timing), *_of_timing(reading, timing))
    found = _of_left(reading)
    found += _of_neighbours(reading)
    if reading.wish == "move":
        found.append("sign_move")
    return (*found, *_of_expressions(reading, timing), *_of_timing(reading, timing))


def _of_left(reading: Reading) -> list[str]:
    """Return the signs of what no time expression has used."""
    left = reading.left
    words = [item for item in left if item.cls == "WORD"]
    classes = reading.classes
    found = ["sign_words"] if words else []
    if not _WRITTEN.isdisjoint(classes) and _has_digits(left, reading.said.shown):
        found.append("sign_digits")
    if "mark" in classes and any(item.value in _ODD for item in left if item.cls == "mark"):
        found.append("sign_odd_mark")
    if "UNIT" in classes and any(item.cls == "UNIT" for item in left):
        found.append("sign_lone_unit")
    if words:
        if not _VAGUE.isdisjoint([item.value for item in words]):
            found.append("sign_vague")
        lower = reading.said.lower
        if not _SHORT_NAMES.isdisjoint([lower[item.start : item.end] for item in words]):
            found.append("sign_lone_name")
    return found


def _of_neighbours(reading: Reading) -> list[str]:
    """Return the signs of what stands beside and between the words that were used."""
    items, shown, used = reading.items, reading.said.shown, reading.used
    found: dict[str, None] = {}
    inside = gap = False
    before: Item | None = None
    for item in items:
        if id(item) in used:
            if gap:
                found["sign_gap"] = None
            if before is not None and id(before) not in used and before.cls in _JOINING:
                found["sign_joined"] = None
            inside, gap = True, False
        elif inside:
            if before is not None and id(before) in used:
                _note_behind(found, item, shown)
            gap = gap or item.cls not in _SILENT
        before = item
    return list(found)


def _note_behind(found: dict[str, None], item: Item, shown: str) -> None:
    if item.cls == "WORD":
        found["sign_name_behind" if shown[item.start].isupper() else "sign_word_behind"] = None
    elif item.cls in _JOINING:
        found["sign_joined"] = None
    elif item.cls in NUMBERS:
        found["sign_number_behind"] = None


def _of_expressions(reading: Reading, timing: Timing) -> list[str]:
    expressions, found = reading.expressions, []
    used = expressions.used
    if len(used) > 1 and [item.cls in _DATED for item in used].count(True) > 1:
        found.append("sign_two_dates")
    if isinstance(expressions.date, _NESTED):
        found.append("sign_nested")
    elif isinstance(expressions.date, Fields) and expressions.date.day is None:
        found.append("sign_month")
    stretch = isinstance(expressions.span, DateSpan) or expressions.until is not None
    if stretch and timing.end - timing.start > _LONG_SPAN:
        found.append("sign_long_span")
    if expressions.repeat is not None:
        found.append("sign_repeat")
    if expressions.length is not None:
        found.append("sign_length")
    if expressions.lone_hour:
        found.append("sign_lone_hour")
    return found


def _of_timing(reading: Reading, timing: Timing) -> list[str]:
    if timing.all_day:
        return ["sign_whole_day"]
    found, expressions = [], reading.expressions
    if expressions.part is None:
        span, clock = expressions.clock_span, expressions.clock
        first = span.start if clock is None and span is not None else clock
        if isinstance(first, Clock) and not first.half and 5 <= first.hour <= 8:
            found.append("sign_open_hour")
    if timing.end - timing.start > _LONG_TIME:
        found.append("sign_long_time")
    return found


def _has_digits(left: list[Item], shown: str) -> bool:
    return any(not shown[item.start : item.end].isalpha() for item in left if item.cls in _WRITTEN)
