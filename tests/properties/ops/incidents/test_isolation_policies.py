"""What policies leave open is what Kubernetes lets through, and isolating closes just that."""

import json
import shlex
import tempfile
from collections.abc import Iterator, Mapping
from copy import deepcopy
from ipaddress import ip_address, ip_network
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from kit.pure.errors import BadInputError, RefusedError
from ops.incidents.isolation.addresses import Addresses
from ops.incidents.isolation.cluster import network_isolation
from ops.incidents.isolation.manifests import Workload, read_policies
from ops.incidents.isolation.policies import Pod
from ops.incidents.isolation.union import Opening, Who, openings
from ops.incidents.isolation.union import reach as reached
from tests.support.sampling import examples

OURS = Workload("calendar-assistant", "prod")
POD = Pod("one", "prod", {"app": "calendar-assistant", "tier": "web"})
OTHERS = [Pod("two", "prod", {"app": "shop", "tier": "web"}), Pod("bare", "prod", {})]
Raw = dict[str, Any]

VALUES = st.sampled_from(["web", "db"])


@st.composite
def selectors(draw: st.DrawFn, key: str = "tier", *more: str) -> Raw:
    """Draw a selector that something can meet: at most one requirement a key."""
    found: Raw = {}
    for each in (key, *more):
        values = draw(st.lists(st.sampled_from(["web", "calendar-assistant"]), min_size=1))
        kind = draw(st.sampled_from(["none", "label", "In", "NotIn", "Exists", "DoesNotExist"]))
        if kind == "label":
            found.setdefault("matchLabels", {})[each] = values[0]
        elif kind in {"In", "NotIn"}:
            one = {"key": each, "operator": kind, "values": values}
            found.setdefault("matchExpressions", []).append(one)
        elif kind != "none":
            found.setdefault("matchExpressions", []).append({"key": each, "operator": kind})
    return found


BLOCKS = st.fixed_dictionaries(
    {"cidr": st.sampled_from(["10.0.0.0/30", "0.0.0.0/0"])},
    optional={
        "except": st.lists(
            st.sampled_from(["10.0.0.0/31", "10.0.0.2/31", "10.0.0.0/32"]), max_size=3
        )
    },
)
PEERS = st.one_of(
    st.fixed_dictionaries({"ipBlock": BLOCKS}),
    st.fixed_dictionaries(
        {"podSelector": selectors()}, optional={"namespaceSelector": selectors()}
    ),
    st.fixed_dictionaries({"namespaceSelector": selectors()}),
)


def rules(side: str) -> st.SearchStrategy[list[Raw]]:
    ports = st.lists(st.sampled_from([{"port": 80}, {"protocol": "TCP", "port": 443}]), max_size=2)
    optional = {side: st.lists(PEERS, max_size=2), "ports": ports}
    return st.lists(st.fixed_dictionaries({}, optional=optional), max_size=2)


@st.composite
def policies(draw: st.DrawFn) -> list[Raw]:
    spec = st.fixed_dictionaries(
        {"podSelector": selectors("tier", "app")},
        optional={
            "policyTypes": st.sampled_from([[], ["Ingress"], ["Egress"], ["Ingress", "Egress"]]),
            "ingress": rules("from"),
            "egress": rules("to"),
        },
    )
    drawn = draw(st.lists(st.tuples(spec, st.sampled_from(["prod", "test", None])), max_size=4))
    return [
        {
            "apiVersion": "networking.k8s.io/v1",
            "kind": "NetworkPolicy",
            "metadata": {"name": f"p{n}"} | ({"namespace": space} if space else {}),
            "spec": each,
        }
        for n, (each, space) in enumerate(drawn)
    ]


# Kubernetes itself, written down a second time: asked of one connection, over the raw manifests.


def met(selector: Raw, labels: Mapping[str, str]) -> bool:
    for key, value in selector.get("matchLabels", {}).items():
        if labels.get(key) != value:
            return False
    for each in selector.get("matchExpressions", []):
        there, value = each["key"] in labels, labels.get(each["key"])
        holds = {
            "In": there and value in each.get("values", ()),
            "NotIn": not there or value not in each.get("values", ()),
            "Exists": there,
            "DoesNotExist": not there,
        }[each["operator"]]
        if not holds:
            return False
    return True


def is_peer(peer: Raw, other: Raw) -> bool:
    if "ipBlock" in peer:
        address = ip_address(other["ip"])
        holes = peer["ipBlock"].get("except", [])
        return address in ip_network(peer["ipBlock"]["cidr"]) and not any(
            address in ip_network(hole) for hole in holes
        )
    if "pod" not in other:
        return False
    if "namespaceSelector" in peer:
        if not met(peer["namespaceSelector"], other["space"]):
            return False
    elif not other["same"]:
        return False
    return met(peer.get("podSelector", {}), other["pod"])


def gets_through(found: list[Raw], pod: Pod, direction: str, other: Raw) -> bool:
    side = "from" if direction == "Ingress" else "to"
    ruling = []
    for policy in found:
        spec = policy["spec"]
        types = spec.get("policyTypes") or ["Ingress"] + (["Egress"] if spec.get("egress") else [])
        mine = policy["metadata"].get("namespace", "prod") == pod.namespace
        if mine and direction in types and met(spec["podSelector"], pod.labels):
            ruling.append(spec.get(direction.lower()) or [])
    if not ruling:
        return True
    for allowed in ruling:
        for rule in allowed:
            ports = rule.get("ports")
            if ports and other["port"] not in [each["port"] for each in ports]:
                continue
            if not rule.get(side) or any(is_peer(peer, other) for peer in rule[side]):
                return True
    return False


def everybody() -> Iterator[Raw]:
    tiers: list[Raw] = [{}, {"tier": "web"}, {"tier": "calendar-assistant"}, {"tier": "x"}]
    for port in (80, 443, 1):
        for number in range(5):
            yield {"port": port, "ip": f"10.0.0.{number}"}
        for pod, space in product(tiers, tiers):
            one = {"port": port, "ip": "192.0.2.1", "pod": pod, "space": space}
            yield from ({**one, "same": same} for same in (True, False))


EVERYBODY = [*everybody()]


def reach(found: list[Raw], pod: Pod) -> list[bool]:
    ways = product(("Ingress", "Egress"), EVERYBODY)
    return [gets_through(found, pod, direction, other) for direction, other in ways]


def read(found: list[Raw]) -> Any:
    return read_policies("p.json", json.dumps({"items": found}), "prod")


@examples(60)
@given(policies())
def test_pods_are_cut_off_exactly_when_no_connection_gets_through(found: list[Raw]) -> None:
    for pod in (POD, *OTHERS):
        assert bool(openings(read(found), [pod])) is any(reach(found, pod))


def lets(found: list[Opening], direction: str, other: Raw) -> bool:
    """Say whether what was computed has one connection in it."""
    return any(
        one.direction == direction
        and any(s.protocol == "TCP" and s.first <= other["port"] <= s.last for s in one.ports)
        and is_meant(one.who, other)
        for one in found
    )


def is_meant(who: Who, other: Raw) -> bool:
    if isinstance(who, str):
        return True
    if isinstance(who, Addresses):
        return who.holds(other["ip"])
    if "pod" not in other:
        return False
    within = other["same"] if who.spaces is None else who.spaces.selects(other["space"])
    return within and who.pods.selects(other["pod"])


@examples(60)
@given(policies())
def test_what_is_computed_holds_every_connection_that_gets_through_and_no_other(
    found: list[Raw],
) -> None:
    computed = reached(read(found), POD)
    for direction, other in product(("Ingress", "Egress"), EVERYBODY):
        assert lets(computed, direction, other) is gets_through(found, POD, direction, other)


@examples(60)
@given(policies())
def test_isolating_cuts_off_the_service_and_changes_nothing_for_others(found: list[Raw]) -> None:
    before = [reach(found, pod) for pod in OTHERS]
    after, undone = carried_out(found)
    assert openings(read(after), [POD]) == []
    assert not any(reach(after, POD))
    assert [reach(after, pod) for pod in OTHERS] == before
    assert undone == [without_empty(one) for one in found]


def carried_out(found: list[Raw]) -> tuple[list[Raw], list[Raw]]:
    """Return the policies after the commands that isolate, and after those that undo it."""
    with tempfile.TemporaryDirectory() as folder:
        manifests = {"items": [*found, deployment()]}
        (Path(folder) / "all.json").write_text(json.dumps(manifests))
        deny, *others = network_isolation(OURS, Path(folder)).steps
    after = [*map(without_empty, deepcopy(found))]
    for step in others:
        patch(after, step.command)
    undone = deepcopy(after)
    for step in reversed(others):
        patch(undone, step.undo)
    return [*after, yaml.safe_load(deny.feed)], undone


def deployment(**spec: Any) -> Raw:
    template = {"metadata": {"labels": dict(POD.labels)}, "spec": spec}
    metadata = {"name": OURS.name, "namespace": "prod"}
    return {"kind": "Deployment", "metadata": metadata, "spec": {"template": template}}


def patch(found: list[Raw], command: str) -> None:
    """Do to the policies what `kubectl patch --type merge` does (RFC 7396)."""
    words = shlex.split(command)
    assert words[:3] == ["kubectl", "patch", "networkpolicy"]
    assert words[4:-1] == ["--namespace", "prod", "--type", "merge", "--patch"]
    (policy,) = [each for each in found if each["metadata"]["name"] == words[3]]
    (given,) = json.loads(words[-1])["spec"]["podSelector"].values()
    policy["spec"]["podSelector"]["matchExpressions"] = given
    policy["spec"]["podSelector"] = without_empty(policy)["spec"]["podSelector"]


def without_empty(policy: Raw) -> Raw:
    spec = policy["spec"]
    kept = {name: each for name, each in spec["podSelector"].items() if each}
    return policy | {"spec": spec | {"podSelector": kept}}


def test_each_opening_is_reported_with_its_policy_and_whom_it_lets() -> None:
    found = read(
        [
            {
                "kind": "NetworkPolicy",
                "metadata": {"name": "mixed"},
                "spec": {
                    "podSelector": {"matchExpressions": [{"key": "app", "operator": "Exists"}]},
                    "policyTypes": ["Ingress", "Egress"],
                    "ingress": [
                        {
                            "from": [
                                {"ipBlock": {"cidr": "::/0", "except": ["2a00::5/128"]}},
                                {
                                    "namespaceSelector": {"matchLabels": {"team": "sre"}},
                                    "podSelector": {"matchLabels": {"app": "prober"}},
                                },
                            ],
                            "ports": [{"port": 8000, "endPort": 8010}],
                        }
                    ],
                    "egress": [{"to": [{"namespaceSelector": {}}], "ports": [{"protocol": "UDP"}]}],
                },
            }
        ]
    )
    prober = "pods with app in (prober) of namespaces with team in (sre)"
    assert openings(found, [POD]) == [
        "mixed lets in TCP 8000-8010 from ::/0 except 2a00::5/128",
        f"mixed lets in TCP 8000-8010 from {prober}",
        "mixed lets out UDP every port to all pods of all namespaces",
    ]
    assert openings([], [POD]) == [
        "no policy holds one: everything is let in",
        "no policy holds one: everything is let out",
    ]


def test_pods_on_their_node_s_network_are_refused_with_what_helps(tmp_path: Path) -> None:
    (tmp_path / "d.json").write_text(json.dumps(deployment(hostNetwork=True)))
    with pytest.raises(RefusedError, match="network of its node") as caught:
        network_isolation(OURS, tmp_path)
    assert "sre incident isolate stop" in caught.value.hint


@pytest.mark.parametrize(
    ("spec", "said"),
    [
        ({"podSelector": {"matchLabel": {"a": "b"}}}, "did you mean 'matchLabels'"),
        ({"podSelector": {"matchExpressions": [{"key": "a", "operator": "Within"}]}}, "not known"),
        ({"podSelector": {"matchExpressions": [{"key": "a", "operator": "In"}]}}, "does not fit"),
        ({"podSelector": {}, "policyTypes": ["Inward"]}, "'Inward' is not known"),
        ({"podSelector": {}, "ingress": [{"from": [{}]}]}, "names nobody"),
        ({"podSelector": {}, "ingress": [{"from": [{"ipBlock": {"cidr": "10"}}]}]}, "no block"),
    ],
)
def test_a_policy_that_nobody_can_judge_is_an_error(spec: Raw, said: str, tmp_path: Path) -> None:
    policy = {"kind": "NetworkPolicy", "metadata": {"name": "odd"}, "spec": spec}
    (tmp_path / "p.yaml").write_text(yaml.safe_dump(policy))
    with pytest.raises(BadInputError) as caught:
        network_isolation(OURS, tmp_path)
    assert said in f"{caught.value} {caught.value.hint}"
