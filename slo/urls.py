"""What makes a text the address of a server, and what of it may be shown."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from slo.errors import BadInputError

MASK: Final = "***"
_PASSWORD: Final = re.compile(
    r"(?P<before>\b[a-z][a-z0-9+.-]*://[^\s/:@]*):(?P<secret>\S*)@(?=\S)", re.IGNORECASE
)
_NAME_ONLY: Final = re.compile(
    r"(?P<before>\bhttps?://)(?P<secret>[^\s/:@]+)@(?=\S)", re.IGNORECASE
)
"""A token in the place of a name."""
_PARAMETER: Final = re.compile(
    r"(?i)(?P<name>\b[\w.-]*(?:password|passwd|pwd|secret|token|api[-_]?key|signature|credential)|"
    r"\b(?:tlsCertificateKeyFilePassword|authMechanismProperties)|"
    r"(?<=[?&])(?:key|sig|auth))=(?P<secret>[^&\s]+)"
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a server is: `url` may be shown and kept, `authorization` opens it and may not.

    The URL has no credentials and no slash at its end.
    """

    url: str
    authorization: str = field(default="", repr=False)

    @property
    def headers(self) -> Mapping[str, str]:
        """Return what each request carries: what stood before the @, as HTTP wants it."""
        return {"Authorization": self.authorization} if self.authorization else {}


def address_of(text: str, *, example: str) -> Address:
    """Return where a server is, its credentials apart (RFC 7617: Basic).

    Raises BadInputError, which shows `example` and no secret, when the text is no base URL.
    """
    url = checked_url(text.strip(), example=example)
    parts = urlsplit(url)
    if parts.query or parts.fragment:
        raise BadInputError(f"{_shown(url)!r} has a query", hint=f"give the base URL: {example}")
    who, at, host = parts.netloc.rpartition("@")
    if not at:
        return Address(url)
    name, _, password = who.partition(":")
    pair = f"{unquote(name)}:{unquote(password)}".encode()
    shown = parts._replace(netloc=host).geturl().rstrip("/")
    return Address(shown, f"Basic {base64.b64encode(pair).decode()}")


def checked_url(text: str, *, example: str) -> str:
    """Return a server's URL without a slash at its end.

    Raises BadInputError, which shows `example` and no secret, when the text is none.
    """
    try:
        parts = urlsplit(text)
        good = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number, a bracket that stays open
        good = False
    if not good or any(letter.isspace() for letter in text):
        raise BadInputError(f"{_shown(text)!r} is no URL", hint=f"write {example}")
    return text.rstrip("/")


def _shown(text: str) -> str:
    """Return what may be told of a text that should have been a URL: no credentials, no query."""
    head, at, rest = text.rpartition("@")
    rest = rest.partition("?")[0].partition("#")[0]
    scheme, separator, _ = head.partition("://")
    return f"{scheme}://{MASK}@{rest}" if at and separator else f"{MASK}@{rest}" if at else rest


def masked(text: str, *known: str) -> str:
    """Return a text without the passwords of the URLs in it, nor any of the `known` secrets."""
    for secret in sorted(filter(None, known), key=len, reverse=True):
        text = text.replace(secret, MASK)
    text = _PASSWORD.sub(rf"\g<before>:{MASK}@", text)
    text = _NAME_ONLY.sub(rf"\g<before>{MASK}@", text)
    return _PARAMETER.sub(rf"\g<name>={MASK}", text)
