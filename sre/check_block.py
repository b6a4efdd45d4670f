"""Write down what shuts suspicious addresses out."""

from collections.abc import Sequence
from pathlib import Path

import yaml

from kit.edge.writing import write_whole
from ops.checks.suspicious_ips import network_policy
from sre.screen import console


def write_block(addresses: Sequence[str], path: Path, *, app: str, port: int) -> None:
    """Write a NetworkPolicy against these addresses; nothing when there are none."""
    aside = console(to_stderr=True)
    if not addresses:
        aside.out(f"{path} is not written: there is no address outside to block")
        return
    policy = yaml.safe_dump(network_policy(list(addresses), app=app, port=port), sort_keys=False)
    write_whole(path, policy)
    aside.out(f"{path}: shuts out {len(addresses)}; kubectl apply -f {path}")
