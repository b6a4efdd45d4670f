"""Every case of every alert of a project, and test files of those of its families."""

import json
from collections.abc import Collection, Mapping, Sequence

from alerts.about import About
from alerts.behaviour import (
    cases_budgets,
    cases_gauges,
    cases_limits,
    cases_limits_errors,
    cases_prober,
    cases_rates,
    cases_requests,
    cases_traffic,
)
from alerts.behaviour.case import Case
from alerts.behaviour.cases_parts import dependency_tests, resource_tests
from alerts.behaviour.pinned import Pinned
from alerts.behaviour.promtool import test_value
from alerts.behaviour.translate import can_be_said, translated
from alerts.names import DEPENDENCY_DOWN, RESOURCE_LOW
from alerts.rule import Alert
from slo.recorded import is_ours

Cases = dict[str, list[Case]]
Expected = Mapping[tuple[str, str], Mapping[int, int]]
"""By alert and case, how many instances fire at which minute."""


def all_cases(about: About, names: Collection[str], own: Mapping[str, Sequence[Case]]) -> Cases:
    """Return the cases by the name of their alert; `names` are the alerts that there are.

    `own` are those of the project's own alerts, which are said in its own names.
    """
    found: Cases = {alert: list(cases) for alert, cases in own.items() if alert in names}
    ours = [each for each in about.objectives if is_ours(each)]
    for some in (
        cases_limits.cases(),
        cases_limits_errors.cases(),
        cases_gauges.gauge_cases(),
        cases_prober.cases(),
        cases_requests.cases(),
        cases_rates.cases(),
        cases_traffic.cases(),
        cases_budgets.cases(about) if ours else {},
    ):
        for alert, listed in some.items():
            if alert in names and alert not in own:
                found.setdefault(alert, []).extend(
                    translated(each, about) for each in listed if can_be_said(each, about)
                )
    return found


def family_tests(
    about: About,
    alerts: Sequence[Alert],
    own: Mapping[str, Sequence[Case]],
    expected: Expected,
    rules: Sequence[str],
) -> dict[str, str]:
    """Return path below the output to text: a test file for each alert that roles have given."""
    named = {alert.name: alert for alert in alerts}
    # Budgets and escalation have tests of their own for each service.
    cases = {
        alert: listed
        for alert, listed in all_cases(about, named, own).items()
        if not alert.startswith(("Budget", "Escalated"))
    }
    found = {
        alert: test_value(
            alert, of, rules, {each.name: expected.get((alert, each.name), {}) for each in of}
        )
        for alert, of in cases.items()
    }
    for name, make in ((DEPENDENCY_DOWN, dependency_tests), (RESOURCE_LOW, resource_tests)):
        if name in named and name not in own:
            pinned: list[Pinned] = make(about, named[name])
            pins = {each.case.name: each.pins for each in pinned}
            found[name] = test_value(name, [each.case for each in pinned], rules, pins)
    return {
        f"generated/tests/{alert}.json": json.dumps(value, indent=1) + "\n"
        for alert, value in found.items()
    }
