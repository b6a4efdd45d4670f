"""How the harness talks to a service: target, keys and headers from the environment."""

import os
import re
from pathlib import Path
from typing import Final

from kit.edge.target import Access
from kit.pure.errors import BadInputError

DEFAULT_TARGET: Final = "http://127.0.0.1:8000"
_HEADER_NAME: Final = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
"""RFC 9110 section 5.6.2."""


def target_url(given: str | None, stated: str | None = None) -> str:
    """Return the service's URL: the one given, else SRE_TARGET_URL, else the project's, else ours.

    Ours is port 8000 on this machine.
    """
    return given or os.environ.get("SRE_TARGET_URL") or stated or DEFAULT_TARGET


def access(ca_file: Path | None = None) -> "Access":
    """Return SRE_API_KEYS (comma-separated, one a user) and SRE_HEADERS (`Name: value; …`).

    Keys may also stand in the file that SRE_API_KEYS_FILE names.
    """
    if ca_file is not None and not ca_file.is_file():
        raise BadInputError(f"--ca-file {ca_file} is no file", hint="give a PEM file")
    return Access(_keys(), _headers(), None if ca_file is None else str(ca_file))


def _keys() -> tuple[str, ...]:
    found = [k.strip() for k in _given_keys().split(",")]
    for number, key in enumerate(found, 1):
        for position, character in enumerate(key, 1):
            if not "!" <= character <= "~":
                raise BadInputError(
                    f"SRE_API_KEYS: character {position} of key {number} is none of an API key",
                    hint="keys are ASCII letters, digits and marks, with commas between them",
                )
    return tuple(filter(None, found))


def _given_keys() -> str:
    """Return SRE_API_KEYS, else what the file holds that SRE_API_KEYS_FILE names."""
    keys, path = os.environ.get("SRE_API_KEYS", ""), os.environ.get("SRE_API_KEYS_FILE", "")
    if keys or not path:
        return keys
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as err:
        reason = err.strerror if isinstance(err, OSError) else "it is no text"
        raise BadInputError(
            f"SRE_API_KEYS_FILE={path}: {reason}", hint="name a file that this user may read"
        ) from err


def _headers() -> tuple[tuple[str, str], ...]:
    """Return the further headers; errors say which one is wrong but never its value, a secret."""
    found = []
    for number, line in enumerate(os.environ.get("SRE_HEADERS", "").split(";"), 1):
        if not line.strip():
            continue
        name, separator, value = (part.strip() for part in line.partition(":"))
        if not separator or not _HEADER_NAME.fullmatch(name) or not _is_printable_ascii(value):
            raise BadInputError(
                f"SRE_HEADERS: entry {number} is no header",
                hint="write Name: value; Name: value, in printable ASCII",
            )
        found.append((name, value))
    return tuple(found)


def _is_printable_ascii(text: str) -> bool:
    return text.isascii() and text.isprintable()
