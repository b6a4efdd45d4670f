"""Policies and pods out of what kubectl prints, or of files with manifests."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import yaml

from kit.pure.errors import BadInputError
from kit.pure.fields import Field
from ops.incidents.isolation.labels import read_labels
from ops.incidents.isolation.policies import Pod, Policy, read_policy
from slo.edge.files import read_text

_ENDED = frozenset({"Succeeded", "Failed"})


@dataclass(frozen=True, slots=True)
class Workload:
    """A deployment whose pods carry the label `app` with its name."""

    name: str = "calendar-assistant"
    namespace: str = "default"


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
    paths = sorted(p for p in folder.rglob("*") if p.suffix in {".yaml", ".yml", ".json"})
    paths = paths if folder.is_dir() else [folder]
    try:
        texts = [(str(path), read_text(path)) for path in paths]
    except OSError as err:
        raise BadInputError(f"cannot read {folder}: {err}", hint="name a folder or file") from err
    if not texts:
        raise BadInputError(f"no manifests in {folder}", hint="name a folder of YAML files")
    space = workload.namespace
    policies = [one for source, text in texts for one in read_policies(source, text, space)]
    pods = [one for source, text in texts for one in _of_deployment(source, text, workload)]
    return policies, pods or [Pod(workload.name, workload.namespace, {"app": workload.name})]


def _of_deployment(source: str, text: str, workload: Workload) -> Iterator[Pod]:
    for each in _of_kind(source, text, "Deployment"):
        if _plain(each.need("metadata"), "name") == workload.name:
            template = each.need("spec").need("template")
            yield _pod(template, template.need("spec"), workload.namespace, workload.name)


def _pod(about: Field, spec: Field, namespace: str, name: str = "") -> Pod:
    metadata = about.need("metadata")
    labels = metadata.get("labels")
    return Pod(
        name or metadata.need("name").text(),
        namespace,
        read_labels(labels) if labels else {},
        is_on_node=_plain(spec, "hostNetwork") is True,
    )


def _of_kind(source: str, text: str, kind: str) -> Iterator[Field]:
    try:
        # What kubectl prints may be long, and YAML takes a hundred times as long over JSON.
        is_json = text.lstrip().startswith("{")
        documents = [json.loads(text)] if is_json else list(yaml.safe_load_all(text))
    except (yaml.YAMLError, ValueError) as err:
        reason = " ".join(str(err).split())
        raise BadInputError(f"{source}: is no manifest: {reason}", hint="fix the syntax") from err
    for number, document in enumerate(documents):
        if document is None:
            continue
        root = Field(source, f"[{number}]" if len(documents) > 1 else "", document)
        items = root.get("items")
        for each in items.items() if items else (root,):
            if _plain(each, "kind") == kind:
                yield each


def _plain(field: Field, name: str) -> object:
    found = field.get(name)
    return None if found is None else found.value
