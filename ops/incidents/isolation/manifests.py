"""Policies and pods out of what kubectl prints, or of files with manifests."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import yaml

from kit.edge.text_files import read_text
from kit.pure.errors import BadInputError
from kit.pure.fields import SAFE_LOADER, Field
from kit.pure.json_values import from_json
from ops.incidents.isolation.labels import read_labels
from ops.incidents.isolation.policies import Pod, Policy, read_policy
from ops.incidents.isolation.rules import LAST_PORT

_ENDED: Final = frozenset({"Succeeded", "Failed"})
_TEMPLATES: Final = {
    "Pod": (),
    **dict.fromkeys(("Deployment", "StatefulSet", "DaemonSet", "Job"), ("spec", "template")),
    "CronJob": ("spec", "jobTemplate", "spec", "template"),
}
"""Where the template of the pods is, in what makes them."""


@dataclass(frozen=True, slots=True)
class Workload:
    """A deployment whose pods carry the label `app` with its name, or pods by `KEY=VALUE`."""

    name: str = "calendar-assistant"
    namespace: str = "default"

    @property
    def label(self) -> tuple[str, str]:
        """Return the label of its pods."""
        key, found, value = self.name.partition("=")
        return (key, value) if found else ("app", self.name)


def read_policies(source: str, text: str, namespace: str) -> list[Policy]:
    """Return the NetworkPolicies in a text of YAML or JSON; other kinds are passed over."""
    return [read_policy(each, namespace) for each in _of_kind(source, text, "NetworkPolicy")]


def read_pods(source: str, text: str, namespace: str) -> list[Pod]:
    """Return the pods in a text that have not ended."""
    return [
        _pod(each, each.need("spec"), namespace)
        for each in _of_kind(source, text, "Pod")
        if not ((status := each.get("status")) and _plain(status, "phase") in _ENDED)
    ]


def read_files(folder: Path, workload: Workload) -> tuple[list[Policy], list[Pod]]:
    """Return the policies of a folder or file, and the pods that its deployment makes.

    Where it holds no such deployment, pods have the label `app` alone.
    """
    policies, pods, _ = read_all_files(folder, workload)
    return policies, pods


def read_all_files(folder: Path, workload: Workload) -> tuple[list[Policy], list[Pod], list[Pod]]:
    """Return the same, and a pod of everything that makes pods."""
    texts = _texts(folder)
    space = workload.namespace
    policies = [one for source, text in texts for one in read_policies(source, text, space)]
    made = [one for source, text in texts for one in read_workloads(source, text, space)]
    found = [pod for kind, pod in made if (kind, pod.name) == ("Deployment", workload.name)]
    pods = [pod for pod in found if pod.namespace == space]
    if found and not pods:
        elsewhere = found[0].namespace
        raise BadInputError(
            f"{folder} has {workload.name} in the namespace {elsewhere}, not in {space}",
            hint=f"give --namespace {elsewhere}",
        )
    pods = pods or [Pod(workload.name, space, dict([workload.label]))]
    return policies, pods, [pod for _, pod in made]


def read_workloads(source: str, text: str, namespace: str) -> Iterator[tuple[str, Pod]]:
    """Yield each kind that makes pods, and a pod with its labels under the maker's name."""
    for each in _objects(source, text):
        template, kind = each, str(_plain(each, "kind"))
        if kind not in _TEMPLATES:
            continue
        for name in _TEMPLATES[kind]:
            template = template.need(name)
        metadata = each.need("metadata")
        stated = metadata.get("namespace")
        space = stated.text() if stated else namespace
        yield kind, _pod(template, template.need("spec"), space, metadata.need("name").text())


def _texts(folder: Path) -> list[tuple[str, str]]:
    paths = sorted(p for p in folder.rglob("*") if p.suffix in {".yaml", ".yml", ".json"})
    paths = paths if folder.is_dir() else [folder]
    try:
        texts = [(str(path), read_text(path)) for path in paths]
    except OSError as err:
        raise BadInputError(f"cannot read {folder}: {err}", hint="name a folder or file") from err
    if not texts:
        raise BadInputError(f"no manifests in {folder}", hint="name a folder of YAML files")
    return texts


def _pod(about: Field, spec: Field, namespace: str, name: str = "") -> Pod:
    metadata = about.need("metadata")
    labels = metadata.get("labels")
    return Pod(
        name or metadata.need("name").text(),
        namespace,
        read_labels(labels) if labels else {},
        is_on_node=_plain(spec, "hostNetwork") is True,
        ports=dict(_named_ports(spec)),
        address=str(_plain(status, "podIP") or "") if (status := about.get("status")) else "",
    )


def _named_ports(spec: Field) -> Iterator[tuple[str, int]]:
    containers = spec.get("containers")
    for container in containers.items() if containers else ():
        ports = container.get("ports")
        for port in ports.items() if ports else ():
            if name := port.get("name"):
                yield name.text(), port.need("containerPort").whole(1, LAST_PORT)


def _of_kind(source: str, text: str, kind: str) -> Iterator[Field]:
    return (each for each in _objects(source, text) if _plain(each, "kind") == kind)


def _objects(source: str, text: str) -> Iterator[Field]:
    try:
        # What kubectl prints may be long, and YAML takes a hundred times as long over JSON.
        is_json = text.lstrip().startswith("{")
        documents = [from_json(text)] if is_json else list(yaml.load_all(text, Loader=SAFE_LOADER))
    except (yaml.YAMLError, ValueError) as err:
        reason = " ".join(str(err).split())
        raise BadInputError(f"{source}: is no manifest: {reason}", hint="fix the syntax") from err
    for number, document in enumerate(documents):
        if document is None:
            continue
        root = Field(source, f"[{number}]" if len(documents) > 1 else "", document)
        items = root.get("items")
        yield from items.items() if items else (root,)


def _plain(field: Field, name: str) -> object:
    found = field.get(name)
    return None if found is None else found.value
