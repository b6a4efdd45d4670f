"""Every generated file, as text, from objectives, thresholds and pages."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import Final

from alerts.behaviour.objective_tests import objective_tests
from alerts.manifests import MANIFEST_PATH, prometheus_rule
from alerts.names import burn_alert, part_alert, policy_alert, unmeasured_alert
from alerts.objective_rules import GROUP, objective_groups
from alerts.page import Page, render
from alerts.render import Links, rule_file
from alerts.routing.config import CONFIG_PATH, alertmanager_config
from alerts.routing.escalation import escalation_group
from alerts.routing.receivers import Receivers
from alerts.rule import Alert, RuleSet
from alerts.ruleset import build_rules
from alerts.scope import services_of
from alerts.thresholds import Thresholds
from kit.pure.durations import to_prometheus
from kit.pure.errors import BadInputError
from kit.pure.fields import closest
from slo.objective import Objective
from slo.policy import Policy
from slo.recorded import is_ours, selector_of
from slo.windows import PAGES, TICKETS, for_window

RULES_PATH: Final = "generated/calendar.yaml"
OBJECTIVES_PATH: Final = "generated/objectives.yaml"
ESCALATION_PATH: Final = "generated/routing/escalation.yaml"
TEMPLATE_PATH: Final = "generated/routing/templates/calendar.tmpl"


def build_files(
    objectives: Sequence[Objective],
    texts: Mapping[str, Page],
    limits: Thresholds,
    links: Links,
    receivers: Receivers,
    template: str,
    source: str = "",
) -> dict[str, str]:
    """Return path below alerts/ to text, for every generated file.

    `source` is the path, quoted for a shell, by which the commands of runbook pages find
    objectives that do not ship.
    """
    rules = build_rules(objectives, limits)
    escalation = escalation_group(services_of(objectives))
    everything = RuleSet((*rules.groups, escalation))
    place = {"FOLDER": f" {source}", "WHERE": f" --objectives {source}"} if source else {}
    pages = {
        name: page.filled({"FOLDER": "", "WHERE": "", **place})
        for name, page in pages_of(everything, objectives, texts).items()
    }
    files = {
        rules_path(objectives): rule_file(rules.groups, pages, links),
        ESCALATION_PATH: rule_file((escalation,), pages, links),
        MANIFEST_PATH: prometheus_rule(everything, pages, links, name=_manifest(objectives)),
        CONFIG_PATH: alertmanager_config(receivers, objectives),
        TEMPLATE_PATH: template,
    }
    for name, page in pages.items():
        same = [alert for alert in everything.alerts() if alert.name == name]
        files[f"runbooks/{name}.md"] = render(name, page, _facts(same))
    own = (*objective_groups(objectives, limits), escalation)
    return files | objective_tests(own, objectives, limits, rules_path(objectives))


def rules_path(objectives: Sequence[Objective]) -> str:
    """Return the rule file: the one that is deployed, or one of its own for others' objectives."""
    return RULES_PATH if any(is_ours(each) for each in objectives) else OBJECTIVES_PATH


def _manifest(objectives: Sequence[Objective]) -> str:
    """Return the name of the object on Kubernetes: ours, or one that does not replace it."""
    return "calendar-sre" if any(is_ours(each) for each in objectives) else GROUP


def pages_of(
    rules: RuleSet, objectives: Sequence[Objective], texts: Mapping[str, Page]
) -> dict[str, Page]:
    """Return the page of each alert; burn alerts share texts, filled for each objective.

    Raises BadInputError for an alert without a text, or a text without an alert.
    """
    found = {name: page for name, page in texts.items() if name not in _SHARED}
    if not any(is_ours(each) for each in objectives):
        there = {alert.name for alert in rules.alerts()}
        found = {name: page for name, page in found.items() if name in there}
    for each in objectives:
        found |= _pages_of_objective(each, texts)
    _check_complete({alert.name for alert in rules.alerts()}, found.keys())
    return found


def _check_complete(alerts: AbstractSet[str], texts: AbstractSet[str]) -> None:
    """Raise BadInputError for an alert without a text, or a text without an alert."""
    for name in sorted(alerts - texts):
        free = ", ".join(sorted(texts - alerts))
        hint = f"add `{name}:` to a file in alerts/pages/, with the fields of those around it"
        raise BadInputError(
            f"the alert {name} has no page",
            hint=f"{hint}; or rename a page of no alert: {free}" if free else hint,
        )
    for name in sorted(texts - alerts):
        raise BadInputError(
            f"the page {name} in alerts/pages/ is of no alert",
            hint=f"remove it, or write the alert in alerts/catalogue/; {closest(name, alerts)}",
        )


_SHARED: Final = ("Fast", "Slow", "ObjectiveFast", "ObjectiveSlow", "Part", "Unmeasured", "Policy")


def _pages_of_objective(objective: Objective, texts: Mapping[str, Page]) -> dict[str, Page]:
    """Return the pages of the alerts that follow from one objective, by their names."""
    name, values, kind = objective.name, _values(objective), ""
    found = {}
    if not is_ours(objective):
        kind = "Objective"
        found[unmeasured_alert(name)] = texts["Unmeasured"].filled(values)
        if objective.split_by is not None:
            part = {**values, "LABEL": objective.split_by}
            found[part_alert(name)] = texts["Part"].filled(part)
    for policy in objective.policies:
        if policy.breaching:
            asked = {**values, **_policy_values(policy)}
            found[policy_alert(name, policy.name)] = texts["Policy"].filled(asked)
    for fast, text in ((True, f"{kind}Fast"), (False, f"{kind}Slow")):
        found[burn_alert(name, fast=fast)] = texts[text].filled(values)
    return found


def _values(objective: Objective) -> dict[str, str]:
    """Return what the shared texts say of an objective."""
    return {
        "SLO": objective.name,
        "RECORDED": selector_of(objective),
        "OBJECTIVE": objective.display_name,
        "TARGET": f"{objective.target:.10g}",
        "BUDGET": f"{objective.budget:.10g}",
        "PERIOD": f"{objective.window.total_seconds():.0f}",
        "LONG": to_prometheus(for_window(PAGES[0], objective).long),
        "SLOW": to_prometheus(for_window(TICKETS[0], objective).long),
    }


def _policy_values(policy: Policy) -> dict[str, str]:
    condition = policy.condition
    return {
        "POLICY": policy.name,
        "LOOKBACK": to_prometheus(condition.lookback),
        "THRESHOLD": f"{condition.threshold:.10g}",
        "AFTER": to_prometheus(condition.after),
    }


def _facts(same: Sequence[Alert]) -> tuple[str, ...]:
    """Return what a page says of its alert, and of the same alert of each further service."""
    alert = same[0]
    waits = "at once" if alert.hold == "0s" else f"after {alert.hold}"
    stays = "ends at once" if alert.keep == "0s" else f"stays for {alert.keep}"
    return (
        f"Severity {alert.severity}, priority {alert.priority}",
        f"Fires {waits}, {stays} when its condition ends",
        *(f"Condition: `{each.expr}`" for each in same),
    )
