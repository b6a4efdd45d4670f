"""Isolate the service on Kubernetes: a policy that closes its network, or no replicas."""

import json
import shlex
import subprocess
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Final

import yaml

from kit.edge.containers.docker import last_line
from kit.pure.errors import RefusedError, UnreachableError
from kit.pure.fields import Field
from kit.pure.json_values import JsonObject
from ops.incidents.isolation.labels import Requirement, Selector
from ops.incidents.isolation.manifests import Workload, read_files, read_pods, read_policies
from ops.incidents.isolation.policies import Pod, Policy
from ops.incidents.isolation.step import Isolation, Step
from ops.incidents.isolation.union import openings

_PATIENCE_S: Final = 60.0
_ENDING_S: Final = 45
"""A pod has 30 s to end (terminationGracePeriodSeconds)."""
_ENDED: Final = frozenset({"Succeeded", "Failed"})
_USUAL_REPLICAS: Final = 3


def isolation_policy(workload: Workload) -> JsonObject:
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


def network_isolation(workload: Workload, files: Path | None = None) -> Isolation:
    """Return the policy that closes the network, and what takes other policies off the pods.

    As policies only add up, each one that allows our pods anything is amended not to select them;
    other pods that it selects keep it. The policies are those of the cluster or, where a folder of
    manifests is named, those in it. Raises RefusedError where no policy can hold the pods.
    """
    steps = [_deny_step(workload)]
    try:
        policies, pods = read_files(files, workload) if files else live_policies(workload)
    except UnreachableError as err:
        unknown = f"{steps[0].effect}; unless other policies let it, which cannot be seen: {err}"
        return Isolation([replace(steps[0], effect=unknown)], partial(_look, workload))
    if on_node := [pod.name for pod in pods if pod.is_on_node]:
        raise RefusedError(
            f"{on_node[0]} is on the network of its node, where no policy holds it",
            hint="stop it: sre incident isolate stop",
        )
    deny = read_policies("isolation", json.dumps(isolation_policy(workload)), workload.namespace)
    others = [policy for policy in policies if policy.name != deny[0].name]
    amended = [one for one in others if one.losses and any(one.holds(pod) for pod in pods)]
    steps += [_amending_step(workload, policy) for policy in amended]
    left = [_without(one, workload) if one in amended else one for one in others]
    return Isolation(
        steps, partial(_look, workload), openings(policies, pods), openings([*left, *deny], pods)
    )


def _without(policy: Policy, workload: Workload) -> Policy:
    """Return a policy as its step leaves it."""
    lacking = Requirement("app", "NotIn", (workload.name,))
    return replace(policy, selector=Selector((*policy.selector.requirements, lacking)))


def _deny_step(workload: Workload) -> Step:
    policy = isolation_policy(workload)
    manifest = yaml.safe_dump(policy, sort_keys=False)
    do = ["kubectl", "apply", "--filename", "-"]
    name = policy["metadata"]["name"]
    undo = ["kubectl", "delete", "networkpolicy", name, "--namespace", workload.namespace]
    effect = (
        f"nothing reaches {workload.name}, and it reaches nothing; its pods go on; except for its "
        "own nodes (probes of the kubelet, what is on a node's network), which no policy stops; "
        "this follows from the policies: a cluster whose network plugin does not enforce them, and "
        "connections that are open already, are not cut by it"
    )
    return Step(effect, shlex.join(do), shlex.join(undo), partial(kubectl, do, manifest), manifest)


def _amending_step(workload: Workload, policy: Policy) -> Step:
    """Return the step that makes a policy select all that it did but the pods of the workload."""
    left_out = {"key": "app", "operator": "NotIn", "values": [workload.name]}
    words = ["kubectl", "patch", "networkpolicy", policy.name, "--namespace", policy.namespace,
             "--type", "merge", "--patch"]  # fmt: skip
    do = [*words, _selecting([*policy.expressions, left_out])]
    undo = [*words, _selecting(list(policy.expressions) or None)]
    lost = "; ".join(policy.losses)
    effect = f"off the pods of {workload.name}, and off no others: {lost}"
    return Step(effect, shlex.join(do), shlex.join(undo), partial(kubectl, do))


def _selecting(expressions: list[object] | None) -> str:
    return json.dumps({"spec": {"podSelector": {"matchExpressions": expressions}}})


def _look(workload: Workload) -> list[str]:
    """Return what the policies of the cluster, all together, leave open of the pods."""
    policies, pods = live_policies(workload)
    if not pods:
        label = f"app={workload.name}"
        return [f"no pod of the namespace {workload.namespace} has the label {label}: none is held"]
    return openings(policies, pods)


def live_policies(workload: Workload) -> tuple[list[Policy], list[Pod]]:
    """Return the policies and the pods of a workload's namespace as the cluster has them.

    Raises UnreachableError when kubectl gives no answer.
    """
    get, where = ["kubectl", "get"], ["--namespace", workload.namespace, "--output", "json"]
    policies = kubectl([*get, "networkpolicies", *where])
    pods = kubectl([*get, "pods", "--selector", "=".join(workload.label), *where])
    return (
        read_policies("kubectl get networkpolicies", policies, workload.namespace),
        read_pods("kubectl get pods", pods, workload.namespace),
    )


def stop_step(workload: Workload) -> Step:
    """Return the step that leaves no pod, and looks; undoing it brings back as many as now."""
    where = ["--namespace", workload.namespace]
    scale = ["kubectl", "scale", f"deployment/{workload.name}", *where]
    known = _replicas(workload)
    guess = "" if known else f"; {_USUAL_REPLICAS} is a guess of how many there were"
    return Step(
        f"every pod of {workload.name} ends; what they had in memory is gone{guess}",
        shlex.join([*scale, "--replicas=0"]),
        shlex.join([*scale, f"--replicas={known or _USUAL_REPLICAS}"]),
        partial(_stop, workload, [*scale, "--replicas=0"]),
    )


def _stop(workload: Workload, scale: Sequence[str]) -> str:
    """Scale down and look until no pod runs; raises UnreachableError when one goes on."""
    said = kubectl(scale)
    ours = ["pods", "--selector", f"app={workload.name}", "--namespace", workload.namespace]
    with suppress(UnreachableError):  # nothing to wait for, or it takes longer: the look says which
        kubectl(["kubectl", "wait", *ours, "--for=delete", f"--timeout={_ENDING_S}s"])
    text = kubectl(["kubectl", "get", *ours, "--output", "json"])
    running = [
        each.need("metadata").need("name").text()
        for each in Field("kubectl get pods", "", json.loads(text)).need("items").items()
        if each.need("status").need("phase").text() not in _ENDED
    ]
    if running:
        raise UnreachableError(
            f"{len(running)} of the pods did not end within {_ENDING_S} s: {running[0]}",
            hint=f"kubectl delete pod {running[0]} --namespace {workload.namespace}",
        )
    return said


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
