"""Write down what shuts suspicious addresses out."""

from collections.abc import Sequence
from pathlib import Path

import typer
import yaml

from ops.checks.suspicious_ips import network_policy


def write_block(addresses: Sequence[str], path: Path, *, app: str, port: int) -> None:
    """Write a NetworkPolicy against these addresses; nothing when there are none."""
    if not addresses:
        typer.echo(f"{path} is not written: there is no address outside to block", err=True)
        return
    policy = yaml.safe_dump(network_policy(list(addresses), app=app, port=port), sort_keys=False)
    path.write_text(policy, encoding="utf-8")
    typer.echo(f"{path}: shuts out {len(addresses)}; kubectl apply -f {path}", err=True)
