"""Network policies as a check sees them: who reaches the pods, and what a block really does."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ops.checks.blocking import effect_of
from ops.checks.finding import State
from ops.checks.reachable import Reached, Source, judge, see
from ops.checks.suspicious_ips import network_policy
from ops.incidents.isolation.manifests import Workload, read_policies
from ops.incidents.isolation.policies import Pod
from sre.running import run

OURS = Workload("calendar-assistant", "prod")
POD = Pod("one", "prod", {"app": "calendar-assistant"}, ports={"http": 8000})
PROBER = Pod("prober", "prod", {"app": "prober"})
GUESSER = "203.0.113.9"
Raw = dict[str, Any]


def policy(name: str, **spec: Any) -> Raw:
    selected = {"podSelector": {"matchLabels": {"app": "calendar-assistant"}}}
    return {"kind": "NetworkPolicy", "metadata": {"name": name, "namespace": "prod"},
            "spec": selected | spec}  # fmt: skip


CLOSED = policy("closed", policyTypes=["Ingress", "Egress"])
FROM_PROBER = policy("probes", ingress=[
    {"from": [{"podSelector": {"matchLabels": {"app": "prober"}}}], "ports": [{"port": "http"}]}
])  # fmt: skip


def reached(*policies: Raw) -> Reached:
    found = read_policies("p", json.dumps({"items": policies}), "prod")
    return Reached(OURS, found, [POD], [POD, PROBER])


def test_each_opening_is_named_with_its_policy_and_the_pods_that_are_meant() -> None:
    found = {one.subject: one for one in judge(reached(CLOSED, FROM_PROBER))}
    assert found["who reaches it"].state is State.PASS
    assert (
        found["· probes"].value
        == "TCP 8000 from pods with app in (prober) of its namespace: prober"
    )
    assert found["what it reaches"].value == "nothing but its own node"


@pytest.mark.parametrize(
    ("added", "subject", "state"),
    [
        (policy("wide", ingress=[{}]), "who reaches it", State.FAIL),
        (policy("web", ingress=[{"ports": [{"port": 8000}]}]), "who reaches it", State.WARN),
        (policy("out", policyTypes=["Egress"], egress=[{}]), "what it reaches", State.WARN),
        (policy("by-port", policyTypes=["Egress"], egress=[{"ports": [{"port": 443}]}]),
         "what it reaches", State.PASS),
    ],
)  # fmt: skip
def test_a_deny_beside_an_allow_is_no_deny(added: Raw, subject: str, state: State) -> None:
    found = {one.subject: one for one in judge(reached(CLOSED, added))}
    assert found[subject].state is state


def test_without_a_policy_everything_is_open_and_without_an_answer_nothing_is_known() -> None:
    bare = {one.subject: one.state for one in judge(reached())}
    assert bare == {"who reaches it": State.FAIL, "what it reaches": State.WARN}
    assert [one.state for one in judge("kubectl cannot be run")] == [State.NO_DATA]
    assert [one.state for one in judge(Reached(OURS, [], []))] == [State.NO_DATA]
    assert [one.state for one in judge(None)] == [State.INFO]


def test_a_cluster_that_does_not_answer_is_said_and_no_pass(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("PATH", "/nowhere")
    assert "kubectl cannot be run" in str(see(Source(OURS)))


def block(*policies: Raw) -> Any:
    manifest = network_policy([GUESSER], app="calendar-assistant", port=8000)
    return effect_of(manifest, [GUESSER], reached(*policies), port=8000)


def test_a_block_changes_nothing_for_whom_another_policy_lets_in() -> None:
    office = policy("office", ingress=[
        {"from": [{"ipBlock": {"cidr": "0.0.0.0/0"}}, {"ipBlock": {"cidr": "::/0"}}]}
    ])  # fmt: skip
    found = block(office)
    assert found.opens == ""
    assert found.still == ("office: every port from every address",)
    assert block() == block(policy("other", ingress=[{}], policyTypes=["Egress"]))
    assert block().still == ()


def test_a_block_that_would_open_the_pods_is_found() -> None:
    assert block(CLOSED).opens == "closed"
    assert block(CLOSED, FROM_PROBER).opens == "closed and probes"


def test_the_command_refuses_a_block_that_opens_and_writes_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "policies.json").write_text(json.dumps({"items": [CLOSED]}))
    stamp = datetime.now(UTC).isoformat()
    guesses = [
        {"timestamp": stamp, "level": "WARNING", "event": "unauthorized",
         "request_id": str(n), "reason": "wrong", "address": "8.8.8.8"}
        for n in range(40)
    ]  # fmt: skip
    (tmp_path / "calendar-api.log").write_text("".join(json.dumps(g) + "\n" for g in guesses))
    out = tmp_path / "block.yaml"
    words = ["check", "suspicious-ips", "--logs", str(tmp_path), "--since", "1h",
             "--block", str(out), "--namespace", "prod"]  # fmt: skip
    assert run([*words, "--policies", str(tmp_path / "policies.json")]) == 4
    said = capsys.readouterr().err
    assert "closed lets fewer in" in said
    assert "networkPolicy.blocked" in said
    assert not out.exists()
    (tmp_path / "policies.json").write_text(json.dumps({"items": []}))
    assert run([*words, "--policies", str(tmp_path / "policies.json")]) == 1
    assert out.is_file()
