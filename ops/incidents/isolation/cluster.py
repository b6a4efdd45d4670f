"""Isolate the service on Kubernetes: a policy that closes its network, or no replicas."""

import ipaddress
import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import yaml

from ops.containers.docker import last_line
from ops.incidents.isolation.step import Step
from slo.errors import BadInputError, UnreachableError

_PATIENCE_S: Final = 60.0
_USUAL_REPLICAS: Final = 3
ISOLATED: Final = "isolated"
BLOCKED: Final = "block-suspicious-ips"


@dataclass(frozen=True, slots=True)
class Workload:
    """A deployment whose pods carry the label `app` with its name."""

    name: str = "calendar-assistant"
    namespace: str = "default"


def isolation_policy(workload: Workload) -> dict[str, Any]:
    """Return a NetworkPolicy that lets nothing in or out of the pods.

    Source: Kubernetes, Network Policies: "default deny all ingress and all egress traffic".
    """
    return _policy(workload, ISOLATED, {"policyTypes": ["Ingress", "Egress"]})


def blocking_policy(workload: Workload, addresses: Sequence[str]) -> dict[str, Any]:
    """Return a NetworkPolicy that lets everybody in but these addresses and networks.

    It only bites where pods see the client's own address (`externalTrafficPolicy: Local`).
    Raises BadInputError for what is no address.
    """
    networks = [_network(text) for text in addresses]
    if not networks:
        raise BadInputError("nothing to block", hint="name addresses: --address 203.0.113.7")
    blocks = []
    for every in ("0.0.0.0/0", "::/0"):
        version = ipaddress.ip_network(every).version
        out = sorted(str(n) for n in networks if n.version == version)
        blocks.append({"ipBlock": {"cidr": every, **({"except": out} if out else {})}})
    spec = {"policyTypes": ["Ingress"], "ingress": [{"from": blocks}]}
    return _policy(workload, BLOCKED, spec)


def policy_step(workload: Workload, policy: dict[str, Any], effect: str) -> Step:
    """Return the step that applies a policy."""
    manifest = yaml.safe_dump(policy, sort_keys=False)
    do = ["kubectl", "apply", "--filename", "-"]
    name = policy["metadata"]["name"]
    undo = ["kubectl", "delete", "networkpolicy", name, "--namespace", workload.namespace]
    return Step(effect, shlex.join(do), shlex.join(undo), partial(kubectl, do, manifest), manifest)


def stop_step(workload: Workload) -> Step:
    """Return the step that leaves no pod; undoing it brings back as many as there are now."""
    where = ["--namespace", workload.namespace]
    scale = ["kubectl", "scale", f"deployment/{workload.name}", *where]
    return Step(
        f"every pod of {workload.name} ends; what they had in memory is gone",
        shlex.join([*scale, "--replicas=0"]),
        shlex.join([*scale, f"--replicas={_replicas(workload)}"]),
        partial(kubectl, [*scale, "--replicas=0"]),
    )


def kubectl(words: Sequence[str], feed: str = "") -> str:
    """Run kubectl and return what it said; raises UnreachableError with its reason."""
    try:
        done = subprocess.run(
            words, input=feed, capture_output=True, text=True, timeout=_PATIENCE_S, check=False
        )
    except (OSError, subprocess.TimeoutExpired) as err:
        raise UnreachableError(
            f"kubectl cannot be run: {err}", hint="install it, or do the step where it is"
        ) from err
    if done.returncode != 0:
        raise UnreachableError(
            f"kubectl: {last_line(done.stderr)}", hint="is it set up for the right cluster?"
        )
    return done.stdout.strip()


def _replicas(workload: Workload) -> int:
    """Return how many replicas there are to be; the usual number where nobody can be asked."""
    ask = ["kubectl", "get", f"deployment/{workload.name}", "--namespace", workload.namespace]
    try:
        return int(kubectl([*ask, "--output", "jsonpath={.spec.replicas}"]))
    except (UnreachableError, ValueError):
        return _USUAL_REPLICAS


def _policy(workload: Workload, kind: str, spec: dict[str, Any]) -> dict[str, Any]:
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {
            "name": f"{workload.name}-{kind}",
            "namespace": workload.namespace,
            "labels": {"app.kubernetes.io/part-of": "calendar-sre"},
        },
        "spec": {"podSelector": {"matchLabels": {"app": workload.name}}, **spec},
    }


def _network(text: str) -> ipaddress.IPv4Network | ipaddress.IPv6Network:
    try:
        network = ipaddress.ip_network(text)
    except ValueError as err:
        raise BadInputError(
            f"{text!r} is no address: {err}", hint="write 203.0.113.7 or 203.0.113.0/24"
        ) from err
    if network.prefixlen == 0:
        raise BadInputError(f"{text!r} is everybody", hint="isolate the service instead")
    return network
