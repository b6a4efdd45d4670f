"""The Helm chart, rendered by Helm itself once a test run for every set of values of the tests."""

import json
from collections.abc import Mapping
from copy import deepcopy
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final

from kit.edge.containers.catalog import ROOT
from tests.support.sharing import shared_folder
from tests.support.tool_environments import ask_tool
from tests.support.yaml_text import from_yaml

CHART: Final = ROOT / "deployment" / "helm" / "calendar-assistant"
SHIPPED: Final = ("default", "minimal", "production", "airgapped")
"""The sets of values that the chart comes with."""
Raw = dict[str, Any]

SECRETS: Final = {
    "mongodb-url": "mongodb://root:a@mongodb", "mongodb-password": "a", "redis-url": "r",
    "redis-password": "b", "admin-key": "0123456789abcdefghij",
}  # fmt: skip
BLOCKED: Final = ["203.0.113.9/32", "2001:db8::1/128"]
VARIED: Final[Mapping[str, Raw]] = MappingProxyType({
    "fixed": {"autoscaling": {"enabled": False}},
    "other-name": {"--": {"name": "blue"}},
    "load": {"load": {"enabled": True, "run": "7", "workers": 3}},
    "blocked": {"networkPolicy": {"blocked": BLOCKED}},
    "direct": {
        "ingress": {"enabled": False},
        "service": {"type": "LoadBalancer"},
        "networkPolicy": {"clients": ["0.0.0.0/0"], "blocked": BLOCKED},
    },
    "model": {
        "settings": {"llm_url": "https://model.example/v1", "import_limit_bytes": 10485760,
                     "cache_ttl_s": 0.5, "log_text": True},
        "networkPolicy": {"llm": {"cidrs": ["198.51.100.0/24"]}},
    },
    "traced": {"networkPolicy": {"traces": {
        "cidrs": ["198.51.100.7/32"],
        "gateway": {"namespace": "tracing", "podLabels": {"app": "collector"}},
    }}},
    "created": {"secrets": {"create": True, "values": SECRETS}},
    "changed": {"secrets": {"create": True, "values": SECRETS | {"redis-password": "c"}}},
    "no-job": {"schedules": {"jobs": {"golden": None}}},
    "digest": {"service": {"image": {"digest": "sha256:" + "0" * 64}}},
})  # fmt: skip
"""Values that change one thing."""

REFUSED: Final[Mapping[str, tuple[Raw, str]]] = MappingProxyType({
    "unknown key": ({"replicaCount": 3}, "replicaCount"),
    "unknown setting": ({"settings": {"loglevel": "debug"}}, "loglevel"),
    "secret as setting": ({"settings": {"mongodb_url": "mongodb://a"}}, "mongodb_url"),
    "setting out of range": ({"settings": {"request_deadline_s": 0}}, "request_deadline_s"),
    "setting of another kind": ({"settings": {"mode": "slow"}}, "mode"),
    "tag latest": ({"service": {"image": {"tag": "latest"}}}, "tag"),
    "no digest": ({"service": {"image": {"digest": "abc"}}}, "digest"),
    "no quantity": ({"service": {"resources": {"limits": {"memory": "1 GB"}}}}, "memory"),
    "no block": ({"networkPolicy": {"blocked": ["203.0.113.9"]}}, "blocked"),
    "no schedule": (
        {"schedules": {"jobs": {"x": {"schedule": "9:00", "every": 1, "run": [["sre"]]}}}},
        "schedule",
    ),
    "a shell in a schedule": (
        {"schedules": {"jobs": {"x": {"schedule": "0 9 * * *", "every": 1, "run": [["a; rm"]]}}}},
        "run",
    ),
    "short admin key": (
        {"secrets": {"create": True, "values": SECRETS | {"admin-key": "short"}}},
        "admin-key",
    ),
    "more than most": ({"autoscaling": {"min": 9, "max": 3}}, "autoscaling.min 9 is above"),
    "database nowhere": ({"mongodb": {"enabled": False}}, "networkPolicy.mongodb"),
    "model nowhere": ({"settings": {"llm_url": "https://a/v1"}}, "networkPolicy.llm"),
    "collector nowhere": (
        {"secrets": {"create": True, "values": SECRETS | {"traces-url": "http://otel:4318"}}},
        "networkPolicy.traces",
    ),
    "missing secret": ({"secrets": {"create": True, "values": {"mongodb-url": "a"}}},
                       "secrets.values has no"),
    "two writers": ({"secrets": {"create": True, "external": {"enabled": True}}},
                    "secrets.external.enabled"),
})  # fmt: skip
"""Values that Helm refuses, and what it must name."""


def documents(name: str) -> list[Raw]:
    """Return the objects of a set of values; each caller gets its own."""
    found = _rendered()[name]
    assert "error" not in found, found
    return deepcopy(list(found["documents"]))


def answer(name: str) -> Raw:
    """Return everything that Helm says of a set of values: an error, notes, what lint found."""
    found: Raw = _rendered()[name]
    return found


def of_kind(name: str, kind: str) -> dict[str, Raw]:
    """Return the objects of one kind by their names."""
    return {one["metadata"]["name"]: one for one in documents(name) if one["kind"] == kind}


def pods_of(objects: list[Raw]) -> dict[str, Raw]:
    """Return each pod (metadata and spec) by the kind and name of what makes it."""
    found = {}
    for one in objects:
        spec = one.get("spec", {})
        if one["kind"] == "Pod":
            template = one
        elif one["kind"] == "CronJob":
            template = spec["jobTemplate"]["spec"]["template"]
        elif one["kind"] in {"Deployment", "Job"}:
            template = spec["template"]
        else:
            continue
        found[f"{one['kind']} {one['metadata']['name']}"] = template
    return found


@cache
def _rendered() -> Raw:
    """Ask Helm once for the whole test run."""
    found: Raw = json.loads((shared_folder("chart", _render) / "rendered.json").read_text())
    return found


def _render(folder: Path) -> None:
    shipped = {
        name: from_yaml((CHART / f"values-{name}.yaml").read_text()) if name != "default" else {}
        for name in SHIPPED
    }
    refused = {name: values for name, (values, _) in REFUSED.items()}
    found = ask_tool(
        "helm", "render", {"chart": str(CHART), "sets": {**shipped, **VARIED, **refused}}
    )
    (folder / "rendered.json").write_text(json.dumps(found))
