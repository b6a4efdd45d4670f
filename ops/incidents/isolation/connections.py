"""Whether one pod may connect to another: its own policies let it out, the other's let it in."""

from collections.abc import Sequence
from typing import Final

from ops.incidents.isolation.addresses import Addresses
from ops.incidents.isolation.policies import Pod, Policy
from ops.incidents.isolation.rules import EGRESS, INGRESS
from ops.incidents.isolation.union import Opening, Span, Who, reach

_NAME: Final = "kubernetes.io/metadata.name"
"""The label that Kubernetes itself gives each namespace."""


def connects(
    policies: Sequence[Policy], one: Pod, other: Pod, port: int, protocol: str = "TCP"
) -> bool:
    """Say whether a connection gets through; namespaces are known by their names alone.

    A pod whose address nobody knows is taken to be among addresses only if those are all of IPv4.
    """
    return passes(reach(policies, one), reach(policies, other), port, protocol)


def passes(
    of_one: Sequence[Opening], of_other: Sequence[Opening], port: int, protocol: str = "TCP"
) -> bool:
    """Say the same by everything that is open of both; empty is a pod that is cut off."""
    if not of_one or not of_other:
        return False
    one, other = of_one[0].pod, of_other[0].pod
    wanted = Span(protocol, port, port)
    names = {number: name for name, number in other.ports.items()}
    named = Span(protocol, name=names.get(port, ""))
    ways = ((of_one, other, EGRESS), (of_other, one, INGRESS))
    return all(
        any(
            opening.direction == direction
            and (any(_within(wanted, each) for each in opening.ports) or named in opening.ports)
            and is_among(partner, opening.who, opening.pod.namespace)
            for opening in openings
        )
        for openings, partner, direction in ways
    )


def is_among(pod: Pod, who: Who, home: str) -> bool:
    """Say whether a pod is meant by a partner that a policy of the namespace `home` names."""
    if isinstance(who, str):
        return True
    if isinstance(who, Addresses):
        return who.holds(pod.address) if pod.address else who.v4 == ((0, 2**32 - 1),)
    if who.spaces is None:
        return pod.namespace == home and who.pods.selects(pod.labels)
    return who.spaces.selects({_NAME: pod.namespace}) and who.pods.selects(pod.labels)


def partners(opening: Opening, pods: Sequence[Pod]) -> list[str]:
    """Return the names of the pods that an opening lets through."""
    home = opening.pod.namespace
    return sorted({pod.name for pod in pods if is_among(pod, opening.who, home)})


def _within(span: Span, ports: Span) -> bool:
    return (
        not ports.name
        and ports.protocol == span.protocol
        and ports.first <= span.first <= span.last <= ports.last
    )
