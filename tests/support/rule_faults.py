"""Rule files with one fault each, and their mended twins, out of `tests/unit/alerts/faults`."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import yaml

from alerts.checks.live import Live
from tests.support.yaml_text import from_yaml

FAULTS: Final = Path(__file__).parents[1] / "unit/alerts/faults"
ALONE: Final[list[dict[str, Any]]] = from_yaml((FAULTS / "alone.yaml").read_text())
WITH_A_SERVER: Final[list[dict[str, Any]]] = from_yaml((FAULTS / "server.yaml").read_text())
METRICS: Final = (FAULTS / "server.txt").read_text()
EXTERNAL_LABELS: Final = {"region": "eu"}
_SERIES: Final = re.compile(r"(\w+)\{(.*)\} \S+")
_PAIR: Final = re.compile(r'(\w+)="([^"]*)"')


def rule_file(case: Any, expr: str) -> str:
    """Return the rule file of one side of a case; `expr` is that of a rule which names none."""
    text = str(yaml.safe_dump({"groups": _groups(case, expr)}, sort_keys=False))
    # What YAML 1.1 reads as true or false has to stand in the file as people write it.
    return text.replace(": false", ": No").replace(": true", ": Yes")


def _groups(case: Any, expr: str) -> list[dict[str, Any]]:
    fields: dict[str, Any] = {"expr": case} if isinstance(case, str) else dict(case)
    if "groups" in fields:
        return [
            {**each, "rules": [_told(rule) for rule in each["rules"]]} for each in fields["groups"]
        ]
    group = {"name": "g", **fields.pop("group", {})}
    if "rules" in fields:
        return [{**group, "rules": [_told(rule) for rule in fields["rules"]]}]
    if "record" in fields and "expr" in fields:
        return [{**group, "rules": [fields]}]
    alert = {"alert": "Full", "expr": expr, "for": "10m"}
    rule = {key: value for key, value in _told({**alert, **fields}).items() if value is not None}
    return [{**group, "rules": [rule]}]


def _told(rule: Mapping[str, Any]) -> dict[str, Any]:
    texts = {"labels": {"severity": "page"}, "annotations": {"summary": "it is full"}}
    return dict(rule) if "record" in rule and "alert" not in rule else {**texts, **rule}


def served() -> Live:
    """Return what a server that scrapes `METRICS` has to tell."""
    series: dict[str, list[dict[str, str]]] = {}
    for line in METRICS.splitlines():
        if (found := _SERIES.match(line)) is not None:
            target = {"job": "parcels", "instance": "a:1"}
            series.setdefault(found[1], []).append({**target, **dict(_PAIR.findall(found[2]))})
    types = dict(re.findall(r"# TYPE (\w+) (\w+)", METRICS))
    return Live(
        frozenset(series), types, {name: tuple(each) for name, each in series.items()},
        external_labels=frozenset(EXTERNAL_LABELS),
    )  # fmt: skip
