"""The union of all policies says of every single connection just what Kubernetes would."""

import json
from ipaddress import ip_address, ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ops.incidents.isolation.addresses import Addresses, union
from ops.incidents.isolation.connections import connects
from ops.incidents.isolation.manifests import read_policies
from ops.incidents.isolation.policies import Pod
from ops.incidents.isolation.rules import Block
from ops.incidents.isolation.union import reach
from tests.support.sampling import examples

SERVICE = Pod("service", "prod", {"app": "calendar"}, ports={"http": 8000})
Raw = dict[str, Any]


def policy(name: str, selected: Raw | None = None, **spec: Any) -> Raw:
    about = {"name": name, "namespace": "prod"}
    return {"kind": "NetworkPolicy", "metadata": about,
            "spec": {"podSelector": selected or {}, **spec}}  # fmt: skip


def opened(*policies: Raw, pod: Pod = SERVICE) -> list[str]:
    found = read_policies("p.json", json.dumps({"items": list(policies)}), "prod")
    return [one.shown for one in reach(found, pod)]


NETWORKS = st.builds(
    lambda number, length: str(ip_network((number << 8 | 10 << 24, length), strict=False)),
    st.integers(0, 255), st.integers(24, 32),
)  # fmt: skip
BLOCKS = st.builds(Block, NETWORKS, st.lists(NETWORKS, max_size=3).map(tuple))


@examples(150)
@given(st.lists(BLOCKS, max_size=4), st.lists(st.integers(0, 65535), min_size=20, max_size=20))
def test_addresses_are_those_of_any_block_but_for_what_that_block_leaves_out(
    blocks: list[Block], numbers: list[int]
) -> None:
    found = union(blocks)
    edges = [int(ip_network(one)[0]) for block in blocks for one in (block.cidr, *block.without)]
    for number in (*((10 << 24) + each for each in numbers), *edges, *(one - 1 for one in edges)):
        address = ip_address(number)
        wanted = any(
            address in ip_network(block.cidr)
            and not any(address in ip_network(hole) for hole in block.without)
            for block in blocks
        )
        assert found.holds(str(address)) is wanted
    if blocks and found != Addresses():  # what is shown is the same set, read back
        shown = found.shown.partition(" except ")
        if shown[1]:
            assert union([Block(shown[0], tuple(shown[2].split(", ")))]) == found
        else:
            assert union([Block(one) for one in shown[0].split(", ")]) == found


def test_what_one_policy_leaves_out_another_lets_in() -> None:
    everybody_but = {"ipBlock": {"cidr": "0.0.0.0/0", "except": ["203.0.113.9/32", "10.0.0.0/8"]}}
    block = policy("block", ingress=[{"from": [everybody_but], "ports": [{"port": 8000}]}])
    inside = policy("inside", ingress=[{"from": [{"ipBlock": {"cidr": "10.0.0.0/8"}}]}])
    first, *_ = opened(block)
    assert first == "block lets in TCP 8000 from 0.0.0.0/0 except 10.0.0.0/8, 203.0.113.9/32"
    assert "block and inside let in TCP 8000 from 0.0.0.0/0 except 203.0.113.9/32" in opened(
        block, inside
    )
    careless = policy("careless", ingress=[{"from": [{"ipBlock": {"cidr": "203.0.113.0/24"}}]}])
    assert "block and inside and careless let in TCP 8000 from 0.0.0.0/0" in opened(
        block, inside, careless
    )


def test_ports_are_joined_over_policies_names_and_ranges() -> None:
    peer = [{"podSelector": {"matchLabels": {"app": "web"}}}]
    found = opened(
        policy("a", ingress=[{"from": peer, "ports": [{"port": 7000, "endPort": 7999}]}]),
        policy("b", ingress=[{"from": peer, "ports": [{"port": "http"}, {"port": 8001}]}]),
        policy("c", policyTypes=["Egress"]),
    )
    assert found == ["a and b let in TCP 7000-8001 from pods with app in (web) of its namespace"]
    every = opened(
        policy("a", ingress=[{"from": peer, "ports": [{"port": 1, "endPort": 65535}]}]),
        policy("b", ingress=[{"ports": [{"protocol": "TCP"}]}]),
        policy("c", policyTypes=["Egress"]),
    )
    assert every == ["b lets in TCP every port from everybody"]


def test_a_deny_that_stands_alone_closes_and_beside_an_allow_changes_nothing() -> None:
    deny = policy("deny", policyTypes=["Ingress", "Egress"])
    assert opened(deny) == []
    allow = policy("allow", ingress=[{}], egress=[{"to": [], "ports": []}])
    assert opened(deny, allow) == [
        "allow lets in every port from everybody",
        "allow lets out every port to everybody",
    ]
    elsewhere = policy("elsewhere", {"matchLabels": {"app": "other"}}, ingress=[{}])
    assert opened(deny, elsewhere) == []


def test_both_sides_have_to_let_a_connection_through() -> None:
    web = Pod("web", "shop", {"app": "web"})
    out = policy("out", {"matchLabels": {"app": "web"}}, policyTypes=["Egress"], egress=[
        {"to": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "prod"}}}],
         "ports": [{"port": "http"}]}])  # fmt: skip
    out["metadata"]["namespace"] = "shop"
    into = policy("into", ingress=[
        {"from": [{"namespaceSelector": {"matchLabels": {"kubernetes.io/metadata.name": "shop"}},
                   "podSelector": {"matchLabels": {"app": "web"}}}],
         "ports": [{"port": 8000}]}])  # fmt: skip

    def through(*policies: Raw, port: int = 8000) -> bool:
        found = read_policies("p.json", json.dumps({"items": list(policies)}), "prod")
        return connects(found, web, SERVICE, port)

    assert through()
    assert through(out, into)
    assert not through(out, into, port=8001)
    assert not through(policy("deny"), out)
    into["spec"]["ingress"][0]["from"][0].pop("namespaceSelector")  # now its own namespace
    assert not through(out, into)


@pytest.mark.parametrize(("port", "wanted"), [(8000, "http"), (1, "")])
def test_the_text_of_an_opening_names_every_policy_that_makes_it(port: int, wanted: str) -> None:
    rule = [{"ports": [{"port": wanted or port}]}]
    policies = read_policies(
        "p.json",
        json.dumps({"items": [policy("x", ingress=rule), policy("y", ingress=rule)]}),
        "prod",
    )
    found = [one for one in reach(policies, SERVICE) if one.direction == "Ingress"]
    assert [one.shown for one in found] == [f"x and y let in TCP {port} from everybody"]
    assert found[0].is_everybody
    assert not found[0].is_every_port
