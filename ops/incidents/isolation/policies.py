"""NetworkPolicies and the pods that they hold.

Policies only add up: a pod takes and sends what any policy that selects it allows, so that one
which allows nothing changes nothing beside one which allows something; and where none selects the
pod for a direction, everything is allowed. Its own node reaches a pod whatever they say.
Source: Kubernetes, Network Policies, "The two sorts of pod isolation".
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from kit.pure.fields import Field
from ops.incidents.isolation.labels import Selector, read_selector
from ops.incidents.isolation.rules import EGRESS, INGRESS, SIDES, Rule, read_rules

VERBS: Final = {INGRESS: "lets in", EGRESS: "lets out"}


@dataclass(frozen=True, slots=True)
class Pod:
    """A pod as policies see it; one on the network of its node is held by none.

    `ports` are the numbers of its named ports; `address` is "" where nobody knows it.
    """

    name: str
    namespace: str
    labels: Mapping[str, str]
    is_on_node: bool = False
    ports: Mapping[str, int] = field(default_factory=dict)
    address: str = ""


@dataclass(frozen=True, slots=True)
class Policy:
    """Which pods a policy selects and, for each direction that it rules, what it allows.

    `expressions` are the matchExpressions of its selector as they were read.
    """

    name: str
    namespace: str
    selector: Selector
    rules: Mapping[str, tuple[Rule, ...]]
    expressions: tuple[object, ...] = ()

    def holds(self, pod: Pod) -> bool:
        """Say whether it selects a pod."""
        return self.namespace == pod.namespace and self.selector.selects(pod.labels)

    @property
    def losses(self) -> tuple[str, ...]:
        """Return everything that it allows, in words; empty when that is nothing."""
        return tuple(
            f"{self.name} {VERBS[direction]} {what}"
            for direction, rules in self.rules.items()
            for rule in rules
            for what in rule.shown(SIDES[direction])
        )


def holding(policies: Sequence[Policy], pod: Pod, direction: str) -> Iterator[Policy]:
    """Yield the policies that rule a direction of a pod."""
    return (one for one in policies if direction in one.rules and one.holds(pod))


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
        rules={each: tuple(read_rules(spec, each)) for each in _directions(spec)},
        expressions=tuple(each.value for each in expressions.items()) if expressions else (),
    )


def _directions(spec: Field) -> tuple[str, ...]:
    """Return which directions a policy rules; untold it is ingress, and egress if it has rules."""
    stated = spec.get("policyTypes")
    if stated and (types := tuple(each.choice(INGRESS, EGRESS) for each in stated.items())):
        return types
    rules = spec.get("egress")
    return (INGRESS, EGRESS) if rules and any(rules.items()) else (INGRESS,)
