"""Take out of a text what opens doors or names people, and nothing that explains an incident.

Addresses of clients stay: in a security incident they are the evidence.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

MASK: Final = "***"
_SECRET_NAME: Final = re.compile(r"(?i)(key|token|secret|password|passwd|credential|headers)s?$")
_SHORTEST: Final = 6
_WORDS: Final = (
    r"password|passwd|secret|token|api[_-]?key|routing_key|private[_-]?key|access[_-]?key"
    r"|admin[_-]?key|credentials?"
)
_PATTERNS: Final = (
    # The password of a URL, with whatever it holds up to the last @ before a space.
    r"(?P<keep>\b[a-z][a-z0-9+.-]*://[^\s/:@\"']*:)(?P<secret>[^\s\"']+)(?=@)",
    # Headers as they stand in a text, in JSON, or in a command line.
    r"(?i)(?P<keep>\b(?:proxy-)?authorization['\"]?\s*[:=]\s*['\"]?)(?P<secret>[^'\"\r\n,}]+)",
    r"(?i)(?P<keep>\b(?:x-api-key|(?:set-)?cookie)['\"]?\s*[:=]\s*['\"]?)(?P<secret>[^'\"\r\n,}]+)",
    r"(?i)(?P<keep>\bbearer\s+)(?P<secret>[\w.~+/=-]{6,})",
    # "password": "…", password: …, --token=… and what ends in such a word.
    rf"(?i)(?P<keep>(?:{_WORDS})[\"']?\s*[:=]\s*[\"']?)(?P<secret>[^\s\"',&}}\]]+)",
    rf"(?i)(?P<keep>--(?:[a-z]+-)*(?:{_WORDS})\s+)(?P<secret>[^\s\"']+)",
    r"(?s)(?P<keep>-----BEGIN [A-Z ]*PRIVATE KEY-----)(?P<secret>.*?)(?=-----END|\Z)",
    # JSON Web Tokens (RFC 7519), keys of Slack and of Amazon.
    r"(?P<keep>\b)(?P<secret>eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*)",
    r"(?P<keep>\b)(?P<secret>xox[abprs]-[\w-]{8,}|AKIA[0-9A-Z]{16})",
    r"(?P<keep>hooks\.slack\.com/services/)(?P<secret>[\w/]+)",
    # What people wrote, and mail addresses.
    r'(?P<keep>"(?:text|title|location)"\s*:\s*")(?P<secret>(?:[^"\\]|\\.)+)',
    r"(?P<keep>\b)(?P<secret>[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-zA-Z]{2,})",
)
_COMPILED: Final = tuple(re.compile(pattern) for pattern in _PATTERNS)
_URL: Final = re.compile(r"://[^\s/:@]*:([^\s@]+)@")


@dataclass(frozen=True, slots=True)
class Masking:
    """Masks texts; `known` are secrets that are masked wherever they stand, the longest first."""

    known: tuple[str, ...] = ()

    def text(self, text: str) -> str:
        """Return a text without secrets and personal text."""
        for secret in self.known:
            text = text.replace(secret, MASK)
        for pattern in _COMPILED:
            text = pattern.sub(rf"\g<keep>{MASK}", text)
        return text


def masking_of(environment: Mapping[str, str]) -> Masking:
    """Return what masks every secret that this environment holds, beyond what looks like one."""
    known: set[str] = set()
    for name, value in environment.items():
        if _SECRET_NAME.search(name):
            known.update(part.strip() for part in re.split(r"[,;\n]", value))
        known.update(_URL.findall(value))
    return Masking(tuple(sorted((k for k in known if len(k) >= _SHORTEST), key=len, reverse=True)))
