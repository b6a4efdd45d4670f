"""What makes a text the address of a server."""

from urllib.parse import urlsplit

from kit.pure.errors import BadInputError


def checked_url(text: str, *, example: str) -> str:
    """Return a server's URL without a slash at its end.

    Raises BadInputError, which shows `example`, when the text is none.
    """
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a bracket that stays open
        good = False
    if not good or any(letter.isspace() for letter in text):
        raise BadInputError(f"{text!r} is no URL", hint=f"write {example}")
    return text.rstrip("/")
