"""Rule sets to the text of rule files."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import yaml

from alerts.names import CONTRADICTORY
from alerts.page import Page
from alerts.rule import Alert, Group, Record

HEADER: Final = "# Written by `sre alerts build` from the objectives. Do not edit: change those.\n"


@dataclass(frozen=True, slots=True)
class Links:
    """Where the pages and dashboards of alerts are; both end without a slash.

    `prefix` is how the uids of the project's boards begin.
    """

    prefix: str
    runbooks: str
    dashboards: str


class _Dumper(getattr(yaml, "CSafeDumper", yaml.SafeDumper)):  # type: ignore[misc]
    """Write long expressions as blocks and never with aliases."""

    def ignore_aliases(self, data: object) -> bool:
        """Never write an anchor."""
        del data
        return True


def _text(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    node: yaml.ScalarNode = dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)
    return node


_Dumper.add_representer(str, _text)


def dump(value: object) -> str:
    """Return YAML that is the same for the same value, with keys in the given order."""
    return yaml.dump(
        value, Dumper=_Dumper, sort_keys=False, width=100, allow_unicode=True, indent=2
    )


def rule_file(groups: tuple[Group, ...], pages: Mapping[str, Page], links: Links) -> str:
    """Return a Prometheus rule file."""
    return HEADER + dump({"groups": [group_value(group, pages, links) for group in groups]})


def group_value(group: Group, pages: Mapping[str, Page], links: Links) -> dict[str, object]:
    """Return a group as Prometheus and its operator's PrometheusRule write it."""
    value: dict[str, object] = {"name": group.name}
    if group.interval is not None:
        value["interval"] = group.interval
    value["rules"] = [
        _record(rule) if isinstance(rule, Record) else _alert(rule, pages[rule.name], links)
        for rule in group.rules
    ]
    return value


def _record(rule: Record) -> dict[str, object]:
    value: dict[str, object] = {"record": rule.name, "expr": rule.expr}
    if rule.labels:
        value["labels"] = dict(rule.labels)
    return value


def _alert(rule: Alert, page: Page, links: Links) -> dict[str, object]:
    value: dict[str, object] = {"alert": rule.name, "expr": rule.expr}
    if rule.hold != "0s":
        value["for"] = rule.hold
    if rule.keep != "0s":
        value["keep_firing_for"] = rule.keep
    value["labels"] = {
        "severity": str(rule.severity),
        "priority": str(rule.priority),
        **_topic(rule),
        **dict(rule.labels),
    }
    value["annotations"] = {
        "summary": page.summary,
        "description": f"{page.meaning} {page.impact}",
        "runbook_url": f"{links.runbooks}/{rule.name}.md",
        "dashboard_url": f"{links.dashboards}/d/{dashboard_of(rule, links.prefix)}",
    }
    return value


def _topic(rule: Alert) -> dict[str, str]:
    """Return what a silence acknowledges; an escalation carries the topic of its page."""
    return {} if rule.name.startswith("Escalated") else {"topic": rule.name}


def dashboard_of(rule: Alert, prefix: str) -> str:
    """Return the uid of the dashboard that has a panel for the alert; a test compares them."""
    labels = dict(rule.labels)
    named = "Budget" in rule.name or rule.name == CONTRADICTORY
    if named or "slo" in labels:  # of another service there is no other board
        return f"{prefix}-slo-{labels.get('slo', '{{ $labels.slo }}')}"
    return f"{prefix}-{rule.board or 'operations'}"
