"""Whose alerts a rule is about: each names its service, and looks at the alerts of no other."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Final

from alerts.rule import Alert, Group, Record
from slo.objective import Objective
from slo.project.project import Project
from slo.recorded import SERVICE_LABEL, SLO_LABEL

_READ: Final = re.compile(r"\b(ALERTS(?:_FOR_STATE)?)\{")


def scoped(alert: Alert, service: str) -> Alert:
    """Return an alert of this service, that reads only what is known of the service's alerts.

    In a Prometheus of several teams an alert of the same name may be anybody's.
    """
    labels = alert.labels
    if SERVICE_LABEL not in dict(labels):
        labels = (*labels, (SERVICE_LABEL, service))
    expr = _READ.sub(rf'\1{{{SERVICE_LABEL}="{service}",', alert.expr)
    return replace(alert, expr=expr, labels=labels)


def scoped_group(group: Group, service: str) -> Group:
    """Return the group with each of its alerts scoped to one service."""
    rules: Iterable[Record | Alert] = (
        scoped(rule, service) if isinstance(rule, Alert) else rule for rule in group.rules
    )
    return replace(group, rules=tuple(rules))


def own_alerts(alerts: Iterable[Alert], service: str) -> tuple[Alert, ...]:
    """Return the alerts that name this service."""
    return tuple(each for each in alerts if dict(each.labels).get(SERVICE_LABEL) == service)


def services_of(objectives: Sequence[Objective]) -> tuple[str, ...]:
    """Return whose objectives these are, each service once."""
    return tuple(dict.fromkeys(each.service for each in objectives))


def by_service(objectives: Sequence[Objective]) -> tuple[tuple[Objective, ...], ...]:
    """Return the objectives of each service."""
    services = services_of(objectives)
    return tuple(tuple(e for e in objectives if e.service == service) for service in services)


def matcher_of(services: Sequence[str]) -> str:
    """Return the matcher of the alerts of these services, for PromQL and Alertmanager alike."""
    if len(services) == 1:
        return f'{SERVICE_LABEL}="{services[0]}"'
    return f'{SERVICE_LABEL}=~"{"|".join(services)}"'


def labelled_groups(
    groups: Iterable[Group], project: Project, objectives: Sequence[Objective]
) -> tuple[Group, ...]:
    """Return the groups with the labels of the project, and of its objective, on each alert."""
    of_slo = {each.name: each for each in objectives}

    def labelled(rule: Record | Alert) -> Record | Alert:
        if isinstance(rule, Record):
            return rule
        own = dict(rule.labels)
        about = of_slo.get(own.get(SLO_LABEL, ""))
        ours = project.labels if own.get(SERVICE_LABEL) == project.name else ()
        more = dict(ours) | dict(about.labels if about else ())
        return replace(rule, labels=tuple((more | own).items()) if more else rule.labels)

    return tuple(
        replace(group, rules=tuple(labelled(rule) for rule in group.rules)) for group in groups
    )
