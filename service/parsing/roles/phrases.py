"""A table of phrases as one expression, tried only where the first letters could begin it.

An expression of thirty alternatives takes a microsecond to say no, and nearly always says no.
Looking up three letters takes a twentieth of that.
"""

import re

_LETTERS = 3
_WORD = re.compile(r"[a-z]+\??")
_CODES = re.compile(r"\\[a-z]|\(\?P<\w+>|\(\?-?i:")  # letters of the notation, not of a phrase
_FIRST = re.compile(rf"[\W_]*([^\W_]{{1,{_LETTERS}}})")


_EACH = re.compile(rf"(?<![^\W_])[^\W_]{{1,{_LETTERS}}}")


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

    __slots__ = ("_match", "fullmatch", "keys", "pattern", "search")

    def __init__(self, pattern: str, *, first: str = "") -> None:
        compiled = re.compile(pattern, re.IGNORECASE | re.DOTALL)
        self._match, self.search, self.fullmatch = (
            compiled.match, compiled.search, compiled.fullmatch,
        )  # fmt: skip
        self.pattern = pattern
        self.keys = _keys(first or pattern)

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
