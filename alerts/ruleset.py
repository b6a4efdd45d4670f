"""Put the whole rule set together from objectives and thresholds."""

from collections.abc import Sequence

from alerts.catalogue.budgets import burning, nearly_spent, spent_records
from alerts.catalogue.components import cache, component, connections, database, machine
from alerts.catalogue.errors import failing, route_failing
from alerts.catalogue.gauges import gauge_alerts
from alerts.catalogue.latency import route_slow, slow
from alerts.catalogue.liveness import down, partly_down, watchers
from alerts.catalogue.quality import accuracy, parsing, security
from alerts.objective_rules import objective_groups
from alerts.recording_rules import (
    cache_records,
    event_records,
    own_ratio_records,
    speed_records,
    traffic_records,
)
from alerts.rule import Alert, Group, Record, RuleSet
from alerts.scope import scoped_group
from alerts.thresholds import Thresholds
from kit.pure.errors import BadInputError
from slo.catalogue import SERVICE
from slo.objective import Measure, Objective
from slo.recorded import is_ours


def build_rules(objectives: Sequence[Objective], limits: Thresholds) -> RuleSet:
    """Return all groups; the order within a group is the order of evaluation.

    An alert is silent while a faster one about the same trouble fires, and it can only know that
    when the faster one was evaluated before it. Raises BadInputError when an objective is missing
    that the runbook's alerts are about.

    Objectives of other services need nothing of the kind, and have groups of their own.
    """
    ours = [each for each in objectives if is_ours(each)]
    others = objective_groups(objectives, limits)
    if not ours:
        return RuleSet(others)
    spent = nearly_spent(limits, [each for each in objectives if each.service == SERVICE])
    groups = (_service(ours, limits), _parts(ours, limits), _budget(ours, spent))
    return RuleSet((*(scoped_group(group, SERVICE) for group in groups), *others))


def _service(objectives: Sequence[Objective], limits: Thresholds) -> Group:
    errors, latency = _the(objectives, Measure.ERRORS), _the(objectives, Measure.LATENCY)
    burns = [alert for each in objectives for alert in burning(each) if _is_http(each)]
    return Group(
        "calendar.service",
        (
            *event_records(objectives),
            *own_ratio_records(objectives),
            *speed_records(latency),
            *traffic_records(errors),
            *down(errors),
            *connections(),
            *failing(errors, limits),
            *route_failing(errors, limits),
            *_named(burns, latency.name, wanted=False),
            *slow(latency, limits)[:1],
            *_named(burns, latency.name, wanted=True),
            *slow(latency, limits)[1:],
            *route_slow(latency, limits),
            *partly_down(errors, limits),
        ),
    )


def _parts(objectives: Sequence[Objective], limits: Thresholds) -> Group:
    measured, errors = _the(objectives, Measure.ACCURACY), _the(objectives, Measure.ERRORS)
    first, *others = accuracy(measured, limits)
    burns = [alert for each in objectives for alert in burning(each) if not _is_http(each)]
    rules: tuple[Record | Alert, ...] = (
        *cache_records(),
        first,
        *burns,
        *others,
        *parsing(limits),
        *security(errors, limits),
        *database(limits),
        *component(errors, limits),
        *cache(limits),
        *machine(limits),
        *(each.alert() for each in gauge_alerts(limits)),
        *watchers(),
    )
    return Group("calendar.parts", rules)


def _budget(objectives: Sequence[Objective], spent: Alert) -> Group:
    """Return the group that reads a month and therefore runs seldom."""
    return Group("calendar.budget", (*spent_records(objectives), spent), interval="1m")


def _the(objectives: Sequence[Objective], measure: Measure) -> Objective:
    for objective in objectives:
        if objective.measure is measure:
            return objective
    raise BadInputError(
        f"no objective measures {measure}", hint=f"add an SLO with the label `measure: {measure}`"
    )


def _is_http(objective: Objective) -> bool:
    return objective.measure is not Measure.ACCURACY


def _named(alerts: Sequence[Alert], slo: str, *, wanted: bool) -> tuple[Alert, ...]:
    return tuple(a for a in alerts if (("slo", slo) in a.labels) is wanted)
