"""What the chart's policies, all together, let through: what is needed, and nothing else."""

import json
from collections.abc import Callable
from itertools import permutations
from typing import Any

import pytest

from ops.checks.finding import State
from ops.checks.reachable import Reached, judge
from ops.incidents.isolation.addresses import Addresses
from ops.incidents.isolation.connections import connects, passes
from ops.incidents.isolation.manifests import Workload, read_policies, read_workloads
from ops.incidents.isolation.policies import Pod, Policy
from ops.incidents.isolation.union import reach
from tests.support.chart import SHIPPED, documents

Raw = dict[str, Any]
NAME = "calendar-assistant"
DNS = Pod("dns", "kube-system", {"k8s-app": "kube-dns"})
PROMETHEUS = Pod("prometheus", "monitoring", {"app.kubernetes.io/name": "prometheus"})
ALERTMANAGER = Pod("alertmanager", "monitoring", {"app.kubernetes.io/name": "alertmanager"})
CONTROLLERS = {
    name: Pod("controller", space, {"app.kubernetes.io/name": label})
    for name, space, label in (("", "ingress-nginx", "ingress-nginx"),
                               ("airgapped", "haproxy", "haproxy-ingress"))
}  # fmt: skip
STRANGERS = (Pod("stranger", "calendar", {"app": "shop"}), Pod("elsewhere", "shop", {"app": NAME}))
QUARANTINED = Pod("quarantined", "calendar", {
    "app": "quarantine", "app.kubernetes.io/instance": NAME, "calendar-sre/asks": "true",
})  # fmt: skip
PORTS = {"dns": 53, "mongodb": 27017, "redis": 6379, "prometheus": 9090, "alertmanager": 9093}


def read(objects: list[Raw]) -> tuple[list[Policy], dict[str, Pod]]:
    text = json.dumps({"items": objects})
    pods = {pod.name: pod for _, pod in read_workloads("chart", text, "calendar")}
    return read_policies("chart", text, "calendar"), pods


def wanted(name: str, pods: dict[str, Pod]) -> set[tuple[str, str, int]]:
    """Return every connection that has to be possible: who, to whom, on which port."""
    asking = {one for one, pod in pods.items() if "calendar-sre/asks" in pod.labels}
    operations = {one for one in asking if pods[one].labels["app"] == f"{NAME}-operations"}
    found = {(one, NAME, 8000) for one in asking}
    found |= {(one, "dns", 53) for one in asking | {NAME}}
    for store in {"mongodb", "redis"} & pods.keys():
        found |= {(one, store, PORTS[store]) for one in operations | {NAME}}
    if name != "minimal":
        found |= {("prometheus", NAME, 8000), ("prometheus", f"{NAME}-prober", 9115)}
        found |= {
            (one, to, PORTS[to]) for one in operations for to in ("prometheus", "alertmanager")
        }
    if name not in {"minimal", "direct"}:
        found |= {("controller", NAME, 8000)}
    crew = {one for one, pod in pods.items() if pod.labels["app"] == f"{NAME}-load"}
    return found | {(one, other, 5557) for one in crew for other in crew - {one}}


@pytest.mark.parametrize("name", [*SHIPPED, "direct", "load", "model"])
def test_just_the_connections_that_are_needed_get_through(name: str) -> None:
    policies, ours = read(documents(name))
    outside = (DNS, PROMETHEUS, ALERTMANAGER, QUARANTINED, *STRANGERS,
               CONTROLLERS.get(name, CONTROLLERS[""]))  # fmt: skip
    policies = [one for one in policies if one.namespace == "calendar"]
    pods = ours | {pod.name: pod for pod in outside}
    open_of = {name: reach(policies, pod) for name, pod in pods.items()}
    through = {
        (one, other, port)
        for one, other in permutations(pods, 2)
        for port in (53, 22, 5557, 6379, 8000, 9090, 9093, 9115, 27017)
        if {one, other} & {*ours, "quarantined"} and passes(open_of[one], open_of[other], port)
    }
    clients = {pod.name for pod in outside if pod is not QUARANTINED}
    if name == "direct":  # whoever may come from everywhere may come from a pod
        through -= {(one, NAME, 8000) for one in clients - {"prometheus"}}
    assert through == wanted(name, ours)


def test_databases_outside_are_reached_at_their_addresses_and_nothing_else_is() -> None:
    policies, pods = read(documents("production"))
    going = [one for one in reach(policies, pods[NAME]) if one.direction == "Egress"]
    there = {one.who.shown: [span.shown for span in one.ports] for one in going
             if isinstance(one.who, Addresses)}  # fmt: skip
    assert there == {"10.20.0.0/24": ["TCP 27017"], "10.21.0.10/32": ["TCP 6380"]}
    gateway = Pod("gateway", "gateways", {"app": "mongodb-gateway"})
    policies, pods = read(documents("airgapped"))
    assert connects(policies, pods[NAME], gateway, 27017)
    assert not connects(policies, pods[f"{NAME}-prober"], gateway, 27017)


def test_only_the_service_reaches_the_collector_of_traces_and_only_where_one_is_named() -> None:
    collector = Pod("collector", "tracing", {"app": "collector"})
    for name, reaches in (("traced", True), ("default", False)):
        policies, pods = read(documents(name))
        asking = {one for one, pod in pods.items() if connects(policies, pod, collector, 4318)}
        assert asking == ({NAME} if reaches else set())
    policies, pods = read(documents("traced"))
    going = {one.who.shown: [span.shown for span in one.ports]
             for one in reach(policies, pods[NAME]) if isinstance(one.who, Addresses)}  # fmt: skip
    assert going == {"198.51.100.7/32": ["TCP 4318"]}


@pytest.mark.parametrize(
    ("name", "space", "port"),
    [("direct", "calendar", 8000), ("blocked", "ingress-nginx", 443)],
)
def test_an_address_that_is_blocked_is_the_only_one_that_does_not_come_in(
    name: str, space: str, port: int
) -> None:
    policies, pods = read(documents(name))
    pod = pods[NAME] if space == "calendar" else CONTROLLERS[""]
    coming = [one for one in reach(policies, pod)
              if one.direction == "Ingress" and isinstance(one.who, Addresses)]  # fmt: skip
    for address, comes in (("203.0.113.9", False), ("203.0.113.10", True)):
        assert comes is any(
            one.who.holds(address) and any(s.first <= port <= s.last for s in one.ports)
            for one in coming
            if isinstance(one.who, Addresses)
        )


def states(objects: list[Raw]) -> dict[str, State]:
    policies, pods = read(objects)
    found = judge(Reached(Workload(NAME, "calendar"), policies, [pods[NAME]], [*pods.values()]))
    return {one.subject: one.state for one in found if not one.subject.startswith("· ")}


def policy_of(objects: list[Raw], name: str) -> Raw:
    (one,) = [each for each in objects
              if each["kind"] == "NetworkPolicy" and each["metadata"]["name"] == name]  # fmt: skip
    return one


OPENED: dict[str, tuple[Callable[[list[Raw]], object], str, State]] = {
    "ingress for everybody": (
        lambda all_: policy_of(all_, NAME)["spec"].update(ingress=[{}]),
        "who reaches it", State.FAIL),
    "the port for every address": (
        lambda all_: policy_of(all_, NAME)["spec"]["ingress"][0].update(
            {"from": [{"ipBlock": {"cidr": one}} for one in ("0.0.0.0/0", "::/0")]}),
        "who reaches it", State.WARN),
    "egress for everybody": (
        lambda all_: policy_of(all_, NAME)["spec"].update(egress=[{}]),
        "what it reaches", State.WARN),
    "an allow beside the deny": (
        lambda all_: all_.append({"kind": "NetworkPolicy", "metadata": {"name": "careless"},
                                  "spec": {"podSelector": {}, "ingress": [{}]}}),
        "who reaches it", State.FAIL),
    "no policies": (
        lambda all_: all_.__setitem__(
            slice(None), [one for one in all_ if one["kind"] != "NetworkPolicy"]),
        "who reaches it", State.FAIL),
}  # fmt: skip


@pytest.mark.parametrize("name", SHIPPED)
def test_the_check_finds_no_fault_in_what_is_shipped(name: str) -> None:
    assert set(states(documents(name)).values()) == {State.PASS}


@pytest.mark.parametrize("name", OPENED)
def test_the_check_finds_a_policy_that_was_opened(name: str) -> None:
    change, subject, state = OPENED[name]
    objects = documents("production")
    change(objects)
    assert states(objects)[subject] is state
