"""English, put together."""

from service.parsing.grammar.english.doubtful import settle
from service.parsing.grammar.english.spelling import MISSPELT, respell
from service.parsing.grammar.english.stages import STAGES
from service.parsing.grammar.english.words import DOUBTFUL, TABLE
from service.parsing.language import Language

_WORDS = MISSPELT | TABLE
_SPELT = [word for word in _WORDS if word not in ("januar", "februar")]  # these are German
# What other languages have too, and therefore tells nothing.
_SHARED = frozenset(
    (
        "a", "d", "h", "m", "n", "o", "q", "s", "w", "x", "y", "b", "an", "in", "so", "all", "min",
        "mal", "april", "august", "september", "november", "mar", "son", "on", "per", "mo", "do",
        "is", "was", "war", "final", "place", "page", "base", "edition", "item", "once", "sat",
        "jun", "jul", "aug", "sep", "sept", "okt", "nov", "dec", "jan", "feb", "apr", "tom",
        "version",
    )
)  # fmt: skip
_COMMON = frozenset(
    (
        "with", "me", "please", "meeting", "lunch", "dinner", "breakfast", "call", "and", "i", "we",
        "have", "schedule", "add", "create", "book", "remind", "what", "when", "appointment", "you",
    )
)  # fmt: skip
ENGLISH = Language(
    code="en",
    name="English",
    words=_WORDS,
    # "a" and "p" may be the rest of "3p"
    sure={
        word: entry
        for word, entry in _WORDS.items()
        if word.isalpha() and word not in DOUBTFUL and word not in ("a", "p")
    },
    doubtful=DOUBTFUL,
    settle=settle,
    respell=respell,
    stages=STAGES,
    telltale=frozenset(word for word in _SPELT if word.isalpha() and word not in _SHARED) | _COMMON,
)
