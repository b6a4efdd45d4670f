"""Alerts that an objective's own policies ask for, beside those that follow from it."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final

from alerts.expressions import number
from alerts.names import BASE, policy_alert, ratio
from alerts.recording_rules import of_some, ratio_record, ratio_records
from alerts.rule import Alert, Priority, Record, Severity
from kit.pure.durations import to_prometheus
from slo.objective import Objective
from slo.policy import OPERATORS, Policy
from slo.recorded import selector_of

_SEVERITIES: Final = {
    "page": (Severity.CRITICAL, Priority.P2),
    "critical": (Severity.CRITICAL, Priority.P2),
    "ticket": (Severity.WARNING, Priority.P3),
    "warning": (Severity.WARNING, Priority.P3),
    "info": (Severity.INFO, Priority.P4),
}


def policy_rules(objectives: Iterable[Objective]) -> tuple[Record | Alert, ...]:
    """Return the alerts of all policies, after records of the windows that nobody else has."""
    chosen = [each for each in objectives if each.policies]
    known = {record.name for record in ratio_records(chosen)}
    records: dict[str, Record] = {}
    for each in chosen:
        for policy in each.policies:
            record = of_some(ratio_record(window_of(policy)), each)
            if record.name not in known:
                records[record.expr] = record
    alerts = (
        _alert(each, policy) for each in chosen for policy in each.policies if policy.breaching
    )
    return (*records.values(), *alerts)


def _alert(objective: Objective, policy: Policy) -> Alert:
    condition = policy.condition
    severity, priority = _SEVERITIES[condition.severity]
    share = number(limit_of(objective, policy))
    series = f"{ratio(window_of(policy))}{selector_of(objective)}"
    labels = (
        ("slo", objective.name),
        ("service", objective.service),
        ("notify", ",".join(policy.targets)),
    )
    return Alert(
        policy_alert(objective.name, policy.name),
        f"{series} {OPERATORS[condition.op]} {share}",
        severity,
        priority,
        hold=to_prometheus(condition.after),
        labels=labels,
    )


def limit_of(objective: Objective, policy: Policy) -> float:
    """Return the share of bad events that the burn rate of a policy stands for."""
    return policy.condition.threshold * objective.budget


def window_of(policy: Policy) -> timedelta:
    """Return the window of a policy; the shortest has two samples, as a rate needs."""
    return max(BASE, policy.condition.lookback)
