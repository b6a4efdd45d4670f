"""The escalation matrix as rules: how long an alert has been firing, and who is next."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta
from itertools import groupby
from types import MappingProxyType
from typing import Final

from alerts.expressions import number
from alerts.rule import Alert, Group, Priority, Severity
from alerts.scope import own_alerts, scoped
from kit.pure.durations import parse_prometheus

MATRIX: Final[Mapping[str, timedelta]] = MappingProxyType(
    {
        "L2": timedelta(minutes=15),
        "L3": timedelta(hours=1),
        "L4": timedelta(hours=4),
        "L5": timedelta(hours=8),
    }
)
"""When each level is notified of a P1; L1 is notified at once. Source: the operational procedures.

The last level is that of the runbook, which names no time: a receivers file may give another.
"""
UNRESOLVED: Final = timedelta(hours=2)
"""A P2 goes to the second level after so long, and on from there in the same steps."""
REVIEW: Final = timedelta(days=7)
"""A P4 is looked at again once a week."""
TICKET_ALERT: Final = "EscalatedTicket"
_PERSONS: Final = 'severity=~"critical|warning"'


def escalation_group(
    prefix: str,
    services: Iterable[str],
    alerts: Iterable[Alert],
    times: Mapping[str, timedelta] = MATRIX,
) -> Group:
    """Return the rules that notify the next level, for the alerts of each service.

    Time counts from firing: from where an alert was pending, and the hold of its rule. An
    escalation carries the `topic` of its alert, and acknowledging is silencing the topic: that
    silences the alert and every escalation of it. They only show (info), for they are no new
    trouble; their route goes by the level.
    """
    known = tuple(alerts)
    rules = (
        scoped(rule, service)
        for service in services
        for own in [own_alerts(known, service)]
        for rule in (*_levels(own, times), *_tickets(own))
    )
    return Group(f"{prefix}.escalation", tuple(rules))


def after_of(level: str, priority: Priority, times: Mapping[str, timedelta]) -> timedelta:
    """Return how long after it fires an alert of this priority reaches a level."""
    later = UNRESOLVED - times["L2"] if priority is Priority.P2 else timedelta()
    return times[level] + later


def _levels(alerts: Iterable[Alert], times: Mapping[str, timedelta]) -> Iterator[Alert]:
    own = tuple(alerts)
    for level in times:
        late = [
            f"{age} > {number(after_of(level, priority, times).total_seconds())}"
            for priority in (Priority.P1, Priority.P2)
            for age in _ages(own, priority)
        ]
        if late:
            yield _escalated(f"EscalatedTo{level}", " or ".join(late), level, Priority.P1)


def _tickets(alerts: Iterable[Alert]) -> Iterator[Alert]:
    """Return the rule on tickets: a P3 that is older than this day, a P4 of more than a week.

    Its route waits for business hours, so that the next business day is when somebody is there.
    """
    own = tuple(alerts)
    late = [
        *(f"{age} > time() % 86400" for age in _ages(own, Priority.P3)),
        *(f"{age} > {number(REVIEW.total_seconds())}" for age in _ages(own, Priority.P4)),
    ]
    if late:
        yield _escalated(TICKET_ALERT, " or ".join(late), "L2", Priority.P3)


def _ages(alerts: Iterable[Alert], priority: Priority) -> Iterator[str]:
    """Yield for how long alerts of a priority have been firing, for each hold among them."""

    def hold(alert: Alert) -> float:
        return parse_prometheus(alert.hold)

    chosen = [
        each for each in alerts if each.priority is priority and each.severity is not Severity.INFO
    ]
    for seconds, same in groupby(sorted(chosen, key=hold), key=hold):
        names = "|".join(dict.fromkeys(each.name for each in same))
        equals = "=~" if "|" in names else "="
        pending = f'time() - ALERTS_FOR_STATE{{alertname{equals}"{names}"}}'
        yield f"{pending} - {number(seconds)}" if seconds else pending


def _escalated(name: str, late: str, level: str, priority: Priority) -> Alert:
    firing = f'ALERTS{{{_PERSONS},alertstate="firing"}}'
    return Alert(
        name,
        f"max by (topic) ({late}) and on(topic) {firing}",
        Severity.INFO,
        priority,
        keep="0s",
        labels=(("escalation", level),),
    )
