"""Which names that came from input may become the name of a file."""

from collections.abc import Iterable
from typing import Final

from kit.pure.errors import BadInputError

LONGEST_BYTES: Final = 200
"""Leaves room for an ending within the 255 that file systems take."""


def file_name(text: str, *, what: str) -> str:
    """Return a name that came from input and is to become a file's, without its ending.

    Raises BadInputError, calling it `what`, for one that would lead elsewhere, hide the file or
    not fit.
    """
    if not text.strip() or text != text.strip():
        problem = "is empty or has spaces around it"
    elif text.startswith((".", "~", "-")):
        problem = f"begins with {text[0]}"
    elif any(letter in "/\\" or not letter.isprintable() for letter in text):
        problem = "has a slash or a character that is not printable in it"
    elif len(text.encode(errors="surrogatepass")) > LONGEST_BYTES:
        problem = f"is longer than {LONGEST_BYTES} bytes"
    else:
        return text
    raise BadInputError(
        f"{what} {text[:80]!r} {problem}: no file can be called so",
        hint="use letters, digits, dashes and underscores",
    )


def file_names(texts: Iterable[str], *, what: str) -> tuple[str, ...]:
    """Return names as `file_name` does; two that differ in case alone may be one file."""
    found: dict[str, str] = {}
    for text in texts:
        name = file_name(text, what=what)
        if other := found.get(name.casefold()):
            raise BadInputError(
                f"{what} {name!r} and {other!r} would be one file", hint="give each its own"
            )
        found[name.casefold()] = name
    return tuple(found.values())
