"""Every generated file, as text, from objectives, thresholds and pages."""

from collections.abc import Mapping, Sequence
from typing import Final

from alerts.names import burn_alert
from alerts.page import Page, render
from alerts.render import Links, rule_file
from alerts.rule import Alert, RuleSet
from alerts.ruleset import build_rules
from alerts.thresholds import Thresholds
from slo.errors import BadInputError
from slo.fields import closest
from slo.objective import Objective

RULES_PATH: Final = "generated/calendar.yaml"


def build_files(
    objectives: Sequence[Objective],
    texts: Mapping[str, Page],
    limits: Thresholds,
    links: Links,
) -> dict[str, str]:
    """Return path below alerts/ to text, for every generated file."""
    rules = build_rules(objectives, limits)
    pages = pages_of(rules, objectives, texts)
    files = {RULES_PATH: rule_file(rules.groups, pages, links)}
    for alert in rules.alerts():
        files[f"runbooks/{alert.name}.md"] = render(alert.name, pages[alert.name], _facts(alert))
    return files


def pages_of(
    rules: RuleSet, objectives: Sequence[Objective], texts: Mapping[str, Page]
) -> dict[str, Page]:
    """Return the page of each alert; burn alerts share two texts, filled for each objective.

    Raises BadInputError for an alert without a text, or a text without an alert.
    """
    found = dict(texts)
    fast, slow = found.pop("Fast"), found.pop("Slow")
    for each in objectives:
        values = {
            "SLO": each.name,
            "OBJECTIVE": each.display_name,
            "TARGET": f"{each.target:.10g}",
            "BUDGET": f"{each.budget:.10g}",
            "PERIOD": f"{each.window.total_seconds():.0f}",
        }
        found[burn_alert(each.name, fast=True)] = fast.filled(values)
        found[burn_alert(each.name, fast=False)] = slow.filled(values)
    names = {alert.name for alert in rules.alerts()}
    for name in sorted(names ^ found.keys()):
        side = "has no text" if name in names else "is a text without an alert"
        raise BadInputError(
            f"alerts/pages: {name} {side}", hint=closest(name, names | found.keys())
        )
    return found


def _facts(alert: Alert) -> tuple[str, ...]:
    waits = "at once" if alert.hold == "0s" else f"after {alert.hold}"
    stays = "ends at once" if alert.keep == "0s" else f"stays for {alert.keep}"
    return (
        f"Severity {alert.severity}, priority {alert.priority}",
        f"Fires {waits}, {stays} when its condition ends",
        f"Condition: `{alert.expr}`",
    )
