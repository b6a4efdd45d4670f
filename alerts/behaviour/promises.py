"""Test files for the alerts of anybody's promises, for `promtool test rules`."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath

from alerts.behaviour.cases_promises import (
    Told,
    burn_tests,
    part_tests,
    policy_tests,
    spent_tests,
    unmeasured_tests,
)
from alerts.behaviour.promtool import test_value
from alerts.names import burn_alert, part_alert, policy_alert, unmeasured_alert
from alerts.rule import Alert, Group
from alerts.thresholds import Thresholds
from slo.objective import Objective


def promise_tests(
    groups: Iterable[Group],
    objectives: Sequence[Objective],
    limits: Thresholds,
    rules_path: str,
) -> dict[str, str]:
    """Return path below alerts/ to text: a test file for each alert in the groups of promises."""
    alerts = {alert.name: alert for group in groups for alert in group.alerts()}
    found = {}
    for name, cases in _all_cases(alerts, objectives, limits):
        pins = {told.case.name: told.pins for told in cases}
        rules = f"../{PurePosixPath(rules_path).name}"
        value = test_value(name, [told.case for told in cases], [rules], pins)
        found[f"generated/tests/{name}.json"] = json.dumps(value, indent=1) + "\n"
    return found


def _all_cases(
    alerts: Mapping[str, Alert], objectives: Sequence[Objective], limits: Thresholds
) -> Iterator[tuple[str, list[Told]]]:
    """Yield the cases of each alert by its name."""
    for each in objectives:
        if alert := alerts.get(burn_alert(each.name, fast=True)):
            yield alert.name, burn_tests(each, alert, fast=True)
        if alert := alerts.get(burn_alert(each.name, fast=False)):
            yield alert.name, burn_tests(each, alert, fast=False)
        if alert := alerts.get(part_alert(each.name)):
            yield alert.name, part_tests(each, alert)
        if alert := alerts.get(unmeasured_alert(each.name)):
            yield alert.name, unmeasured_tests(each, alert)
        for policy in each.policies:
            if alert := alerts.get(policy_alert(each.name, policy.name)):
                yield alert.name, policy_tests(each, policy, alert)
    if alert := alerts.get("BudgetNearlyExhausted"):
        first = next(each for each in objectives)
        yield alert.name, spent_tests(first, limits, alert)
