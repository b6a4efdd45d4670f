"""The chart's pods are shut as Pod Security's `restricted` has it, and what opens one is found."""

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest

from tests.support.chart import SHIPPED, VARIED, documents, of_kind, pods_of
from tests.support.checkov import findings
from tests.support.sharing import shared_folder

Raw = dict[str, Any]


def deployment(change: Callable[[Raw, Raw], object]) -> Raw:
    """Return the service's Deployment with a change of its pod and its container."""
    one = of_kind("production", "Deployment")["calendar-assistant"]
    pod = one["spec"]["template"]["spec"]
    change(pod, pod["containers"][0])
    return one


def privilege(name: str, *, to: object) -> Callable[[Raw, Raw], object]:
    return lambda _, container: container["securityContext"].update({name: to})


OPENED = MappingProxyType({
    "runs as root": (lambda pod, _: pod["securityContext"].update(runAsNonRoot=False, runAsUser=0),
                     "CKV_K8S_23"),
    "a low user": (lambda pod, _: pod["securityContext"].update(runAsUser=999), "CKV_K8S_40"),
    "privileged": (privilege("privileged", to=True), "CKV_K8S_16"),
    "gains privileges": (privilege("allowPrivilegeEscalation", to=True), "CKV_K8S_20"),
    "writable root": (privilege("readOnlyRootFilesystem", to=False), "CKV_K8S_22"),
    "keeps capabilities": (privilege("capabilities", to={}), "CKV_K8S_37"),
    "adds a capability": (privilege("capabilities", to={"drop": ["ALL"], "add": ["SYS_ADMIN"]}),
                          "CKV_K8S_39"),
    "no seccomp": (lambda pod, _: pod["securityContext"].pop("seccompProfile"), "CKV_K8S_31"),
    "the node's network": (lambda pod, _: pod.update(hostNetwork=True), "CKV_K8S_19"),
    "the node's processes": (lambda pod, _: pod.update(hostPID=True), "CKV_K8S_17"),
    "the node's memory": (lambda pod, _: pod.update(hostIPC=True), "CKV_K8S_18"),
    "the engine's socket": (
        lambda pod, _: pod["volumes"].append(
            {"name": "x", "hostPath": {"path": "/var/run/docker.sock"}}), "CKV_K8S_27"),
    "a token of the cluster": (lambda pod, _: pod.update(automountServiceAccountToken=True),
                               "CKV_K8S_38"),
    "no limit of memory": (lambda _, c: c["resources"]["limits"].pop("memory"), "CKV_K8S_13"),
    "no limit of processors": (lambda _, c: c["resources"]["limits"].pop("cpu"), "CKV_K8S_11"),
    "no liveness": (lambda _, container: container.pop("livenessProbe"), "CKV_K8S_8"),
    "no readiness": (lambda _, container: container.pop("readinessProbe"), "CKV_K8S_9"),
    "any image": (lambda _, container: container.update(image="calendar-sre/service:latest"),
                  "CKV_K8S_14"),
})  # fmt: skip
"""One security setting each that is opened, and the check that says so."""


RESTRICTED: dict[str, Callable[[Raw], object]] = {
    "its user": lambda pod: pod["securityContext"]["runAsNonRoot"] is True
    and pod["securityContext"]["runAsUser"] > 10_000,
    "its system calls": lambda pod: pod["securityContext"].get("seccompProfile")
    == {"type": "RuntimeDefault"},
    "a token of the cluster": lambda pod: pod["automountServiceAccountToken"] is False,
    "the node": lambda pod: not {"hostNetwork", "hostPID", "hostIPC"} & pod.keys()
    and all("hostPath" not in one for one in pod["volumes"]),
    "its privileges": lambda pod: all(one["securityContext"] == {
        "allowPrivilegeEscalation": False, "readOnlyRootFilesystem": True,
        "capabilities": {"drop": ["ALL"]}} for one in pod["containers"]),
    "its limits": lambda pod: all(one["resources"]["limits"].keys() == {"cpu", "memory"}
                                  for one in pod["containers"]),
    "its image": lambda pod: all(
        re.search(r"(:(?!latest$)[\w.-]+|@sha256:[0-9a-f]{64})$", one["image"])
        for one in pod["containers"]),
}  # fmt: skip
"""What Pod Security's `restricted` asks of a pod, and what we ask beyond it."""


def opened_in(pod: Raw) -> list[str]:
    """Return what is open in a pod that should be shut."""
    return [name for name, is_shut in RESTRICTED.items() if not is_shut(pod)]


@pytest.mark.parametrize("name", [*SHIPPED, *VARIED])
def test_every_pod_is_restricted_and_no_ingress_is_without_a_certificate(name: str) -> None:
    objects = documents(name)
    assert [opened_in(pod["spec"]) for pod in pods_of(objects).values()] == [[]] * len(
        pods_of(objects)
    )
    for one in objects:
        if one["kind"] == "Ingress":
            covered = {host for tls in one["spec"]["tls"] for host in tls["hosts"]}
            assert {rule["host"] for rule in one["spec"]["rules"]} <= covered
        assert one["kind"] not in {"Role", "ClusterRole", "RoleBinding", "ClusterRoleBinding"}


def test_each_setting_that_is_opened_is_found_by_its_name() -> None:
    probes = {"no liveness", "no readiness"}
    found = {name: opened_in(deployment(change)["spec"]["template"]["spec"])
             for name, (change, _) in OPENED.items() if name not in probes}  # fmt: skip
    assert {name: len(said) for name, said in found.items()} == dict.fromkeys(found, 1)


@pytest.fixture(scope="module")
def found() -> dict[str, list[str]]:
    """Ask checkov once about everything: what is shipped, and each mutation by itself."""

    def look(folder: Path) -> None:
        every = [one for name in (*SHIPPED, *VARIED) for one in documents(name)
                 if not one["metadata"]["name"].startswith("dashboard-")]  # fmt: skip
        different = list({json.dumps(one, sort_keys=True): one for one in every}.values())
        sets = {name: [deployment(change)] for name, (change, _) in OPENED.items()}
        (folder / "manifests").mkdir()
        said = findings({"shipped": different} | sets, folder / "manifests")
        (folder / "found.json").write_text(json.dumps(said))

    made: dict[str, list[str]] = json.loads(
        (shared_folder("checkov", look) / "found.json").read_text()
    )
    return made


@pytest.mark.thorough
def test_checkov_has_nothing_against_any_set_of_values(found: dict[str, list[str]]) -> None:
    assert found["shipped"] == []


@pytest.mark.thorough
@pytest.mark.parametrize("name", OPENED)
def test_a_setting_that_is_opened_makes_its_check_fail(
    name: str, found: dict[str, list[str]]
) -> None:
    assert OPENED[name][1] in {one.partition(" ")[0] for one in found[name]}
