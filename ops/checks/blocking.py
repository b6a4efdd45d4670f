"""What a policy that shuts addresses out does beside the policies that are there already."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from ops.checks.reachable import Reached
from ops.incidents.isolation.addresses import Addresses
from ops.incidents.isolation.manifests import read_policies
from ops.incidents.isolation.policies import Pod, Policy, holding
from ops.incidents.isolation.rules import INGRESS
from ops.incidents.isolation.union import EVERYBODY, Opening, reach


@dataclass(frozen=True, slots=True)
class Effect:
    """What comes of a block: who is `still` let in nevertheless, and whom it opens the pods to.

    `opens` names the policies that were narrower until then; "" where nobody comes in who did not.
    """

    still: tuple[str, ...]
    opens: str


def effect_of(
    manifest: Mapping[str, object], addresses: Sequence[str], found: Reached, *, port: int
) -> Effect:
    """Return what the block does to the pods that there are, with all other policies."""
    name = f"{found.workload.namespace} of the block"
    blocks = read_policies(name, json.dumps(manifest), found.workload.namespace)
    others = [one for one in found.policies if one.name != blocks[0].name]
    still: dict[str, None] = {}
    narrower: dict[str, None] = {}
    for pod in found.pods:
        for one in _coming([*others, *blocks], pod, port):
            by = [name for name in one.by if name != blocks[0].name]
            caught = [each for each in addresses if _is_in(each, one)]
            if caught:
                still[f"{' and '.join(by)}: {one.what}"] = None
        if not any(one.is_everybody for one in _coming(others, pod, port)):
            narrower |= dict.fromkeys(one.name for one in holding(others, pod, INGRESS))
    return Effect(tuple(still), " and ".join(narrower))


def _coming(policies: Sequence[Policy], pod: Pod, port: int) -> list[Opening]:
    return [
        one
        for one in reach(policies, pod)
        if one.direction == INGRESS
        and any(span.first <= port <= span.last and not span.name for span in one.ports)
    ]


def _is_in(address: str, opening: Opening) -> bool:
    if isinstance(opening.who, Addresses):
        return opening.who.holds(address)
    return opening.who == EVERYBODY
