"""Sets of addresses, exactly: whatever blocks and exceptions they were made of."""

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from ops.incidents.isolation.rules import Block

_Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Addresses:
    """Addresses of both versions as sorted spans that do not touch, first to last."""

    v4: tuple[_Span, ...] = ()
    v6: tuple[_Span, ...] = ()

    def holds(self, address: str) -> bool:
        """Say whether an address is one of them."""
        found = ipaddress.ip_address(address)
        spans = self.v4 if found.version == 4 else self.v6  # noqa: PLR2004 -- of IP
        return any(first <= int(found) <= last for first, last in spans)

    @property
    def shown(self) -> str:
        """Return them in the fewest blocks, or as a block without some."""
        texts = [_shown(spans, version) for version, spans in ((4, self.v4), (6, self.v6)) if spans]
        return "every address" if texts == ["0.0.0.0/0", "::/0"] else ", ".join(texts)


def union(blocks: Iterable[Block]) -> Addresses:
    """Return the addresses of all blocks: what one leaves out, another may let in."""
    found: dict[int, list[_Span]] = {4: [], 6: []}
    for block in blocks:
        whole = ipaddress.ip_network(block.cidr, strict=False)
        holes = [ipaddress.ip_network(each, strict=False) for each in block.without]
        inside = [_span(hole) for hole in holes if hole.version == whole.version]
        found[whole.version] += _without(_span(whole), inside)
    return Addresses(_joined(found[4]), _joined(found[6]))


def _span(network: ipaddress.IPv4Network | ipaddress.IPv6Network) -> _Span:
    return int(network.network_address), int(network.broadcast_address)


def _joined(spans: Iterable[_Span]) -> tuple[_Span, ...]:
    found: list[_Span] = []
    for first, last in sorted(spans):
        if found and first <= found[-1][1] + 1:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return tuple(found)


def _without(whole: _Span, holes: Iterable[_Span]) -> Iterator[_Span]:
    at = whole[0]
    for first, last in _joined(holes):
        if first > whole[1]:
            break
        if at < first:
            yield at, first - 1
        at = max(at, last + 1)
    if at <= whole[1]:
        yield at, whole[1]


def _shown(spans: tuple[_Span, ...], version: int) -> str:
    plain = [text for span in spans for text in _blocks(span, version)]
    first, last = spans[0][0], spans[-1][1]
    spare = (first ^ last).bit_length()
    around = (first >> spare << spare, (first >> spare << spare) + (1 << spare) - 1)
    holes = [text for span in _without(around, spans) for text in _blocks(span, version)]
    if len(holes) + 1 >= len(plain):
        return ", ".join(plain)
    return f"{_blocks(around, version)[0]} except {', '.join(holes)}"


def _blocks(span: _Span, version: int) -> list[str]:
    kind = ipaddress.IPv4Address if version == 4 else ipaddress.IPv6Address  # noqa: PLR2004
    networks = ipaddress.summarize_address_range(kind(span[0]), kind(span[1]))
    return [str(network) for network in networks]
