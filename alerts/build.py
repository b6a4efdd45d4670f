"""Every generated file, as text, from objectives, thresholds and pages."""

from collections.abc import Mapping, Sequence
from typing import Final

from alerts.manifests import MANIFEST_PATH, prometheus_rule
from alerts.names import burn_alert
from alerts.page import Page, render
from alerts.render import Links, rule_file
from alerts.routing.config import CONFIG_PATH, alertmanager_config
from alerts.routing.escalation import escalation_group
from alerts.routing.receivers import Receivers
from alerts.rule import Alert, RuleSet
from alerts.ruleset import build_rules
from alerts.thresholds import Thresholds
from slo.errors import BadInputError
from slo.fields import closest
from slo.objective import Objective

RULES_PATH: Final = "generated/calendar.yaml"
ESCALATION_PATH: Final = "generated/routing/escalation.yaml"
TEMPLATE_PATH: Final = "generated/routing/templates/calendar.tmpl"


def build_files(
    objectives: Sequence[Objective],
    texts: Mapping[str, Page],
    limits: Thresholds,
    links: Links,
    receivers: Receivers,
    template: str,
) -> dict[str, str]:
    """Return path below alerts/ to text, for every generated file."""
    rules, escalation = build_rules(objectives, limits), escalation_group()
    everything = RuleSet((*rules.groups, escalation))
    pages = pages_of(everything, objectives, texts)
    files = {
        RULES_PATH: rule_file(rules.groups, pages, links),
        ESCALATION_PATH: rule_file((escalation,), pages, links),
        MANIFEST_PATH: prometheus_rule(everything, pages, links),
        CONFIG_PATH: alertmanager_config(receivers, objectives),
        TEMPLATE_PATH: template,
    }
    for alert in everything.alerts():
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
