"""Languages that are told by the letters they are written in."""

import re
from functools import cache

from service.parsing.patterns import later

# The first that has a letter in the text, so that what is rarer stands before what it adds to.
_LETTERS = {
    "Japanese": "\u3040-\u30ff", "Korean": "\uac00-\ud7af\u1100-\u11ff", "Chinese": "\u4e00-\u9fff",
    "Ukrainian": "\u0454\u0456\u0457\u0491", "Russian": "\u0400-\u04ff", "Greek": "\u0370-\u03ff",
    "Hebrew": "\u0590-\u05ff", "Persian": "\u067e\u0686\u0698\u06af\u06cc",
    "Arabic": "\u0600-\u06ff", "Hindi": "\u0900-\u097f", "Bengali": "\u0980-\u09ff",
    "Tamil": "\u0b80-\u0bff", "Thai": "\u0e00-\u0e7f", "Georgian": "\u10a0-\u10ff",
    "Armenian": "\u0530-\u058f",
}  # fmt: skip
_LATIN = later("[a-z\u00e0-\u024f]")
_LETTERS_PER_SIGN = 3  # a Chinese word is one or two signs, an English one five letters


@cache
def _any_of(letters: str) -> re.Pattern[str]:
    """Compile the letters of a language when a text that is not in ASCII first needs them."""
    return re.compile(f"[{letters}]")


def written_in(lower: str) -> str | None:
    """Return the language whose letters are most of the text; None where they are Latin."""
    others = len(_any_of("".join(_LETTERS.values())).findall(lower))
    if not others or others * _LETTERS_PER_SIGN <= len(_LATIN.findall(lower)):
        return None
    return next(name for name, letters in _LETTERS.items() if _any_of(letters).search(lower))
