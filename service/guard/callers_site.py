"""Is a request to a service without keys a person's own, or made by a page of another site?

Without keys whoever can send a request may do everything, and every page that a person opens can
send requests to this machine. So the service is only asked under names that nobody else can point
here (DNS rebinding), and is only changed from its own pages (CSRF).
"""

import ipaddress
from collections.abc import Iterable
from typing import Final

from service.errors import ProblemError

_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
_OURS: Final = frozenset({b"", b"same-origin", b"none"})
_WANTED: Final = frozenset({b"host", b"origin", b"sec-fetch-site"})


def must_be_own(method: str, headers: Iterable[tuple[bytes, bytes]]) -> None:
    """Raise a problem for a request that another site has made a browser send."""
    found = {name: value for name, value in headers if name in _WANTED}
    host = found.get(b"host", b"")
    if not is_own_name(host.decode("latin-1")):
        raise ProblemError(
            "forbidden", "without keys the service is asked by address or as localhost only"
        )
    if method in _SAFE:
        return
    origin = found.get(b"origin")
    is_foreign = origin is not None and origin.partition(b"://")[2].lower() != host.lower()
    if is_foreign or found.get(b"sec-fetch-site", b"") not in _OURS:
        raise ProblemError("forbidden", "without keys no other site may change anything")


def is_own_name(host: str) -> bool:
    """Say whether a Host header is a literal address, or a name of the own network.

    A name with a dot belongs to whoever owns its domain, and may be pointed anywhere.
    """
    if host.startswith("["):
        name = host[1:].partition("]")[0]
    else:
        name = host.partition(":")[0].rstrip(".")
    if "." not in name and ":" not in name:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
