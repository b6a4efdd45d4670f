"""Every generated file, as text, from objectives, thresholds and pages."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from typing import Final

from alerts.behaviour.case import Case
from alerts.behaviour.catalogue import Expected, family_tests
from alerts.behaviour.objective_tests import objective_tests
from alerts.manifests import MANIFEST_PATH, prometheus_rule
from alerts.names import (
    SERVICE_DOWN,
    burn_alert,
    gone_alert,
    part_alert,
    policy_alert,
    unmeasured_alert,
)
from alerts.objective_rules import GROUP
from alerts.own_rules import OwnRules
from alerts.page import Page, render
from alerts.render import Links, rule_file
from alerts.routing.config import CONFIG_PATH, alertmanager_config
from alerts.routing.escalation import escalation_group
from alerts.routing.receivers import Receivers
from alerts.rule import Alert, RuleSet
from alerts.ruleset import build_rules, own_of
from alerts.scope import services_of
from alerts.thresholds import Thresholds
from kit.pure.durations import to_prometheus
from kit.pure.errors import BadInputError
from kit.pure.fields import closest
from slo.objective import Objective
from slo.policy import Policy
from slo.project.project import Project
from slo.recorded import is_ours, selector_of
from slo.windows import PAGES, TICKETS, for_window

_MADE: Final = "generated/"
OBJECTIVES_PATH: Final = "generated/objectives.yaml"


@dataclass(frozen=True, slots=True)
class Texts:
    """What the files say: pages of families and of the project, links, receivers, the message."""

    pages: Mapping[str, Page]
    own_pages: Mapping[str, Page]
    links: Links
    receivers: Receivers
    template: str


@dataclass(frozen=True, slots=True)
class Behaviours:
    """The cases of a project's own alerts, and what all alerts are expected to do."""

    own: Mapping[str, Sequence[Case]]
    expected: Expected


@dataclass(frozen=True, slots=True)
class Files:
    """Path below the output folder to text, and why a family is not among the rules."""

    texts: dict[str, str]
    left_out: tuple[str, ...]


def build_files(
    project: Project,
    objectives: Sequence[Objective],
    limits: Thresholds,
    own: OwnRules,
    texts: Texts,
    behaviours: Behaviours,
    source: str = "",
) -> Files:
    """Return every generated file.

    `source` is the path, quoted for a shell, by which the commands of runbook pages find
    objectives that are not the project's.
    """
    built = build_rules(project, objectives, limits, own)
    rules, links, prefix = built.rules, texts.links, project.prefix
    escalation = escalation_group(
        prefix, services_of(objectives), rules.alerts(), texts.receivers.times
    )
    everything = RuleSet((*rules.groups, escalation))
    place = {"FOLDER": f" {source}", "WHERE": f" --objectives {source}"} if source else {}
    values = {"FOLDER": "", "WHERE": "", **place, **values_of(project)}
    pages = {
        name: page.filled(values)
        for name, page in pages_of(
            everything,
            objectives,
            texts.pages,
            texts.own_pages,
            *([project.shown(project.paths.pages)] if project.paths.pages else []),
        ).items()
    }
    path, aside = rules_path(project, objectives), escalation_path(project)
    template = texts.template.replace("%PREFIX%", prefix)
    files = {
        path: rule_file(rules.groups, pages, links),
        aside: rule_file((escalation,), pages, links),
        MANIFEST_PATH: prometheus_rule(
            everything, pages, links, name=_manifest(project, objectives), owner=f"{prefix}-sre"
        ),
        CONFIG_PATH: alertmanager_config(texts.receivers, objectives, prefix, everything, own),
        template_path(project): template,
    }
    for name, page in pages.items():
        same = [alert for alert in everything.alerts() if alert.name == name]
        files[f"runbooks/{name}.md"] = render(name, page, _facts(same))
    tested = [f"../{path.removeprefix(_MADE)}", f"../{aside.removeprefix(_MADE)}"]
    shipped = project.name if project.first else None
    alone = (*built.alone, escalation)
    files |= objective_tests(
        alone, objectives, limits, tested, shipped, texts.receivers.times, rules.alerts()
    )
    if built.about is not None and not project.first:
        families = rules.alerts()
        files |= family_tests(built.about, families, behaviours.own, behaviours.expected, tested)
    return Files(files, built.left_out)


def rules_path(project: Project, objectives: Sequence[Objective]) -> str:
    """Return the rule file: the project's, or one of its own for others' objectives."""
    named = project_rules_path(project)
    return named if own_of(project, objectives) else OBJECTIVES_PATH


def project_rules_path(project: Project) -> str:
    """Return the file of the project's rules, whose name no other service's file has."""
    return f"generated/{project.prefix}.yaml"


def escalation_path(project: Project) -> str:
    """Return the file of the rules of escalation; that of the first project names nobody."""
    name = "escalation" if project.first else f"{project.prefix}-escalation"
    return f"generated/routing/{name}.yaml"


def template_path(project: Project) -> str:
    """Return the file of the message that every receiver uses."""
    return f"generated/routing/templates/{project.prefix}.tmpl"


def values_of(project: Project) -> dict[str, str]:
    """Return what the pages say of a project."""
    roles, places = project.roles, project.places
    route = roles.requests.route if roles.requests else None
    url = places.target or "http://localhost:8000"
    return {
        "SERVICE": project.name,
        "TITLE": project.title,
        "JOB": project.job,
        "URL": url,
        "READY": url + (project.ready or project.health or "/"),
        "METRICS": url + project.scrape,
        "COUNTER": roles.requests.counter if roles.requests else "",
        "ROUTE": route or "route",
        "PROBER": roles.prober.job if roles.prober else "",
        "PROMETHEUS": places.prometheus or "http://localhost:9090",
        "ALERTMANAGER": places.alertmanager or "http://localhost:9093",
    }


def _manifest(project: Project, objectives: Sequence[Objective]) -> str:
    """Return the name of the object on Kubernetes: ours, or one that does not replace it."""
    return f"{project.prefix}-sre" if own_of(project, objectives) else GROUP


def pages_of(
    rules: RuleSet,
    objectives: Sequence[Objective],
    families: Mapping[str, Page],
    own: Mapping[str, Page],
    folder: str = "the folder of [paths] pages",
) -> dict[str, Page]:
    """Return the page of each alert; burn alerts share texts, filled for each objective.

    A project's own page, of a file in `folder`, goes before that of the family. Raises
    BadInputError for an alert without a text, or a text of the project without an alert.
    """
    texts, there = {**families, **own}, {alert.name for alert in rules.alerts()}
    found = {name: page for name, page in texts.items() if name in there}
    for each in objectives:
        found |= _pages_of_objective(each, texts)
    served = any(alert.name == SERVICE_DOWN for alert in rules.alerts())
    _check_complete(there, {*found, *(own.keys() - set(_SHARED) if served else ())}, folder)
    return found


def _check_complete(alerts: AbstractSet[str], texts: AbstractSet[str], folder: str) -> None:
    """Raise BadInputError for an alert without a text, or a text without an alert."""
    for name in sorted(alerts - texts):
        free = ", ".join(sorted(texts - alerts))
        hint = f"add `{name}:` to a YAML file in {folder}: docs/alerts.md has the fields"
        raise BadInputError(
            f"the alert {name} has no page",
            hint=f"{hint}; or rename a page of no alert: {free}" if free else hint,
        )
    for name in sorted(texts - alerts):
        raise BadInputError(
            f"the page {name} is of no alert",
            hint=f"remove it, or write the alert; {closest(name, alerts)}",
        )


_TRACES: Final = (
    "See where slow requests spent their time and since which release.",
    "sre trace slow --since 1h --logs logs",
)
_SHARED: Final = (
    "Fast",
    "Slow",
    "ObjectiveFast",
    "ObjectiveSlow",
    "Part",
    "Unmeasured",
    "Gone",
    "Policy",
)


def _pages_of_objective(objective: Objective, texts: Mapping[str, Page]) -> dict[str, Page]:
    """Return the pages of the alerts that follow from one objective, by their names."""
    name, values, kind = objective.name, _values(objective), ""
    found = {}
    if not is_ours(objective):
        kind = "Objective"
        found[unmeasured_alert(name)] = texts["Unmeasured"].filled(values)
        found[gone_alert(name)] = texts["Gone"].filled(values)
        if objective.split_by is not None:
            part = {**values, "LABEL": objective.split_by}
            found[part_alert(name)] = texts["Part"].filled(part)
    for policy in objective.policies:
        if policy.breaching:
            asked = {**values, **_policy_values(policy)}
            found[policy_alert(name, policy.name)] = texts["Policy"].filled(asked)
    for fast, text in ((True, f"{kind}Fast"), (False, f"{kind}Slow")):
        page = texts[text].filled(values)
        # What no request is in, such as accuracy, no trace of a request explains.
        traced = not kind and objective.counts_requests
        found[burn_alert(name, fast=fast)] = _traced(page) if traced else page
    return found


def _traced(page: Page) -> Page:
    """Return a page of a project that keeps traces, which are looked at first."""
    return replace(page, diagnosis=(_TRACES, *page.diagnosis))


def _values(objective: Objective) -> dict[str, str]:
    """Return what the shared texts say of an objective."""
    return {
        "SLO": objective.name,
        "OWNER": objective.service,
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
