"""What makes a text the address of a server, and what of it may be shown."""

import base64
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from kit.pure.errors import BadInputError

MASK: Final = "***"
_URL: Final = re.compile(r"://\S+")
_QUOTED_URL: Final = re.compile(r"://[^\s\"']+")
"""From the scheme to the end of the word, so that each word is looked at once."""
_PARAMETER: Final = re.compile(r"(?<![\w.-])(?P<name>[\w.-]++)=(?P<secret>[^&\s]+)")
_SECRET_NAME: Final = re.compile(
    r"(?:password|passwd|pwd|secret|token|api[-_]?key|signature|credential|"
    r"authMechanismProperties)\Z",
    re.IGNORECASE,
)
_SECRET_IN_QUERY: Final = frozenset({"key", "sig", "auth"})
"""Names that are common words elsewhere: `key=` tells nothing in a sentence."""


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
    """Return a text without the credentials of the URLs in it, nor any of the `known` secrets.

    Takes time in proportion to the text, whoever wrote that.
    """
    for secret in sorted(filter(None, known), key=len, reverse=True):
        text = text.replace(secret, MASK)
    return _PARAMETER.sub(_without_secret, _URL.sub(_without_credentials, text))


def without_passwords(text: str) -> str:
    """Return a text, in which quotes end a URL, with a mask for the credentials of each.

    A password reaches up to the last @ of the word, whatever it holds.
    """
    return _QUOTED_URL.sub(_without_credentials, text)


def _without_credentials(found: re.Match[str]) -> str:
    word = found[0]
    before, at, host = word.rpartition("@")
    name, colon, password = before.removeprefix("://").partition(":")
    if not at or not host or "/" in name or "@" in name:
        return word
    if password:
        return f"://{name}:{MASK}@{host}"
    scheme = found.string[max(found.start() - 5, 0) : found.start()].lower()
    is_token = name and not colon and scheme.endswith(("http", "https"))
    return f"://{MASK}@{host}" if is_token else word


def _without_secret(found: re.Match[str]) -> str:
    name, opens = found["name"], found.string[found.start() - 1 : found.start()]
    in_query = opens in {"?", "&"} and name.lower() in _SECRET_IN_QUERY
    return f"{name}={MASK}" if in_query or _SECRET_NAME.search(name) else found[0]
