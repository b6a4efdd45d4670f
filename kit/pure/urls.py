"""What makes a text the address of a server, and what of it may be shown."""

import base64
import re
import string
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote, urlsplit

from kit.pure.errors import BadInputError

MASK: Final = "***"
_URL: Final = re.compile(r"://\S+")
_QUOTED_URL: Final = re.compile(r"://[^\s\"']+")
"""From the scheme to the end of the word, so that each word is looked at once."""
_SCHEME_LETTERS: Final = string.ascii_letters + string.digits + "+.-"
_LONGEST_SCHEME: Final = 16
_TOKEN_SCHEMES: Final = ("http", "https", "redis", "rediss")
"""Where a name without a password opens the door; elsewhere it is the name of a user."""
_HOST: Final = re.compile(r"(?:\[[\da-fA-F:.%]*+\]|[^:/?#@\[]*+)(?::\d*+)?+(?:[^\w:.@-]|\Z)")
_HOOK: Final = re.compile(
    r"((?i:hooks\.slack\.com/(?:services|workflows|triggers)|discord(?:app)?\.com/api/webhooks)/)"
    r"[^\s\"'?#]++"
)
"""Whoever knows the path may write there."""
_PARAMETER: Final = re.compile(r"(?<![\w.-])(?P<name>[\w.-]++)=(?P<secret>[^&\s]+)")
_SECRET_NAME: Final = re.compile(
    r"(?:password|passwd|pwd|passphrase|user_?pass|(?<![^\W_])pass|secret|token|"
    r"(?:api|access)[-_]?key|signature|credential|authMechanismProperties)\Z",
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
        raise BadInputError(f"{shown(url)!r} has a query", hint=f"give the base URL: {example}")
    who, at, host = parts.netloc.rpartition("@")
    if not at:
        return Address(url)
    name, _, password = who.partition(":")
    pair = f"{unquote(name)}:{unquote(password)}".encode()
    bare = parts._replace(netloc=host).geturl().rstrip("/")
    return Address(bare, f"Basic {base64.b64encode(pair).decode()}")


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
        raise BadInputError(f"{shown(text)!r} is no URL", hint=f"write {example}")
    return text.rstrip("/")


def shown(text: str) -> str:
    """Return what may be shown of a text that should have been a URL: no credentials, no query."""
    head, at, rest = text.rpartition("@")
    rest = rest.partition("?")[0].partition("#")[0]
    scheme, separator, _ = head.partition("://")
    is_scheme = separator and scheme and not scheme.strip(_SCHEME_LETTERS)
    shown_url = f"{scheme}://{MASK}@{rest}" if is_scheme else f"{MASK}@{rest}"
    return masked(shown_url if at else rest)


def masked(text: str, *known: str) -> str:
    """Return a text without the credentials of the URLs in it, nor any of the `known` secrets.

    Takes time in proportion to the text, whoever wrote that.
    """
    for secret in sorted(filter(None, known), key=len, reverse=True):
        text = text.replace(secret, MASK)
    text = _HOOK.sub(rf"\1{MASK}", _URL.sub(_without_credentials, text))
    return _PARAMETER.sub(_without_secret, text)


def without_passwords(text: str) -> str:
    """Return a text, in which quotes end a URL, with a mask for the credentials of each.

    A password reaches up to the last @ before the next URL of the word, whatever it holds.
    """
    return _HOOK.sub(rf"\1{MASK}", _QUOTED_URL.sub(_without_credentials, text))


def _without_credentials(found: re.Match[str]) -> str:
    """Return a word without the credentials of each URL in it, also of one within another's."""
    text = found.string[max(found.start() - _LONGEST_SCHEME, 0) : found.start()]
    parts, kept = [], ""
    pieces = found[0].split("://")[1:]
    for number, piece in enumerate(pieces):
        kept += piece
        following = pieces[number + 1] if number + 1 < len(pieces) else None
        if following is not None and _goes_on(piece):
            kept += "://"
            continue
        parts.append(f"://{_one_shown(_scheme_at_end(text), kept)}")
        text, kept = piece, ""
    return "".join(parts)


def _goes_on(piece: str) -> bool:
    """Say whether the :// after a piece stands in a password: no scheme, or no host before it."""
    return not _scheme_at_end(piece) or ("@" not in piece and not _HOST.match(piece))


def _scheme_at_end(text: str) -> str:
    return text[len(text.rstrip(_SCHEME_LETTERS)) :].lstrip("0123456789+.-")


def _one_shown(scheme: str, rest: str) -> str:
    """Return what stands after the :// of one URL, without its credentials."""
    before, at, host = rest.rpartition("@")
    name, _, password = before.partition(":")
    if not at or not host or "/" in name:
        return rest
    if password and "@" not in name:
        return f"{name}:{MASK}@{host}"
    is_secret = "@" in name or scheme.lower().endswith(_TOKEN_SCHEMES)
    return f"{MASK}@{host}" if name and is_secret else rest


def _without_secret(found: re.Match[str]) -> str:
    name, opens = found["name"], found.string[found.start() - 1 : found.start()]
    in_query = opens in {"?", "&", "#"} and name.lower() in _SECRET_IN_QUERY
    return f"{name}={MASK}" if in_query or _SECRET_NAME.search(name) else found[0]
