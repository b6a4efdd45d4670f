"""Two teams that share a Prometheus and an Alertmanager: ours, and one of an invented service.

Some promises of the invented service are named as ours are: nobody can know the names of others.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from alerts.behaviour.case import gauge
from slo.edge.files import SHIPPED
from tests.support.calendar_alerts import SERVICE, generated, shipped_tests
from tests.support.examples import EXAMPLES
from tests.support.yaml_text import from_yaml

OTHER: Final = "order-queue"
TEAMS: Final = (SERVICE, OTHER)
SAME: Final = ("errors", "availability")
"""The names that promises of both teams have."""
LOUD: Final = "loud"
"""The label of alerts that are made up to disturb the other team."""
_READ: Final = re.compile(r"\bALERTS(?:_FOR_STATE)?\{[^}]*\}")
_RULES: Final = ("generated/calendar.yaml", "generated/objectives.yaml",
                 "generated/routing/escalation.yaml")  # fmt: skip


def objectives_of_other(folder: Path) -> Path:
    """Return a folder, below this one, with the promises of the invented service."""
    made = folder / OTHER
    made.mkdir(parents=True, exist_ok=True)
    for path in (
        *(EXAMPLES / f"{name}.yaml" for name in ("queue-lag", "gateway-routes")),
        *(SHIPPED / f"{name}.yaml" for name in SAME),
    ):
        text = re.sub(r"  service: .*", f"  service: {OTHER}", path.read_text())
        (made / path.name).write_text(text.replace('job="calendar-api"', f'job="{OTHER}"'))
    return made


def files_of(folder: Path, team: str) -> dict[str, str]:
    """Return what is generated for one team alone, its behaviour tests among it."""
    if team == OTHER:
        return generated(objectives_of_other(folder))
    rules = {path: text for path, text in generated().items() if path in _RULES}
    tests = shipped_tests().items()
    return rules | {f"generated/tests/{key}.json": json.dumps(test) for key, test in tests}


def groups_of(files: Mapping[str, str]) -> dict[str, list[dict[str, Any]]]:
    """Return the groups of each rule file of a team by the file's name."""
    return {Path(path).name: from_yaml(files[path])["groups"] for path in _RULES if path in files}


def rules_of(files: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return all rules of a team."""
    return [rule for groups in groups_of(files).values() for g in groups for rule in g["rules"]]


def names_of(rules: Iterable[Mapping[str, Any]]) -> list[str]:
    """Return the names of the alerts."""
    return [rule["alert"] for rule in rules if "alert" in rule]


def loud_labels(names: Iterable[str], team: str, **more: str) -> list[dict[str, str]]:
    """Return every alert twice: a team's, and one of a team that does not say who it is.

    Each is as much like an alert of the others as can be: a page about a route of theirs.
    """
    found = []
    for name in names:
        labels = {"alertname": name, "severity": "critical", "job": "prober", LOUD: "yes", **more}
        found += [{**labels, "service": team, "topic": name}, labels]
    return found


def loud_series(names: Iterable[str], team: str, minutes: int, **more: str) -> dict[str, str]:
    """Return the series of such alerts, that have fired since ever, in promtool's notation."""
    found = {}
    for labels in loud_labels(names, team, **more):
        written = ",".join(f'{key}="{value}"' for key, value in labels.items())
        found[f'ALERTS{{{written},alertstate="firing"}}'] = gauge((1, minutes))
        found[f"ALERTS_FOR_STATE{{{written}}}"] = gauge((0, minutes))
    return found


def reads_of(rules: Iterable[Mapping[str, Any]]) -> set[str]:
    """Return each selector of alerts in the rules, limited to loud ones."""
    found = {match for rule in rules for match in _READ.findall(str(rule["expr"]))}
    return {each.replace("{", f'{{{LOUD}="yes",', 1) for each in found}
