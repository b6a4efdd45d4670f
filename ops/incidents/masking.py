"""Take out of a text what opens doors or names people, and nothing that explains an incident.

Addresses of clients stay: in a security incident they are the evidence.

What is masked was written by anybody who can send a request, so every expression takes time in
proportion to the text: it begins where nothing of its kind has begun yet, or at words that do not
overlap, and what it has read once it does not give back (`++` and `*+` are possessive).
"""

import html
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import quote, quote_plus

from kit.pure.addresses import MASK, without_passwords
from ops.incidents.secret_values import MARKS, WORDS, without_values

_SECRET_NAME: Final = re.compile(r"(?i)(key|token|secret|password|passwd|credential|headers)s?$")
_SHORTEST: Final = 6
_OVER_LINES: Final = (
    r"(?s)(?P<keep>-----BEGIN [A-Z ]*PRIVATE KEY-----)(?P<secret>.*?)(?=-----END|\Z)",
    # What people wrote.
    r'(?P<keep>"(?:text|title|location)"\s*+:\s*+")(?P<secret>(?:[^"\\]++|\\.)++)',
)
_PATTERNS: Final = (
    (("bearer",), r"(?i)(?P<keep>\bbearer\s++)(?P<secret>[\w.~+/=-]{6,}+)"),
    # Parameters whose names are common words elsewhere.
    (("key=", "sig=", "auth="), r"(?i)(?P<keep>[?&#;](?:key|sig|auth)=)(?P<secret>[^\s\"'&]++)"),
    (("--",), rf"(?i)(?P<keep>--(?:[a-z]++-)*(?:{WORDS})s?\s++)(?P<secret>[^\s\"']++)"),
    # The keys of this service.
    (("cal_",), r"(?P<keep>\b)(?P<secret>cal_[0-9a-f]{16}_[\w-]{43})"),
    # JSON Web Tokens (RFC 7519) and other JSON in Base64; keys of Slack, Amazon and of code hosts.
    (("eyj",), r"(?P<keep>\b)(?P<secret>eyJ[\w-]{8,}+[\w.-]*+)"),
    (
        ("xox", "xapp", "akia", "gh"),
        r"(?P<keep>\b)(?P<secret>(?:xox[a-z]|xapp)[.-][\w.-]{8,}+|AKIA[0-9A-Z]{16}|gh[opsu]_\w{16,}+)",
    ),
    # Mail addresses.
    (
        ("@",),
        r"(?P<keep>)(?P<secret>(?<![\w.+-])[\w.+-]++@[\w-]++(?:\.[\w-]+)*\.[a-zA-Z]{2,}+)",
    ),
)
"""Each with words of which one stands, in lower case, wherever it finds anything: most pieces of a
log have none, and looking for a word is a hundred times as fast."""
_COMPILED_OVER_LINES: Final = tuple(re.compile(pattern) for pattern in _OVER_LINES)
_COMPILED: Final = tuple((words, re.compile(pattern)) for words, pattern in _PATTERNS)
_URL: Final = re.compile(r"://[^\s/:@]*:([^\s@]+)@")
_PIECE: Final = 2**18
"""No expression reads more at once: while it does, no other thread runs, nor any deadline."""
_CUT: Final = re.compile(r"[\d}\]).,;>]\n")
"""Where no secret can reach over the end of a line: its name, quote or sign would stand there."""


@dataclass(frozen=True, slots=True)
class Masking:
    """Masks texts; `known` are secrets that are masked wherever they stand, the longest first."""

    known: tuple[str, ...] = ()

    def text(self, text: str) -> str:
        """Return a text without secrets and personal text."""
        for secret in self.known:
            text = text.replace(secret, MASK)
        for pattern in _COMPILED_OVER_LINES:
            text = pattern.sub(rf"\g<keep>{MASK}", text)
        return "".join(map(_masked, _pieces(text)))


def _masked(text: str) -> str:
    text, folded = without_passwords(text), text.casefold()
    if any(mark in folded for mark in MARKS):
        text = without_values(text)
    for words, pattern in _COMPILED:
        if any(word in folded for word in words):
            text = pattern.sub(rf"\g<keep>{MASK}", text)
    return text


def _pieces(text: str) -> Iterator[str]:
    start = 0
    while start < len(text):
        found = _CUT.search(text, start + _PIECE)
        end = found.end() if found else len(text)
        yield text[start:end]
        start = end


def masking_of(environment: Mapping[str, str]) -> Masking:
    """Return what masks every secret that this environment holds, beyond what looks like one."""
    known: set[str] = set()
    for name, value in environment.items():
        if _SECRET_NAME.search(name):
            known.update(part.strip() for part in re.split(r"[,;\n]", value))
        known.update(_URL.findall(value))
    long_enough = {k for k in known if len(k) >= _SHORTEST}
    written = {form for secret in long_enough for form in _forms(secret)}
    return Masking(tuple(sorted(written, key=len, reverse=True)))


def _forms(secret: str) -> Iterator[str]:
    """Yield a secret as it may stand in a text: bare, in JSON (RFC 8259), in Python, in a URL."""
    yield secret
    for ascii_only in (True, False):
        in_json = json.dumps(secret, ensure_ascii=ascii_only)[1:-1]
        yield in_json
        yield in_json.replace("/", "\\/")
        yield json.dumps(in_json, ensure_ascii=ascii_only)[1:-1]  # JSON in a string of JSON
    yield repr(secret)[1:-1]
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield html.escape(secret)
