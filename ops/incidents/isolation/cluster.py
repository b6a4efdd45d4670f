"""Isolate the service on Kubernetes: a policy that closes its network, or no replicas."""

import shlex
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

import yaml

from kit.edge.containers.docker import last_line
from kit.pure.errors import UnreachableError
from ops.incidents.isolation.step import Step

_PATIENCE_S: Final = 60.0
_USUAL_REPLICAS: Final = 3


@dataclass(frozen=True, slots=True)
class Workload:
    """A deployment whose pods carry the label `app` with its name."""

    name: str = "calendar-assistant"
    namespace: str = "default"


def isolation_policy(workload: Workload) -> dict[str, Any]:
    """Return a NetworkPolicy that lets nothing in or out of the pods.

    Source: Kubernetes, Network Policies: "default deny all ingress and all egress traffic".
    """
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "NetworkPolicy",
        "metadata": {
            "name": f"{workload.name}-isolated",
            "namespace": workload.namespace,
            "labels": {"app.kubernetes.io/part-of": "calendar-sre"},
        },
        "spec": {
            "podSelector": {"matchLabels": {"app": workload.name}},
            "policyTypes": ["Ingress", "Egress"],
        },
    }


def network_step(workload: Workload) -> Step:
    """Return the step that applies that policy."""
    policy = isolation_policy(workload)
    manifest = yaml.safe_dump(policy, sort_keys=False)
    do = ["kubectl", "apply", "--filename", "-"]
    name = policy["metadata"]["name"]
    undo = ["kubectl", "delete", "networkpolicy", name, "--namespace", workload.namespace]
    effect = f"nothing reaches {workload.name}, and it reaches nothing; its pods go on"
    return Step(effect, shlex.join(do), shlex.join(undo), partial(kubectl, do, manifest), manifest)


def stop_step(workload: Workload) -> Step:
    """Return the step that leaves no pod; undoing it brings back as many as there are now."""
    where = ["--namespace", workload.namespace]
    scale = ["kubectl", "scale", f"deployment/{workload.name}", *where]
    known = _replicas(workload)
    guess = "" if known else f"; {_USUAL_REPLICAS} is a guess of how many there were"
    return Step(
        f"every pod of {workload.name} ends; what they had in memory is gone{guess}",
        shlex.join([*scale, "--replicas=0"]),
        shlex.join([*scale, f"--replicas={known or _USUAL_REPLICAS}"]),
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


def _replicas(workload: Workload) -> int | None:
    """Return how many replicas there are to be; None where nobody can be asked."""
    ask = ["kubectl", "get", f"deployment/{workload.name}", "--namespace", workload.namespace]
    try:
        return int(kubectl([*ask, "--output", "jsonpath={.spec.replicas}"]))
    except (UnreachableError, ValueError):
        return None
