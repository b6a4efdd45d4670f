"""What all NetworkPolicies together leave open of pods.

Policies only add up: a pod takes and sends what any policy that selects it allows, so that one
which allows nothing changes nothing beside one which allows something; and where none selects the
pod for a direction, everything is allowed. Its own node reaches a pod whatever they say.
Source: Kubernetes, Network Policies, "The two sorts of pod isolation".
"""

import ipaddress
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from kit.pure.fields import Field
from ops.incidents.isolation.labels import Selector, read_selector

INGRESS: Final = "Ingress"
EGRESS: Final = "Egress"
_PEERS: Final = {INGRESS: "from", EGRESS: "to"}
_VERBS: Final = {INGRESS: "lets in", EGRESS: "lets out"}


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod as policies see it; one on the network of its node is held by none."""

    name: str
    namespace: str
    labels: Mapping[str, str]
    is_on_node: bool = False


@dataclass(frozen=True, slots=True)
class Policy:
    """Which pods a policy selects and, for each direction that it rules, what it allows in words.

    `expressions` are the matchExpressions of its selector as they were read.
    """

    name: str
    namespace: str
    selector: Selector
    allows: Mapping[str, tuple[str, ...]]
    expressions: tuple[object, ...] = ()

    def holds(self, pod: Pod) -> bool:
        """Say whether it selects a pod."""
        return self.namespace == pod.namespace and self.selector.selects(pod.labels)

    @property
    def losses(self) -> tuple[str, ...]:
        """Return everything that it allows; empty when that is nothing."""
        return tuple(
            f"{self.name} {_VERBS[direction]} {what}"
            for direction, allowed in self.allows.items()
            for what in allowed
        )


def openings(policies: Sequence[Policy], pods: Sequence[Pod]) -> list[str]:
    """Return what reaches the pods and what they reach, each once; empty when they are cut off."""
    found = [one for pod in pods for one in _of_pod(policies, pod)]
    return list(dict.fromkeys(found))


def _of_pod(policies: Sequence[Policy], pod: Pod) -> Iterator[str]:
    if pod.is_on_node:
        yield f"{pod.name} is on the network of its node, where no policy holds it"
        return
    holding = [policy for policy in policies if policy.holds(pod)]
    for direction, verb in _VERBS.items():
        if not any(direction in policy.allows for policy in holding):
            yield f"no policy holds {pod.name}: everything is {verb.replace('lets', 'let')}"
    for policy in holding:
        yield from policy.losses


def read_policy(field: Field, namespace: str) -> Policy:
    """Return a policy of networking.k8s.io/v1, of this namespace where it names none.

    Errors name the file, the field and the fix.
    """
    metadata, spec = field.need("metadata"), field.need("spec")
    stated = metadata.get("namespace")
    pods = spec.get("podSelector")
    expressions = pods.get("matchExpressions") if pods else None
    return Policy(
        name=metadata.need("name").text(),
        namespace=stated.text() if stated else namespace,
        selector=read_selector(pods),
        allows={each: tuple(_allowed(spec, each)) for each in _directions(spec)},
        expressions=tuple(each.value for each in expressions.items()) if expressions else (),
    )


def _directions(spec: Field) -> tuple[str, ...]:
    """Return which directions a policy rules; untold it is ingress, and egress if it has rules."""
    stated = spec.get("policyTypes")
    if stated and (types := tuple(each.choice(INGRESS, EGRESS) for each in stated.items())):
        return types
    rules = spec.get("egress")
    return (INGRESS, EGRESS) if rules and any(rules.items()) else (INGRESS,)


def _allowed(spec: Field, direction: str) -> Iterator[str]:
    rules = spec.get(direction.lower())
    for rule in rules.items() if rules else ():
        peers, ports = rule.get(_PEERS[direction]), rule.get("ports")
        wanted = list(peers.items()) if peers else []
        who = [text for each in wanted if (text := _peer(each))] if wanted else ["everybody"]
        what = [_port(each) for each in ports.items()] if ports else []
        side = _PEERS[direction]
        yield from (f"{', '.join(what) or 'every port'} {side} {one}" for one in who)


def _peer(field: Field) -> str:
    """Return whom a peer means; "" for nobody."""
    field.only("podSelector", "namespaceSelector", "ipBlock")
    if block := field.get("ipBlock"):
        return _block(block)
    pods, spaces = (
        read_selector(one) if (one := field.get(name)) else None
        for name in ("podSelector", "namespaceSelector")
    )
    if pods is None and spaces is None:
        raise field.wrong("names nobody", "give podSelector, namespaceSelector or ipBlock")
    which = f"pods with {pods.shown}" if pods and pods.shown else "all pods"
    where = "its namespace"
    if spaces is not None:
        where = f"namespaces with {spaces.shown}" if spaces.shown else "all namespaces"
    return f"{which} of {where}"


def _block(field: Field) -> str:
    cidr, given = field.need("cidr").text(), field.get("except")
    without = [each.text() for each in given.items()] if given else []
    try:
        whole = ipaddress.ip_network(cidr, strict=False)
        holes = [ipaddress.ip_network(each, strict=False) for each in without]
        merged = ipaddress.collapse_addresses(holes)  # type: ignore[type-var]
        is_nobody = any(hole.supernet_of(whole) for hole in merged)  # type: ignore[arg-type]
    except (ValueError, TypeError) as err:
        raise field.wrong(f"is no block of addresses: {err}", "write 10.0.0.0/8") from err
    if is_nobody:
        return ""
    return f"{cidr} except {', '.join(without)}" if without else cidr


def _port(field: Field) -> str:
    protocol, port, end = (field.get(name) for name in ("protocol", "port", "endPort"))
    text = str(port.value) if port else "every port"
    return f"{protocol.text() if protocol else 'TCP'} {text}{f'-{end.value}' if end else ''}"
