"""Write down what shuts suspicious addresses out."""

from collections.abc import Sequence
from pathlib import Path

import yaml

from kit.edge.writing import write_whole
from kit.pure.errors import RefusedError, UnreachableError
from ops.checks.blocking import effect_of
from ops.checks.reachable import Source, see
from ops.checks.suspicious_ips import network_policy
from sre.screen import console


def write_block(
    addresses: Sequence[str], path: Path, *, app: str, port: int, source: Source | None = None
) -> None:
    """Write a NetworkPolicy against these addresses; nothing when there are none.

    Where the other policies are known, says who lets an address in all the same. Raises
    RefusedError where it would open the pods to everybody else: policies only add up.
    """
    aside = console(to_stderr=True)
    if not addresses:
        aside.out(f"{path} is not written: there is no address outside to block")
        return
    manifest = network_policy(list(addresses), app=app, port=port)
    if source is not None:
        for line in _effect(manifest, addresses, source, port):
            aside.out(line)
    policy = yaml.safe_dump(manifest, sort_keys=False)
    write_whole(path, policy)
    aside.out(f"{path}: shuts out {len(addresses)}; kubectl apply -f {path}")


def _effect(
    manifest: dict[str, object], addresses: Sequence[str], source: Source, port: int
) -> list[str]:
    found = see(source)
    if isinstance(found, str):
        raise UnreachableError(
            f"the policies beside it are not known: {found}", hint="give --policies FILES"
        )
    effect = effect_of(manifest, addresses, found, port=port)
    if effect.opens:
        raise RefusedError(
            f"{effect.opens} lets fewer in than everybody but these, and policies only add up: "
            "this one would open the pods",
            hint="block them where clients come in: --app with the label of the ingress "
            "controller's pods, or networkPolicy.blocked of the chart",
        )
    return [f"STILL     {one}" for one in effect.still]
