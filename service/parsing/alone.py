# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""What means a time only when nothing else is said: "1730", "an hour", "dinner", "31st"."""

from collections.abc import Callable

from service.parsing.engine import Item
from service.parsing.time_expressions import TimeExpressions
from service.parsing.values import Clock, ClockSpan, Fields, Length, Offset, Part, Said


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
    return items[-2].cls in ("on", "by") or items[-2].value == "due"


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
