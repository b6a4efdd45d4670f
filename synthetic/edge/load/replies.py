"""What came back, as steps look at it."""

from collections.abc import Mapping
from typing import Final
from urllib.parse import urljoin, urlsplit

from kit.pure.json_values import from_json
from synthetic.load.requests import Call
from synthetic.steps.step import Reply

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})
"""RFC 9110 section 15.4: those that name where to go."""


def reply_of(call: Call, status: int, body: bytes, headers: Mapping[str, str]) -> Reply:
    """Return an answer; what is no JSON has none."""
    content: object = None
    if body and call.looks:
        try:
            content = from_json(body)
        except ValueError:
            content = None
    return Reply(status, content, headers, body.decode(errors="replace"))


def path_within(target_url: str, path: str, location: str) -> str | None:
    """Return the path that a redirect leads to, None where it leaves the target or leads nowhere.

    A load run sends nothing to anybody but its target.
    """
    if not location:
        return None
    base = urlsplit(target_url)
    before = f"{base.scheme}://{base.netloc}{base.path.rstrip('/')}{path}"
    found = urlsplit(urljoin(before, location))
    if (found.scheme, found.netloc) != (base.scheme, base.netloc):
        return None
    prefix = base.path.rstrip("/")
    if prefix and not found.path.startswith(f"{prefix}/"):
        return None
    rest = found.path.removeprefix(prefix) or "/"
    return f"{rest}?{found.query}" if found.query else rest
