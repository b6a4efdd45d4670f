"""A table of phrases as one expression, tried only where the first letters could begin it.

An expression of thirty alternatives takes a microsecond to say no, and nearly always says no.
Looking up three letters takes a twentieth of that.
"""

import re
from collections.abc import Callable
from functools import cached_property

from service.parsing.patterns import later

_LETTERS = 3
_WORD = later(r"[a-z]+\??")
_CODES = later(r"\\[a-z]|\(\?P<\w+>|\(\?-?i:")  # letters of the notation, not of a phrase
_FIRST = later(rf"[\W_]*([^\W_]{{1,{_LETTERS}}})")


_EACH = later(rf"(?<![^\W_])[^\W_]{{1,{_LETTERS}}}")


def key(text: str) -> str:
    """Return the first letters of the first word, "" when there is no word."""
    found = _FIRST.match(text)
    return found[1].lower() if found else ""


def keys(text: str) -> list[str]:
    """Return the first letters of every word."""
    return _EACH.findall(text.lower())


class Phrases:
    """Phrases, regardless of case; `match` wants the key of the text beside it.

    `first` lists the words they begin with, for a closer look than every word of the pattern.
    """

    def __init__(self, pattern: str, *, first: str = "") -> None:
        self.pattern = pattern
        self.keys = _keys(first or pattern)

    @cached_property
    def _compiled(self) -> re.Pattern[str]:
        """Compile the expression when a text first needs it."""
        return re.compile(self.pattern, re.IGNORECASE | re.DOTALL)

    @cached_property
    def _match(self) -> Callable[[str], re.Match[str] | None]:
        return self._compiled.match

    @cached_property
    def search(self) -> Callable[[str], re.Match[str] | None]:
        """Return the search for the first of the phrases in a text."""
        return self._compiled.search

    @cached_property
    def fullmatch(self) -> Callable[[str], re.Match[str] | None]:
        """Return the test whether a text is one of the phrases."""
        return self._compiled.fullmatch

    def match(self, text: str, key: str) -> re.Match[str] | None:
        """Return the phrase that `text` begins with; `key` is `key(text)`."""
        return self._match(text) if key in self.keys else None

    def whole(self, text: str) -> bool:
        """Say whether all of `text` is made of the phrases."""
        return key(text) in self.keys and self.fullmatch(text) is not None

    def may_hold(self, keys: list[str]) -> bool:
        """Say whether a text with words of these keys could hold one of the phrases."""
        return not self.keys.isdisjoint(keys)

    def may_end(self, text: str) -> bool:
        """Say whether `text` could end in one of the phrases."""
        return text.rpartition(" ")[2][:_LETTERS].lower() in self.keys


def _keys(pattern: str) -> frozenset[str]:
    """Return the first letters of every word of a pattern: more than can begin it, never fewer."""
    words: set[str] = set()
    for word in _WORD.findall(_CODES.sub(" ", pattern)):
        words.add(word.rstrip("?")[:_LETTERS])
        if word.endswith("?"):  # the last letter may be missing
            words.add(word[:-2][:_LETTERS])
    return frozenset(words)
