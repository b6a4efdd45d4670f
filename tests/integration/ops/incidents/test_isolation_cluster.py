"""Isolation on Kubernetes, done by kubectl itself: done means that kubectl shows it."""

import json
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from sre.running import run
from tests.support.kubernetes_api import Cluster, listening_cluster, pod, policy
from tests.support.wanted import command_from_debian


@pytest.fixture(autouse=True)
def _kubectl() -> None:
    command_from_debian("kubectl")


ISOLATE = ["incident", "isolate", "network", "--namespace", "prod"]
APPLY = [*ISOLATE, "--apply", "--no-evidence", "--json"]
APP = {"matchLabels": {"app": "calendar-assistant"}}
FROM_MONITORING: dict[str, Any] = {
    "podSelector": {"matchExpressions": [{"key": "tier", "operator": "Exists"}]},
    "policyTypes": ["Ingress"],
    "ingress": [{"from": [{"namespaceSelector": {}}], "ports": [{"port": 9100}]}],
}


@pytest.fixture
def cluster(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cluster]:
    with listening_cluster(tmp_path) as (found, config):
        monkeypatch.setenv("KUBECONFIG", str(config))
        monkeypatch.setenv("HOME", str(tmp_path))
        found.pods.append(pod("calendar-assistant-1", app="calendar-assistant", tier="web"))
        yield found


def shown(capsys: pytest.CaptureFixture[str], code: int, *words: str) -> dict[str, Any]:
    assert run([*words]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


@pytest.mark.thorough
def test_a_policy_that_allows_something_is_taken_off_the_pods_and_comes_back(
    cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster.policies["monitoring"] = policy("monitoring", FROM_MONITORING)
    (deny, amend) = shown(capsys, 0, *ISOLATE, "--json")["steps"]
    assert "monitoring lets in TCP 9100 from all pods of all namespaces" in amend["effect"]
    assert "its own nodes" in deny["effect"]
    assert list(cluster.policies) == ["monitoring"]
    done = shown(capsys, 0, *APPLY)
    assert (done["still_open"], done["unseen"]) == ([], "")
    assert [step["problem"] for step in done["steps"]] == ["", ""]
    changed = cluster.policies["monitoring"]["spec"]["podSelector"]["matchExpressions"]
    left_out = {"key": "app", "operator": "NotIn", "values": ["calendar-assistant"]}
    assert changed == [{"key": "tier", "operator": "Exists"}, left_out]
    for step in reversed(done["steps"]):
        subprocess.run(shlex.split(step["undo"]), check=True, capture_output=True)
    assert cluster.policies["monitoring"]["spec"] == FROM_MONITORING
    assert list(cluster.policies) == ["monitoring"]


def test_a_policy_that_cannot_be_amended_leaves_it_open_and_that_is_reported(
    cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    spec = {"podSelector": APP, "policyTypes": ["Egress"], "egress": [{}]}
    cluster.policies["all-out"] = policy("all-out", spec)
    cluster.refusals.add("PATCH")
    done = shown(capsys, 3, *APPLY)
    assert [bool(step["problem"]) for step in done["steps"]] == [False, True]
    assert done["still_open"] == ["all-out lets out every port to everybody"]


def test_a_policy_that_cannot_be_read_is_never_taken_for_closed(
    cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster.refusals.add("GET")
    done = shown(capsys, 3, *APPLY)
    assert "policies are not yours" in done["unseen"]
    assert done["still_open"] is None


def test_isolating_pods_that_there_are_not_is_not_done(
    cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster.pods[0]["metadata"]["labels"]["app"] = "calendar"
    assert run([*APPLY[:-1]]) == 1
    assert "OPEN      no pod of the namespace prod has the label" in capsys.readouterr().out


def test_pods_on_their_node_s_network_are_refused_before_anything_is_done(
    cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster.pods[0]["spec"]["hostNetwork"] = True
    assert run(APPLY) == 4
    assert "network of its node" in capsys.readouterr().err
    assert cluster.policies == {}


STOP = ["incident", "isolate", "stop", "--namespace", "prod", "--apply", "--no-evidence", "--json"]


def test_stopping_is_reported_as_done_once_no_pod_runs(
    cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    (step,) = shown(capsys, 0, *STOP)["steps"]
    assert (step["problem"], cluster.pods, cluster.replicas) == ("", [], 0)


def test_a_pod_that_goes_on_is_reported_and_stopping_is_not_done(
    cluster: Cluster, capsys: pytest.CaptureFixture[str]
) -> None:
    cluster.stuck = 1
    (step,) = shown(capsys, 3, *STOP)["steps"]
    assert "did not end" in step["problem"]
    assert "calendar-assistant-1" in step["problem"]


@pytest.mark.usefixtures("cluster")
def test_what_policies_do_not_cut_is_reported(capsys: pytest.CaptureFixture[str]) -> None:
    (deny,) = shown(capsys, 0, *ISOLATE, "--json")["steps"]
    assert "does not enforce them" in deny["effect"]
    assert "open already" in deny["effect"]
