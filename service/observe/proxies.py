"""Whose request is it that a proxy brings?"""

import ipaddress
from collections.abc import Iterable, Sequence
from typing import Final

from service.networks import Network

_MOST_REMEMBERED: Final = 10_000
_FORWARDED: Final = b"x-forwarded-for"


class TrustedProxies:
    """The proxies whose word about the client counts: none by default.

    Each proxy adds to the right of `X-Forwarded-For` whom it heard; from the right, the first that
    is none of ours is the client. What stands further left anybody may have written.
    """

    def __init__(self, networks: Sequence[Network]) -> None:
        self._networks = networks
        self._known: dict[str, bool] = {}

    def __bool__(self) -> bool:
        """Return whether there is any."""
        return bool(self._networks)

    def client_of(self, peer: str, headers: Iterable[tuple[bytes, bytes]]) -> str:
        """Return the address of the client behind a peer; the peer's where nobody trusted says."""
        if not self._trusts(peer):
            return peer
        said = b",".join(value for name, value in headers if name == _FORWARDED)
        client = peer
        for part in reversed(said.decode("latin-1").split(",") if said else ()):
            address = _address_of(part.strip())
            if not address:
                break
            client = address
            if not self._trusts(address):
                break
        return client

    def _trusts(self, address: str) -> bool:
        known = self._known.get(address)
        if known is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            known = self._known[address] = self._looked_up(address)
        return known

    def _looked_up(self, address: str) -> bool:
        try:
            found = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(found in network for network in self._networks)


def _address_of(said: str) -> str:
    """Return the address in `1.2.3.4:80`, `2001:db8::1` or `[2001:db8::1]:80`, else ''."""
    inner = said[1:].partition("]")[0] if said.startswith("[") else said
    if inner.count(":") == 1:
        inner = inner.partition(":")[0]
    try:
        return str(ipaddress.ip_address(inner))
    except ValueError:
        return ""
