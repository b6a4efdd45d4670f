"""How the harness talks to a service: target, keys and headers from the environment."""

import os
from pathlib import Path
from typing import TYPE_CHECKING, Final

from slo.errors import BadInputError

if TYPE_CHECKING:
    from synthetic.target import Access

DEFAULT_TARGET: Final = "http://127.0.0.1:8000"


def target_url(given: str | None) -> str:
    """Return the service's URL: the one given, else SRE_TARGET_URL, else the local default."""
    return given or os.environ.get("SRE_TARGET_URL") or DEFAULT_TARGET


def access(ca_file: Path | None = None) -> "Access":
    """Return SRE_API_KEYS (comma-separated, one a user) and SRE_HEADERS (`Name: value; …`)."""
    from synthetic.target import Access

    if ca_file is not None and not ca_file.is_file():
        raise BadInputError(f"--ca-file {ca_file} is no file", hint="give a PEM file")
    keys = tuple(k.strip() for k in os.environ.get("SRE_API_KEYS", "").split(",") if k.strip())
    headers = []
    for line in filter(None, os.environ.get("SRE_HEADERS", "").split(";")):
        name, separator, value = line.partition(":")
        if not separator or not name.strip():
            raise BadInputError(
                f"SRE_HEADERS: {line.strip()!r} is no header", hint="write Name: value; Name: value"
            )
        headers.append((name.strip(), value.strip()))
    return Access(keys, tuple(headers), None if ca_file is None else str(ca_file))
