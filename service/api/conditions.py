"""If-Match and If-None-Match: RFC 9110, 13.1, for tags that are version numbers."""

import re
from typing import Final

from starlette.requests import Request

from service.api.body import header
from service.errors import ProblemError

_TAG: Final = re.compile(r'"(\d{1,18})"')


def wanted_version(request: Request) -> int | None:
    """Return the version that If-Match asks for; None when any will do."""
    value = header(request, b"if-match").strip()
    if not value or value == "*":
        return None
    found = _TAG.fullmatch(value)
    if found is None:
        raise ProblemError("precondition_failed", f"If-Match {value[:40]!r} is no ETag of ours")
    return int(found[1])


def is_known(request: Request, etag: str) -> bool:
    """Return whether If-None-Match says that the client has this version."""
    value = header(request, b"if-none-match")
    return bool(value) and any(
        tag.strip().removeprefix("W/") in {etag, "*"} for tag in value.split(",")
    )
