"""If-Match and If-None-Match: RFC 9110, 13.1, for tags that are version numbers."""

import re
from typing import Final

from starlette.requests import Request

from service.api.body import header
from service.errors import ProblemError

_TAG: Final = re.compile(r'\s*(W/)?"([^"]*)"\s*(?:,|$)')
_VERSION: Final = re.compile(r"\d{1,18}")
_MOST_TAGS: Final = 100


def wanted_versions(request: Request) -> frozenset[int] | None:
    """Return the versions of which If-Match asks for one; None when any will do.

    A weak tag, or one that is not ours, is of none (RFC 9110, 13.1.1); so is an empty header.
    """
    if all(name != b"if-match" for name, _ in request.scope["headers"]):
        return None
    value = header(request, b"if-match").strip()
    if value == "*":
        return None
    tags = _TAG.findall(value)[:_MOST_TAGS]
    found = {int(tag) for weak, tag in tags if not weak and _VERSION.fullmatch(tag)}
    if not found:
        raise ProblemError("precondition_failed", f"If-Match {value[:40]!r} has no ETag of ours")
    return frozenset(found)


def is_known(request: Request, etag: str) -> bool:
    """Return whether If-None-Match says that the client has this version."""
    value = header(request, b"if-none-match")
    return bool(value) and any(
        tag.strip().removeprefix("W/") in {etag, "*"} for tag in value.split(",")
    )
