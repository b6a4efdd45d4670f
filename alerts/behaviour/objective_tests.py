"""Test files for the alerts of anybody's objectives, for `promtool test rules`."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial

from alerts.behaviour.cases_burn import burn_tests
from alerts.behaviour.cases_escalation import escalation_tests
from alerts.behaviour.cases_gone import gone_tests
from alerts.behaviour.cases_objectives import (
    contradictory_tests,
    part_tests,
    policy_tests,
    spent_tests,
    ticket_tests,
    unmeasured_tests,
)
from alerts.behaviour.pinned import Pinned
from alerts.behaviour.promtool import test_value
from alerts.names import (
    CONTRADICTORY,
    burn_alert,
    gone_alert,
    part_alert,
    policy_alert,
    unmeasured_alert,
)
from alerts.rule import Alert, Group
from alerts.scope import own_alerts
from alerts.thresholds import Thresholds
from slo.objective import Objective
from slo.recorded import SERVICE_LABEL


def objective_tests(
    groups: Iterable[Group],
    objectives: Sequence[Objective],
    limits: Thresholds,
    rules: Sequence[str],
    shipped: str | None,
    times: Mapping[str, timedelta],
    every: Sequence[Alert],
) -> dict[str, str]:
    """Return path below alerts/ to text: a test file for each alert in the groups of objectives.

    `rules` are the rule files as the tests name them; the escalations of the service `shipped`
    are tested elsewhere. `times` are those of the levels, to which `every` alert may come.

    What each of several services has under one name is kept apart by the service, after a dot.
    """
    alerts = [alert for group in groups for alert in group.alerts()]
    found = {}
    for key, cases in (
        *_of_objectives({alert.name: alert for alert in alerts}, objectives),
        *_of_services(alerts, objectives, limits),
        *_of_escalation(alerts, shipped, times, every),
    ):
        pins = {each.case.name: each.pins for each in cases}
        value = test_value(key.partition(".")[0], [each.case for each in cases], rules, pins)
        found[f"generated/tests/{key}.json"] = json.dumps(value, indent=1) + "\n"
    return found


def _of_objectives(
    alerts: Mapping[str, Alert], objectives: Sequence[Objective]
) -> Iterator[tuple[str, list[Pinned]]]:
    """Yield the cases of each alert on one objective by its name."""
    for each in objectives:
        makers: dict[str, Callable[[Objective, Alert], list[Pinned]]] = {
            burn_alert(each.name, fast=True): partial(burn_tests, fast=True),
            burn_alert(each.name, fast=False): ticket_tests,
            gone_alert(each.name): gone_tests,
            part_alert(each.name): part_tests,
            unmeasured_alert(each.name): unmeasured_tests,
            **{
                policy_alert(each.name, policy.name): partial(policy_tests, policy)
                for policy in each.policies
            },
        }
        yield from (
            (name, make(each, alerts[name])) for name, make in makers.items() if name in alerts
        )


def _of_services(
    alerts: Iterable[Alert],
    objectives: Sequence[Objective],
    limits: Thresholds,
) -> Iterator[tuple[str, list[Pinned]]]:
    """Yield the cases of each alert that every service has, but for those that ship."""
    for alert in alerts:
        labels = dict(alert.labels)
        service = labels[SERVICE_LABEL]
        if alert.name == "BudgetNearlyExhausted":
            first = next(each for each in objectives if each.service == service)
            yield f"{alert.name}.{service}", spent_tests(first, limits, alert)
        elif alert.name == CONTRADICTORY:
            first = next(each for each in objectives if each.service == service)
            yield f"{alert.name}.{service}", contradictory_tests(first, alert)


def _of_escalation(
    alerts: Iterable[Alert],
    shipped: str | None,
    times: Mapping[str, timedelta],
    every: Sequence[Alert],
) -> Iterator[tuple[str, list[Pinned]]]:
    """Yield the cases of each escalation of the alerts of each service, but for what ships."""
    for alert in alerts:
        labels = dict(alert.labels)
        service = labels[SERVICE_LABEL]
        if "escalation" in labels and service != shipped:
            own = own_alerts(every, service)
            yield f"{alert.name}.{service}", escalation_tests(service, alert.name, own, times)
