# ruff: noqa: SIM905  # a list of words is read as words, not as a column of quotes
"""The rule engine: tables of rules over classes of words, applied stage after stage.

A text is a list of items, and beside it a string with one character per item, the item's class.
A rule is a regular expression over that string, written with the names of classes
(``"the? ORD of? MONTH"``), so matching runs in C whatever the words are. At each item only the
rules that can begin with its class are tried (one dictionary look-up); the longest match whose
builder accepts its values becomes one new item. A stage passes over the items once, from left to
right, and every pattern has a bounded length, so the work grows linearly with the text.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from typing import Any, NamedTuple

from service.parsing.lexicon import TABLE

_MADE = (
    "WORD NUM YEAR HHMM DECIMAL PAIR ISO CLOCK AMPM FEAST ZONE LINK JUNK NUMBERWORD comma "
    "dash slash stop colon plus mark quote amp wc HOUR TIME TIMESPAN LENGTH COUNT REPEAT "
    "DATE MOMENT SPAN SKIP DAYNUM WEAKSPAN WEAKTIME DAYLIST REMIND EXCEPT YEARPART PERIOD "
    "ORDLIST"
).split()
_NAMES = sorted({name for name, _ in TABLE.values()} | set(_MADE))
CODE = {name: chr(0x100 + number) for number, name in enumerate(_NAMES)}
_VALUED = frozenset(char for name, char in CODE.items() if name.isupper())
_MACROS = {
    "ORDINAL": "(ORD|SECOND)",
    "UNITS": "(UNIT|SECOND|quarter)",
    "NUMBER": "(NUM|SMALL)",
    "TO": "(to|until|dash)",
    "FROM": "(from|starting)",
}


class Item(NamedTuple):
    """A symbol, or what a rule made of several: class, place in the text, value, rule."""

    cls: str
    start: int
    end: int
    value: Any
    rule: str = ""


class Rule(NamedTuple):
    """`pattern` over class names; `build` gets the values of its capital classes in order.

    A builder that returns None refuses the match, and the next longest is tried. A `makes` that
    ends in "*" wants the matched items themselves, for phrases whose values alone are ambiguous.
    """

    name: str
    pattern: str
    makes: str
    build: Callable[..., Any]


_WORD = re.compile(r"[A-Za-z]+|\(\?!|\(\?=|\(\?<!|[()|?*+]|\s+")


def _tokens(pattern: str) -> list[str]:
    for macro, body in _MACROS.items():
        pattern = re.sub(rf"\b{macro}\b", body, pattern)
    return [symbol for symbol in _WORD.findall(pattern) if not symbol.isspace()]


def _first(tokens: Sequence[str], at: int = 0) -> tuple[set[str], bool, int]:
    """Return the classes a pattern can begin with, whether it can be empty, and where it ends."""
    every: set[str] = set()
    branch: set[str] = set()
    branch_open, any_empty = True, False
    while at < len(tokens) and tokens[at] != ")":
        symbol = tokens[at]
        if symbol == "|":
            every |= branch
            any_empty |= branch_open
            branch, branch_open, at = set(), True, at + 1
            continue
        if symbol in ("(?!", "(?=", "(?<!"):
            _, _, at = _first(tokens, at + 1)
            at += 1
            continue
        if symbol == "(":
            firsts, empty, at = _first(tokens, at + 1)
        else:
            firsts, empty = {CODE[symbol]}, False
        at += 1
        if at < len(tokens) and tokens[at] in "?*+":
            empty |= tokens[at] != "+"
            at += 1
        if branch_open:
            branch |= firsts
            branch_open = empty
    return every | branch, any_empty or branch_open, at


class Stage:
    """A table of rules, compiled once, that is applied to the items in one pass."""

    def __init__(self, name: str, rules: Iterable[Rule]) -> None:
        self.name = name
        self._rules: dict[str, list[tuple[Callable[..., Any], Rule]]] = {}
        for rule in rules:
            tokens = _tokens(rule.pattern)
            match = re.compile("".join(CODE.get(t, t) for t in tokens)).match
            for char in _first(tokens)[0]:
                self._rules.setdefault(char, []).append((match, rule))
        self._trigger = re.compile("[" + "".join(sorted(self._rules)) + "]").search

    def run(self, items: list[Item], codes: str) -> tuple[list[Item], str]:
        """Return the items with every match replaced by one new item, and their codes."""
        found = self._trigger(codes)
        if found is None:
            return items, codes
        done: list[Item] = []
        copied, changed = 0, False
        while found is not None:
            at = found.start()
            made, end = self._best(items, codes, at)
            if made is None:
                end = at + 1
            else:
                done += items[copied:at]
                done.append(made)
                copied, changed = end, True
            found = self._trigger(codes, end)
        if not changed:
            return items, codes
        done += items[copied:]
        return done, "".join([CODE[item.cls] for item in done])

    def _best(self, items: list[Item], codes: str, at: int) -> tuple[Item | None, int]:
        matches: list[tuple[int, int, Rule]] = []
        for match, rule in self._rules[codes[at]]:
            if (found := match(codes, at)) and (end := found.end()) > at:
                matches.append((-end, len(matches), rule))
        if len(matches) > 1:
            matches.sort(key=lambda match: match[:2])
        for negative_end, _, rule in matches:
            end = -negative_end
            part = items[at:end]
            cls = rule.makes
            if cls[-1] == "*":
                cls, value = cls[:-1], rule.build(part)
            else:
                value = rule.build(*[item.value for item in part if item.cls.isupper()])
            if value is not None:
                return Item(cls, part[0].start, part[-1].end, value, rule.name), end
        return None, at


def code_string(items: Sequence[Item]) -> str:
    """Return one character per item: its class."""
    return "".join([CODE[item.cls] for item in items])


def pattern(text: str) -> re.Pattern[str]:
    """Compile a pattern over class names for use outside of a stage."""
    return re.compile("".join(CODE.get(t, t) for t in _tokens(text)))
