"""Every case of every alert."""

from collections.abc import Sequence

from alerts.behaviour import (
    cases_budgets,
    cases_gauges,
    cases_limits,
    cases_limits_errors,
    cases_rates,
    cases_requests,
)
from alerts.behaviour.case import Case
from slo.objective import Objective


def all_cases(objectives: Sequence[Objective]) -> dict[str, list[Case]]:
    """Return the cases by the name of their alert."""
    found: dict[str, list[Case]] = {}
    for some in (
        cases_limits.cases(),
        cases_limits_errors.cases(),
        cases_gauges.gauge_cases(),
        cases_requests.cases(),
        cases_rates.cases(),
        cases_budgets.cases(objectives),
    ):
        for alert, listed in some.items():
            found.setdefault(alert, []).extend(listed)
    return found
