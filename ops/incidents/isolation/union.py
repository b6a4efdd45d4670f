"""What all NetworkPolicies together let through to and from a pod, exactly.

Policies only add up: a pod takes and sends what any policy that selects it allows, so that one
which allows nothing changes nothing beside one which allows something, what one leaves out another
may let in, and where none selects the pod for a direction, everything is allowed. Its own node
reaches a pod whatever they say.
Source: Kubernetes, Network Policies, "The two sorts of pod isolation".
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ops.incidents.isolation.addresses import Addresses, union
from ops.incidents.isolation.policies import VERBS, Pod, Policy, holding
from ops.incidents.isolation.rules import (
    LAST_PORT,
    PROTOCOLS,
    SIDES,
    Block,
    Pods,
    Port,
    Rule,
)

EVERYBODY: Final = "everybody"
Who = str | Addresses | Pods
"""`EVERYBODY`, some addresses, or some pods."""


@dataclass(frozen=True, slots=True)
class Span:
    """Ports of a protocol from `first` to `last`, or the one that a pod calls `name`."""

    protocol: str
    first: int = 0
    last: int = LAST_PORT
    name: str = ""

    @property
    def shown(self) -> str:
        """Return it in words."""
        if self.name:
            return f"{self.protocol} {self.name}"
        if (self.first, self.last) == (0, LAST_PORT):
            return f"{self.protocol} every port"
        more = f"-{self.last}" if self.last != self.first else ""
        return f"{self.protocol} {self.first}{more}"


_ALL: Final = tuple(Span(protocol) for protocol in PROTOCOLS)


@dataclass(frozen=True, slots=True)
class Opening:
    """Who is let through in one direction, on which ports, and the policies that let them.

    Without any policy no policy rules that direction of the pod.
    """

    pod: Pod
    direction: str
    who: Who
    ports: tuple[Span, ...]
    by: tuple[str, ...]

    @property
    def is_everybody(self) -> bool:
        """Say whether nobody is left out."""
        return self.who == EVERYBODY or (
            isinstance(self.who, Addresses) and self.who.shown == "every address"
        )

    @property
    def is_every_port(self) -> bool:
        """Say whether no port is left out."""
        return set(_ALL) <= set(self.ports)

    @property
    def what(self) -> str:
        """Return ports and partners in words."""
        ports = "every port" if self.is_every_port else ", ".join(one.shown for one in self.ports)
        who = self.who if isinstance(self.who, str) else self.who.shown
        return f"{ports} {SIDES[self.direction]} {who}"

    @property
    def shown(self) -> str:
        """Return it in a line."""
        if self.pod.is_on_node:
            return f"{self.pod.name} is on the network of its node, where no policy holds it"
        if not self.by:
            open_to = VERBS[self.direction].replace("lets", "let")
            return f"no policy holds {self.pod.name}: everything is {open_to}"
        verb = (
            VERBS[self.direction].replace("lets", "let") if self.by[1:] else VERBS[self.direction]
        )
        return f"{' and '.join(self.by)} {verb} {self.what}"


def openings(policies: Sequence[Policy], pods: Iterable[Pod]) -> list[str]:
    """Return what reaches the pods and what they reach, each once; empty when they are cut off."""
    return list(dict.fromkeys(one.shown for pod in pods for one in reach(policies, pod)))


def reach(policies: Sequence[Policy], pod: Pod) -> list[Opening]:
    """Return everything that is open of a pod, widest first in each direction."""
    found: list[Opening] = []
    for direction in VERBS:
        ruling = list(holding(policies, pod, direction))
        if pod.is_on_node or not ruling:
            found.append(Opening(pod, direction, EVERYBODY, _ALL, ()))
        else:
            found += _joined(ruling, pod, direction)
    return found


def _joined(ruling: Sequence[Policy], pod: Pod, direction: str) -> Iterator[Opening]:
    rules = [
        (policy.name, _numbered(rule, pod)) for policy in ruling for rule in policy.rules[direction]
    ]
    by_who: dict[Who, list[Span]] = {}
    names: dict[Who, dict[str, None]] = {}
    for span in _atoms(rule for _, rule in rules):
        covering = [(name, rule) for name, rule in rules if _covers(rule, span)]
        for who, by in _partners(covering).items():
            by_who.setdefault(who, []).append(span)
            names.setdefault(who, {}).update(dict.fromkeys(by))
    wide = set(by_who.get(EVERYBODY, ()))
    for who, spans in sorted(by_who.items(), key=lambda one: _rank(one[0])):
        if who == EVERYBODY or not wide.issuperset(spans):
            yield Opening(pod, direction, who, _merged(spans), tuple(names[who]))


def _partners(covering: Sequence[tuple[str, Rule]]) -> dict[Who, list[str]]:
    """Return who is let through on one port by these rules, and by which policies."""
    found: dict[Who, list[str]] = {}
    blocks: list[tuple[Block, str]] = []
    for name, rule in covering:
        if rule.peers is None:
            found.setdefault(EVERYBODY, []).append(name)
        for peer in rule.peers or ():
            if isinstance(peer, Block):
                blocks.append((peer, name))
            else:
                found.setdefault(peer, []).append(name)
    if blocks:
        found[union(block for block, _ in blocks)] = [name for _, name in blocks]
    return found


def _rank(who: Who) -> int:
    return 0 if isinstance(who, str) else 1 if isinstance(who, Addresses) else 2


def _numbered(rule: Rule, pod: Pod) -> Rule:
    """Return a rule with the numbers of the ports that the pod has names for."""
    named: Mapping[str, int] = pod.ports
    ports = tuple(
        Port(port.protocol, named[port.first])
        if isinstance(port.first, str) and port.first in named
        else port
        for port in rule.ports
    )
    return Rule(rule.peers, ports)


def _atoms(rules: Iterable[Rule]) -> list[Span]:
    """Return spans of ports that no rule divides, in order, and each name that has no number."""
    cuts: dict[str, set[int]] = {protocol: {0, LAST_PORT + 1} for protocol in PROTOCOLS}
    named: dict[Span, None] = {}
    for rule in rules:
        for port in rule.ports:
            if isinstance(port.first, str):
                named[Span(port.protocol, name=port.first)] = None
            elif port.first is not None:
                cuts[port.protocol] |= {port.first, (port.last or port.first) + 1}
    spans = []
    for protocol, places in cuts.items():
        ordered = sorted(places)
        spans += [Span(protocol, a, b - 1) for a, b in pairwise(ordered)]
    return [*spans, *named]


def _covers(rule: Rule, span: Span) -> bool:
    return not rule.ports or any(_has(port, span) for port in rule.ports)


def _has(port: Port, span: Span) -> bool:
    if port.protocol != span.protocol:
        return False
    if port.first is None or isinstance(port.first, str):
        return port.first is None or port.first == span.name
    return not span.name and port.first <= span.first <= span.last <= (port.last or port.first)


def _merged(spans: Sequence[Span]) -> tuple[Span, ...]:
    """Return the same ports in as few spans as there may be; a name within every port is one."""
    found: list[Span] = []
    for span in spans:
        last = found[-1] if found else None
        if (
            last
            and not span.name
            and last.protocol == span.protocol
            and last.last + 1 == span.first
        ):
            found[-1] = Span(span.protocol, last.first, span.last)
        elif not (span.name and Span(span.protocol) in found):
            found.append(span)
    return tuple(found)
