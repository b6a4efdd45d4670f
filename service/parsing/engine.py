# ruff: noqa: SIM905  # a list of words is read as words, not as a column of quotes
"""The rule engine: tables of rules over classes of words, applied stage after stage.

A text is a list of items, and beside it a string with one character per item, the item's class.
A rule is a regular expression over that string, written with the names of classes
(``"the? ORD of? MONTH"``), so matching runs in C whatever the words are. At each item only the
rules that can begin with its class and the next two are tried (one dictionary look-up); the longest
match whose builder accepts its values becomes one new item. A stage passes over the items once,
from left to right, and every pattern has a bounded length, so the work grows linearly with the
text.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from functools import cache, cached_property
from operator import itemgetter
from typing import NamedTuple

from service.parsing.grammar.english.words import TABLE as ENGLISH
from service.parsing.grammar.german.words import TABLE as GERMAN
from service.parsing.prefixes import LOOKED_AT, beginnings
from service.parsing.values import Said

_MADE = (
    "TIMESOF DAYTIME "
    "WORD NUM YEAR HHMM DECIMAL PAIR ISO CLOCK AMPM HOLIDAY ZONE LINK JUNK NUMBERWORD "
    "comma dash slash stop colon plus mark quote amp wc HOUR TIME TIMESPAN LENGTH COUNT REPEAT "
    "TIMES DAYPARTS DATE MOMENT SPAN SKIP DAYNUM WEAKSPAN WEAKTIME DAYLIST "
    "REMIND EXCEPT YEARPART PERIOD "
    "ORDLIST DOTTED HOURS DROPPED"
).split()
_NAMES = sorted({name for name, _ in (*ENGLISH.values(), *GERMAN.values())} | set(_MADE))
# Letters and what follows ASCII: characters of one byte, which compile in half the time of others.
_CHARACTERS = [chr(n) for n in (*range(0x80, 0x100), *range(0x41, 0x5B), *range(0x61, 0x7B))]
CODE = dict(zip(_NAMES, _CHARACTERS[: len(_NAMES)], strict=True))
_CAPITAL = frozenset(name for name in _NAMES if name.isupper())  # those whose values count
_LENGTH = itemgetter(0)
_MACROS = {
    "ORDINAL": "(ORD|SECOND)",
    "TO": "(to|until|dash)",
    "FROM": "(from|starting)",
}


class Item(NamedTuple):
    """A symbol, or what a rule made of several: class, place in the text, value, rule."""

    cls: str
    start: int
    end: int
    value: Said
    rule: str = ""


class Rule(NamedTuple):
    """`pattern` over class names; `build` gets the values of its capital classes in order.

    Each of the `examples` is a phrase that the rule takes part in reading; a test tries them all.
    A builder that returns None refuses the match, and the next longest is tried. A `makes` that
    ends in "*" wants the matched items themselves, for phrases whose values alone are ambiguous.
    """

    name: str
    pattern: str
    makes: str
    build: Callable[..., Said]
    examples: tuple[str, ...] = ()


# Seven weekdays and their commas fit; a longer row is no sentence.
_BOUNDED = {"*": "{0,7}", "+": "{1,7}"}
_WORD = re.compile(r"[A-Za-z]+|\(\?!|\(\?=|\(\?<!|\(\?<=|[()|?*+]")
_EXPANDED = {macro: _WORD.findall(body) for macro, body in _MACROS.items()}


@cache
def _tokens(pattern: str) -> list[str]:
    tokens: list[str] = []
    for symbol in _WORD.findall(pattern):
        tokens += _EXPANDED.get(symbol) or (symbol,)
    return tokens


def _source(tokens: Sequence[str]) -> str:
    """Return the regular expression, every repetition bounded so that no match can run far."""
    source = "".join(
        [CODE[token] if token.isalpha() else _BOUNDED.get(token, token) for token in tokens]
    )
    return _CHOICE.sub(_as_set, source)


# A choice of single classes, which compiles and matches far faster as a set of characters.
_CHOICE = re.compile(r"\((\?<?[!=])?((?:[^()|?*+{}]\|)+[^()|?*+{}])\)")


def _as_set(choice: re.Match[str]) -> str:
    characters = f"[{choice[2].replace('|', '')}]"
    return f"({choice[1]}{characters})" if choice[1] else characters


_MOST_KEPT = 4_000  # far more than ordinary requests need; no text can fill the memory
_LONGEST_KEPT = 16  # classes; what is longer seldom comes again

_Match = Callable[[str, int], re.Match[str] | None]


class _Candidate(NamedTuple):
    """A rule, and how it can begin."""

    starts: frozenset[str]
    rule: Rule


class Stage:
    """A table of rules that is applied to the items in one pass.

    Nothing is compiled before a text needs it: importing the tables stays cheap.
    """

    def __init__(self, name: str, rules: Iterable[Rule]) -> None:
        self.name = name
        self.rules = tuple(rules)

    @cached_property
    def _rules(self) -> dict[str, list[_Candidate]]:
        """Return the rules by the classes they can begin with."""
        rules: dict[str, list[_Candidate]] = {}
        for one in self._begun:
            for char in sorted({start[0] for start in one.starts}):
                rules.setdefault(char, []).append(one)
        return rules

    @cached_property
    def _begun(self) -> list[_Candidate]:
        """Return how each rule can begin."""
        return [
            _Candidate(frozenset(beginnings(_tokens(rule.pattern), CODE)), rule)
            for rule in self.rules
        ]

    @cached_property
    def _trigger(self) -> Callable[[str, int], re.Match[str] | None]:
        """Return a search for the places where two classes in a row could begin a rule."""
        follow: dict[str, set[str]] = {}
        for start in self._starts:
            follow.setdefault(start[0], set()).add(start[1:2])
        branches = [
            char if "" in seconds else f"{char}[{''.join(sorted(seconds))}]"
            for char, seconds in sorted(follow.items())
        ]
        return re.compile("|".join(branches)).search

    @cached_property
    def _starts(self) -> frozenset[str]:
        return frozenset().union(*[one.starts for one in self._begun])

    def may_begin(self, ahead: str) -> bool:
        """Say whether a rule could begin where these are the next three classes."""
        starts = self._starts
        return ahead in starts or ahead[:2] in starts or ahead[:1] in starts

    @cached_property
    def _ready(self) -> dict[str, tuple[tuple[_Match, Rule], ...]]:
        """Keep what may begin with three classes in a row."""
        return {}

    @cached_property
    def _matched(self) -> dict[str, list[tuple[int, Rule]]]:
        """Keep what matched where these classes stand: texts of the same shape need no search."""
        return {}

    @cached_property
    def _compiled(self) -> dict[str, _Match]:
        return {}

    def _prepare(self, ahead: str) -> tuple[tuple[_Match, Rule], ...]:
        """Compile what may begin with `ahead`; idempotent, so a race only does it twice."""
        if len(self._ready) >= _MOST_KEPT:
            self._ready.clear()
        prefixes = {ahead, ahead[:2], ahead[:1]}
        self._ready[ahead] = ready = tuple(
            (self._matcher(rule.pattern), rule)
            for starts, rule in self._rules.get(ahead[0], ())
            if not starts.isdisjoint(prefixes)
        )
        return ready

    def _matcher(self, pattern: str) -> _Match:
        if pattern not in self._compiled:
            self._compiled[pattern] = re.compile(_source(_tokens(pattern))).match
        return self._compiled[pattern]

    def compile(self) -> None:
        """Compile every expression now, so that no request waits for it."""
        for rule in self.rules:
            self._matcher(rule.pattern)
        self._trigger("", 0)

    def run(self, items: list[Item], codes: str) -> tuple[list[Item], str]:
        """Return the items with every match replaced by one new item, and their codes."""
        search = self._trigger
        done: list[Item] = []
        done_codes = ""
        copied = at = 0
        while found := search(codes, at):
            at = found.start()
            made, end = self._best(items, codes, at)
            if made is None:
                at += 1
                continue
            done += items[copied:at]
            done.append(made)
            done_codes += codes[copied:at] + CODE[made.cls]
            copied = at = end
        if not copied:
            return items, codes
        return done + items[copied:], done_codes + codes[copied:]

    def _match(self, codes: str, at: int) -> list[tuple[int, Rule]]:
        """Return the rules that match at a place, and over how many items; the longest first."""
        matches: list[tuple[int, Rule]] = []
        ahead = codes[at : at + LOOKED_AT]
        candidates = self._ready.get(ahead)
        for match, rule in self._prepare(ahead) if candidates is None else candidates:
            if (found := match(codes, at)) and (end := found.end()) > at:
                matches.append((end - at, rule))
        if len(matches) > 1:
            matches.sort(key=_LENGTH, reverse=True)  # of two as long the first one stays first
        return matches

    def _best(self, items: list[Item], codes: str, at: int) -> tuple[Item | None, int]:
        rest = codes[at - 1 if at else 0 :]  # a rule looks back at one class, and at what follows
        key = rest if at else f"^{rest}"
        matches = self._matched.get(key)
        if matches is None:
            matches = self._match(codes, at)
            if len(key) <= _LONGEST_KEPT:
                if len(self._matched) >= _MOST_KEPT:
                    self._matched.clear()
                self._matched[key] = matches
        for length, rule in matches:
            end = at + length
            part = items[at:end]
            cls = rule.makes
            if cls[-1] == "*":
                cls, value = cls[:-1], rule.build(part)
            else:
                value = rule.build(*[item[3] for item in part if item[0] in _CAPITAL])
            if value is not None:
                made = (cls, part[0].start, part[-1].end, value, rule.name)
                return tuple.__new__(Item, made), end  # half the cost of Item(...)
        return None, at


def code_string(items: Sequence[Item]) -> str:
    """Return one character per item: its class."""
    return "".join([CODE[item.cls] for item in items])
