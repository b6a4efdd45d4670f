"""Which language a text is in: by its letters, or by words that only that language has.

A text in a language without a grammar is refused by name, for its numbers alone would give a time
that looks right and is not. Words are enough, and no model is loaded. English is never refused for
the names in it: a language must have words of its own in the text, which names seldom are, and more
of them than English has.
"""

from collections import Counter

from service.parsing.detecting.letters import written_in
from service.parsing.detecting.words import BORROWED, ENGLISH, LITTLE, OWN
from service.parsing.grammar.languages import LANGUAGES
from service.parsing.patterns import later
from service.parsing.sieve import Sieve

_ENGLISH = "English"
_SUPPORTED = frozenset(language.name for language in LANGUAGES)

_WORD = later(r"[^\W\d_]+")
_SIGNS = '.,:;!?()"\u00a1\u00bf'
_LOOKED_AT_CHARS = 1_500
_OWN_WEIGHT = 2
_KNOWN = frozenset(OWN)
# The words of a grammar speak for its language as well.
_TELLTALE = {one.name: one.telltale for one in LANGUAGES if one.name != _ENGLISH}


def _is_owned(piece: str) -> bool:
    """Say whether a piece of a text has a word that only one language has."""
    return not _KNOWN.isdisjoint(_WORD.findall(piece))


_OWNED = Sieve(_is_owned)


def language_of(lower: str) -> str:
    """Return the English name of the language that a text in small letters is in."""
    lower = lower[:_LOOKED_AT_CHARS]
    if not lower.isascii() and (name := written_in(lower)) is not None:
        return name
    said = lower.split()
    if _KNOWN.isdisjoint(said) and _KNOWN.isdisjoint([word.strip(_SIGNS) for word in said]):
        if "'" not in lower and "-" not in lower and "/" not in lower:
            return _ENGLISH
        if _KNOWN.isdisjoint(_WORD.findall(lower)):
            return _ENGLISH
    return _by_words(_WORD.findall(BORROWED.sub(" ", lower)))


def foreign(lower: str) -> str | None:
    """Return the name of the language of a text that no grammar reads, None where one does."""
    if lower.isascii() and _OWNED.is_free(lower.split()):
        return None  # nearly every request, at one look
    name = language_of(lower)
    return None if name in _SUPPORTED else name


def _by_words(words: list[str]) -> str:
    points: Counter[str] = Counter()
    own: Counter[str] = Counter()
    english = 0
    for word in words:
        read = (name for name, telltale in _TELLTALE.items() if word in telltale)
        for name in dict.fromkeys((*OWN.get(word, ()), *read)):  # in order: it settles a draw
            own[name] += 1
            points[name] += _OWN_WEIGHT
        for name in LITTLE.get(word, ()):
            points[name] += 1
        english += ENGLISH.get(word, 0)
    best = max(
        own, key=lambda name: (points[name], name in _SUPPORTED, own[name]), default=_ENGLISH
    )
    return best if points[best] > english else _ENGLISH
