"""Addresses as they may be shown: without what opens the door."""

import re
from typing import Final

from slo.errors import BadInputError

_URL: Final = re.compile(r"://\S+")
_QUOTED_URL: Final = re.compile(r"://[^\s\"']+")
"""From the scheme to the end of the word, so that each word is looked at once."""
_LOGIN: Final = re.compile(r"://[^/:@]*+:")
_PARAMETER: Final = re.compile(
    r"(?i)\b(?P<name>password|passwd|pwd|secret|token|api_?key|"
    r"tlsCertificateKeyFilePassword|authMechanismProperties)=(?P<secret>[^&\s]+)"
)
MASK: Final = "***"


def masked(text: str, *known: str) -> str:
    """Return a text without the passwords of the URLs in it, nor any of the `known` secrets."""
    for secret in sorted(filter(None, known), key=len, reverse=True):
        text = text.replace(secret, MASK)
    text = _URL.sub(_without_password, text)
    return _PARAMETER.sub(rf"\g<name>={MASK}", text)


def without_passwords(text: str) -> str:
    """Return a text, in which quotes end a URL, with a mask for the password of each.

    A password reaches up to the last @ of the word, whatever it holds. Takes time in proportion to
    the text, whoever wrote that.
    """
    return _QUOTED_URL.sub(_without_password, text)


def _without_password(found: re.Match[str]) -> str:
    word = found[0]
    at = word.rfind("@")
    login = _LOGIN.search(word, 0, max(at, 0))
    if login is None or login.end() == at:
        return word
    return word[: login.end()] + MASK + word[at:]


def no_such_address(variable: str, text: str, wanted: str) -> BadInputError:
    """Return the error that says what an address begins with, and shows no password."""
    return BadInputError(
        f"{variable}: {masked(text)!r} is no such address", hint=f"it begins with {wanted}"
    )
