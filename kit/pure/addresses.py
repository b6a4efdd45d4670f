"""Addresses as they may be shown: without what opens the door."""

import re
from typing import Final

from kit.pure.errors import BadInputError

_PASSWORD: Final = re.compile(r"(?P<before>\b[a-z][a-z0-9+.-]*://[^\s/:@]*):(?P<secret>\S*)@(?=\S)")
_PARAMETER: Final = re.compile(
    r"(?i)\b(?P<name>password|passwd|pwd|secret|token|api_?key|"
    r"tlsCertificateKeyFilePassword|authMechanismProperties)=(?P<secret>[^&\s]+)"
)
MASK: Final = "***"


def masked(text: str, *known: str) -> str:
    """Return a text without the passwords of the URLs in it, nor any of the `known` secrets."""
    for secret in sorted(filter(None, known), key=len, reverse=True):
        text = text.replace(secret, MASK)
    text = _PASSWORD.sub(rf"\g<before>:{MASK}@", text)
    return _PARAMETER.sub(rf"\g<name>={MASK}", text)


def no_such_address(variable: str, text: str, wanted: str) -> BadInputError:
    """Return the error that says what an address begins with, and shows no password."""
    return BadInputError(
        f"{variable}: {masked(text)!r} is no such address", hint=f"it begins with {wanted}"
    )
