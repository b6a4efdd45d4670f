"""The languages that are read, and which of them a text is in."""

from service.parsing.grammar.english.language import ENGLISH
from service.parsing.grammar.german.language import GERMAN
from service.parsing.language import Language
from service.parsing.patterns import later
from service.parsing.sieve import Sieve

LANGUAGES: tuple[Language, ...] = (ENGLISH, GERMAN)
_WORD = later(r"[^\W\d_]+")
_SIGNS = ".,:;!?()"
_LONG = 8  # letters of a word that is told by its ending


def choose(lower: str) -> Language:
    """Return the language most of whose own words stand in a lower-cased text, else the first."""
    if _TELLING.is_free(lower.split()) and not any(_has_sign(one, lower) for one in LANGUAGES[1:]):
        return LANGUAGES[0]
    words = _WORD.findall(lower)
    said_of = [
        sum(_is_of(word, language) for word in words) + _has_sign(language, lower)
        for language in LANGUAGES
    ]
    return LANGUAGES[said_of.index(max(said_of))]


def _tells(piece: str) -> bool:
    """Say whether a word is one that only another language than the first has."""
    word = piece.strip(_SIGNS)
    return any(_is_of(word, other) for other in LANGUAGES[1:])


def _is_of(word: str, language: Language) -> bool:
    return word in language.telltale or (len(word) >= _LONG and word.endswith(language.endings))


_TELLING = Sieve(_tells)


def _has_sign(language: Language, lower: str) -> bool:
    return language.sign is not None and language.sign.search(lower) is not None
