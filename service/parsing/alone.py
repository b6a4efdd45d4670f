# ruff: noqa: SIM905  # a list of words is read as words, not as a column of quotes
# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What means a time only when nothing else is said: "1730", "an hour", "dinner", "31st"."""

from collections.abc import Callable

from service.parsing.building.moments import is_vague
from service.parsing.doubts.vocabulary import NUMBERED
from service.parsing.engine import Item
from service.parsing.time_expressions import TimeExpressions
from service.parsing.values import (
    Clock,
    ClockSpan,
    Fields,
    Length,
    Offset,
    Part,
    Said,
    moment_of,
)


def alone(expressions: TimeExpressions, items: list[Item]) -> None:
    """Read the few items of a text in which no other time was found."""
    if expressions.length is not None and _only_length(items):
        sign = -1 if items[0].cls == "dash" else 1
        expressions.date, expressions.length = Offset(None, expressions.length, sign), None
        return
    if expressions.length is not None and any(item.value == "timer" for item in items):
        expressions.date, expressions.length = Offset(None, expressions.length), None
        return
    if _is_due(items):
        expressions.date = Fields(None, None, items[-1].value)
        expressions.used.append(items[-1])
        return
    if _is_spoken_clock(items):
        expressions.clock = Clock(items[0].value, items[1].value)
        expressions.used += items
        return
    if _is_in_minutes(items):
        expressions.date = Offset(None, Length(seconds=60 * items[-1].value))
        expressions.used += items[-2:]
        return
    spelt = [item for item in items if item.cls == "YEAR" and item.rule]  # "two thousand and nine"
    for item in spelt or (items if len(items) == 1 else []):
        if (reader := _READERS.get(item.cls)) is not None and reader(expressions, item.value):
            expressions.used.append(item)
            return


def lone_hour(expressions: TimeExpressions, items: list[Item]) -> None:
    """Read the "9" of "dentist 9 tomorrow", where a day is said and no other number."""
    if expressions.date is None and expressions.repeat is None:
        return
    if expressions.span is not None or expressions.length is not None or _is_vague(expressions):
        return
    places = [index for index, item in enumerate(items) if item.cls in _NUMBERS]
    if len(places) != 1 or not _stands_alone(items, places[0]):
        return
    item = items[places[0]]
    expressions.clock, expressions.weak, expressions.lone_hour = Clock(item.value), True, True
    expressions.used.append(item)


def _is_vague(expressions: TimeExpressions) -> bool:
    return is_vague(moment_of(expressions.date).date)


def _stands_alone(items: list[Item], place: int) -> bool:
    """Say whether an hour in figures stands behind a word that no number belongs to."""
    item, before = items[place], items[place - 1] if place else None
    after = items[place + 1].cls if place + 1 < len(items) else ""
    if item.cls != "NUM" or item.rule or not 1 <= item.value <= 12 or before is None:
        return False
    word = before.cls in ("WORD", "MEAL") and before.value not in NUMBERED | _BEFORE_A_NUMBER
    return word and before.end < item.start and after in _BEHIND_AN_HOUR


_NUMBERS = frozenset(("NUM", "ORD", "DECIMAL", "JUNK", "CLOCK", "PAIR"))
_BEHIND_AN_HOUR = frozenset(("", "comma", "stop", "at", "DATE", "REPEAT", "MOMENT", "on"))
# Words whose number names one of them, or counts them.
_BEFORE_A_NUMBER = frozenset(
    "formula fast catch top vol volume part session day week lesson chapter episode season round "
    "race heat class year grade size leg form key stage step phase version sprint group team "
    "unit module exam paper order buy pay owe send print pick get bring apollo xbox ps "
    "playstation windows iphone ios android python toy rocky die ocean's oceans saw shrek cars "
    "kindergarten division league under u plus minus about nearly score won lost beat by drop "
    "zone pod bay cell ward dose jab shot pill tablet sets reps laps mile miles k".split()
)


_OF_AGE = frozenset(("birthday", "anniversary", "turning", "happy"))


def _only_length(items: list[Item]) -> bool:
    rest = items[1:] if items[0].cls == "dash" else items
    return all(item.cls in ("LENGTH", "and", "comma") for item in rest)


def _is_spoken_clock(items: list[Item]) -> bool:
    """Say whether the text is an hour and a minute: "twelve thirty"."""
    if len(items) != 2 or not items[0].cls == items[1].cls == "NUM":
        return False
    return bool(items[0].value <= 12 and 10 <= items[1].value < 60)


def _is_due(items: list[Item]) -> bool:
    """Say whether the text ends in a day of the month: "rent due 1st"."""
    if len(items) < 2 or items[-1].cls != "ORD" or not 1 <= items[-1].value <= 31:
        return False
    before = items[-2]
    if before.cls in ("on", "by") or before.value == "due":
        return True
    if before.cls != "WORD" or items[-1].rule:  # "my 21st", "the first"
        return False
    named = before.value in NUMBERED | _BEFORE_A_NUMBER | _OF_AGE
    return not named and not str(before.value).endswith("'s")


def _is_in_minutes(items: list[Item]) -> bool:
    """Say whether the text ends in "in 20", which are minutes."""
    if [item.cls for item in items[-2:]] != ["in", "NUM"]:
        return False
    return bool(5 <= items[-1].value <= 90 and items[-1].value % 5 == 0)


def _clock(expressions: TimeExpressions, value: object) -> bool:
    expressions.clock = value
    return True


def _span(expressions: TimeExpressions, value: ClockSpan) -> bool:
    expressions.clock_span, expressions.weak = value, True
    return True


def _day(expressions: TimeExpressions, value: int) -> bool:
    if value > 31:
        return False
    expressions.date = Fields(None, None, value)
    return True


def _year(expressions: TimeExpressions, value: int) -> bool:
    expressions.date = Fields(value)
    return True


def _meal(expressions: TimeExpressions, value: str) -> bool:
    expressions.part = Part(value)
    return True


_READERS: dict[str, Callable[[TimeExpressions, Said], bool]] = {
    "HHMM": _clock, "WEAKSPAN": _span, "ORD": _day, "YEAR": _year, "MEAL": _meal,
}  # fmt: skip
