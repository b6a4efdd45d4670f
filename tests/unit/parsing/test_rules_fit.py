# ruff: noqa: E501  # the table of values is a table
"""Whatever a rule's pattern can match, its builder can take: random walks through every pattern."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from service.parsing.engine import Item, Rule, _tokens
from service.parsing.grammar.languages import LANGUAGES
from service.parsing.prefixes import LOOK
from service.parsing.values import (
    Clock,
    ClockSpan,
    DateSpan,
    DayShift,
    Fields,
    Holiday,
    Length,
    Moment,
    Part,
    Repeat,
)

STAGES = tuple(stage for language in LANGUAGES for stage in language.stages)
WALKS = 60
VALUES: dict[str, Any] = {
    "NUM": 5, "ORD": 3, "SECOND": 2, "SMALL": 3, "TEEN": 14, "TENS": 20, "YEAR": 2026, "MONTH": 5,
    "WEEKDAY": 2, "PLURALDAY": 3, "LENGTH": Length(days=3), "DATE": Fields(None, 5, 3), "TIME": Clock(4),
    "TIMESPAN": ClockSpan(Clock(4), Clock(5)), "PART": "morning", "MOMENT": Moment(DayShift(1)),
    "SEASON": "summer", "HOLIDAY": Holiday("easter"), "FREQ": ("WEEKLY", 1), "NEXT": 1, "LAST": -1,
    "REPEAT": Repeat("WEEKLY", 1, (("BYDAY", "MO"),)), "THIS": 0, "COMING": 1.0, "FOLLOWING": 1, "DAY": 1,
    "TONIGHT": 0, "NOON": 12, "AMPM": "pm", "HHMM": Clock(14, 30), "DECIMAL": "8.30", "CLOCK": Clock(9, 30),
    "PAIR": (3, 4), "ISO": ("2026", "3", "4"), "MEAL": "lunchtime", "WORD": "x",
    "DOTTED": Fields(None, 5, 3), "HOURS": 9, "TIMESOF": 2, "DAYTIME": (0, "evening"), "DAYPARTS": (Repeat("DAILY"), Part("night")), "DAYLIST": (0, 2), "NIGHTS": 7, "USZONE": "America/Denver", "DECADE": 1990, "PERIODEND": "month", "PARTS": "morning", "SPAN": DateSpan(Moment(DayShift(1)), Moment(DayShift(3))),
}  # fmt: skip
UNITS = ("hour", "day", "week", "month", "year", "weekend", "workday")
Walk = Callable[[], list[str]]


def walks(tokens: list[str], at: int, chance: random.Random) -> tuple[Walk, int]:
    """Return a function that makes a random row of classes which the pattern matches."""
    branches: list[list[tuple[Walk, int, int]]] = [[]]
    while at < len(tokens) and tokens[at] != ")":
        token = tokens[at]
        if token == "|":
            branches.append([])
            at += 1
        elif token in LOOK:
            at = walks(tokens, at + 1, chance)[1] + 1
        else:
            part, at = walks(tokens, at + 1, chance) if token == "(" else (lambda t=token: [t], at)
            sign = tokens[at + 1] if at + 1 < len(tokens) else ""
            low, high = {"?": (0, 1), "*": (0, 2), "+": (1, 2)}.get(sign, (1, 1))
            branches[-1].append((part, low, high))
            at += 2 if sign in ("?", "*", "+") and sign else 1

    def walk() -> list[str]:
        row: list[str] = []
        for part, low, high in chance.choice(branches):
            for _ in range(chance.randint(low, high)):
                row += part()
        return row

    return walk, at


@pytest.mark.parametrize("stage", STAGES, ids=lambda stage: stage.name)
def test_no_builder_is_handed_what_it_cannot_take(stage: Any) -> None:
    chance = random.Random(4)
    for rule in stage.rules:
        walk, _ = walks(_tokens(rule.pattern), 0, chance)
        for _ in range(WALKS):
            build(rule, walk(), chance)


def build(rule: Rule, row: list[str], chance: random.Random) -> None:
    values = [chance.choice(UNITS) if cls == "UNIT" else VALUES.get(cls, cls) for cls in row]
    items = [
        Item(cls, n, n + 1, value) for n, (cls, value) in enumerate(zip(row, values, strict=True))
    ]
    if rule.makes.endswith("*"):
        rule.build(items)
    else:
        rule.build(*[item.value for item in items if item.cls.isupper()])
