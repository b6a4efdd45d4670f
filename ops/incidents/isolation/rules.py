"""The rules of a NetworkPolicy as values: whom it lets in or out, and on which ports.

Source: Kubernetes, NetworkPolicy v1 networking.k8s.io, "NetworkPolicyIngressRule" and the like.
"""

import ipaddress
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from kit.pure.fields import Field
from ops.incidents.isolation.labels import Selector, read_selector

INGRESS: Final = "Ingress"
EGRESS: Final = "Egress"
SIDES: Final = {INGRESS: "from", EGRESS: "to"}
LAST_PORT: Final = 65_535
PROTOCOLS: Final = ("TCP", "UDP", "SCTP")


@dataclass(frozen=True, slots=True)
class Block:
    """Addresses outside or inside the cluster, as they are written, without some of them."""

    cidr: str
    without: tuple[str, ...] = ()

    @property
    def shown(self) -> str:
        """Return it in words."""
        return f"{self.cidr} except {', '.join(self.without)}" if self.without else self.cidr


@dataclass(frozen=True, slots=True)
class Pods:
    """Pods by their labels, in namespaces by theirs; `spaces` None is the policy's own."""

    pods: Selector
    spaces: Selector | None = None

    @property
    def shown(self) -> str:
        """Return it in words."""
        which = f"pods with {self.pods.shown}" if self.pods.shown else "all pods"
        if self.spaces is None:
            return f"{which} of its namespace"
        return f"{which} of " + (
            f"namespaces with {self.spaces.shown}" if self.spaces.shown else "all namespaces"
        )


@dataclass(frozen=True, slots=True)
class Port:
    """A port, a range up to and with `last`, or by name; `first` None is every port."""

    protocol: str
    first: int | str | None = None
    last: int | None = None

    @property
    def shown(self) -> str:
        """Return it in words."""
        text = "every port" if self.first is None else str(self.first)
        return f"{self.protocol} {text}{f'-{self.last}' if self.last else ''}"


@dataclass(frozen=True, slots=True)
class Rule:
    """Who is let through, None for everybody, on which ports, () for every one."""

    peers: tuple[Block | Pods, ...] | None
    ports: tuple[Port, ...]

    def shown(self, side: str) -> Iterator[str]:
        """Yield it in words, a line for each peer; nothing where nobody is let through."""
        what = ", ".join(port.shown for port in self.ports) or "every port"
        who = ("everybody",) if self.peers is None else tuple(one.shown for one in self.peers)
        yield from (f"{what} {side} {one}" for one in who)


def read_rules(spec: Field, direction: str) -> Iterator[Rule]:
    """Yield the rules of one direction; errors name the file, the field and the fix."""
    rules = spec.get(direction.lower())
    for rule in rules.items() if rules else ():
        peers, ports = rule.get(SIDES[direction]), rule.get("ports")
        wanted = list(peers.items()) if peers else []
        whom = tuple(one for each in wanted if (one := _peer(each)) is not None)
        yield Rule(
            whom if wanted else None, tuple(_port(each) for each in ports.items()) if ports else ()
        )


def _peer(field: Field) -> Block | Pods | None:
    """Return whom a peer means; None for nobody."""
    field.only("podSelector", "namespaceSelector", "ipBlock")
    if block := field.get("ipBlock"):
        return _block(block)
    pods, spaces = (
        read_selector(one) if (one := field.get(name)) else None
        for name in ("podSelector", "namespaceSelector")
    )
    if pods is None and spaces is None:
        raise field.wrong("names nobody", "give podSelector, namespaceSelector or ipBlock")
    return Pods(pods or Selector(), spaces)


def _block(field: Field) -> Block | None:
    cidr, given = field.need("cidr").text(), field.get("except")
    without = [each.text() for each in given.items()] if given else []
    try:
        whole = ipaddress.ip_network(cidr, strict=False)
        holes = [ipaddress.ip_network(each, strict=False) for each in without]
        merged = ipaddress.collapse_addresses(holes)  # type: ignore[type-var]
        is_nobody = any(hole.supernet_of(whole) for hole in merged)  # type: ignore[arg-type]
    except (ValueError, TypeError) as err:
        raise field.wrong(f"is no block of addresses: {err}", "write 10.0.0.0/8") from err
    return None if is_nobody else Block(cidr, tuple(without))


def _port(field: Field) -> Port:
    protocol, port, end = (field.get(name) for name in ("protocol", "port", "endPort"))
    word = protocol.choice(*PROTOCOLS) if protocol else "TCP"
    if port is None:
        return Port(word)
    if isinstance(port.value, str):
        return Port(word, port.text())
    return Port(word, port.whole(1, LAST_PORT), end.whole(1, LAST_PORT) if end else None)
