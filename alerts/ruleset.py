"""Put the whole rule set together from a project's roles, its objectives and its own rules."""

from collections.abc import Sequence
from dataclasses import dataclass

from alerts.about import About, about_of
from alerts.catalogue.budgets import burning, contradictory, nearly_spent, spent_records
from alerts.catalogue.components import cache, cache_records, dependencies, saturation
from alerts.catalogue.errors import failing, route_failing
from alerts.catalogue.latency import route_slow, slow
from alerts.catalogue.liveness import (
    crash_looping,
    days_off_ending,
    down,
    journeys_failing,
    partly_down,
    prober_gone,
    series_missing,
    traffic_vanished,
    watchdog,
)
from alerts.catalogue.quality import accuracy, accuracy_very_low
from alerts.left_out import left_out
from alerts.objective_rules import objective_groups
from alerts.own_rules import OwnRules, with_own
from alerts.recording_rules import event_records, own_ratio_records
from alerts.rule import Alert, Group, Record, RuleSet
from alerts.scope import labelled_groups, scoped_group
from alerts.service_records import early_records, traffic_records
from alerts.thresholds import Thresholds
from alerts.trouble import Trouble
from slo.objective import Objective
from slo.project.project import Project
from slo.recorded import is_ours


@dataclass(frozen=True, slots=True)
class Built:
    """All groups, those of objectives alone among them, and why a family is not there."""

    rules: RuleSet
    alone: tuple[Group, ...]
    left_out: tuple[str, ...] = ()
    about: About | None = None
    """What the families are about; None where there are none."""


def own_of(project: Project, objectives: Sequence[Objective]) -> tuple[Objective, ...]:
    """Return the objectives that the project's families go with; for none there are no families."""
    return tuple(
        each
        for each in objectives
        if each.service == project.name and (is_ours(each) or not project.first)
    )


def build_rules(
    project: Project, objectives: Sequence[Objective], limits: Thresholds, own: OwnRules
) -> Built:
    """Return all groups; the order within a group is the order of evaluation.

    An alert is silent while a faster one about the same trouble fires, and it can only know that
    when the faster one was evaluated before it.

    Objectives of other services need no family, and have groups of their own.
    """
    chosen = own_of(project, objectives)
    about = about_of(project, chosen, limits, own.causes)
    others = objective_groups(about, objectives)
    if not chosen:
        alone = labelled_groups(others, project, objectives)
        return Built(RuleSet(alone), alone)
    ours = [each for each in chosen if is_ours(each)]
    recorded = [each for each in objectives if each.service == project.name]
    groups = [_service(about, ours), _parts(about, ours)]
    if ours:
        groups.append(_budget(about, ours, recorded))
    placed = (scoped_group(group, project.name) for group in with_own(groups, own))
    families, alone = (labelled_groups(each, project, objectives) for each in (placed, others))
    return Built(RuleSet((*families, *alone)), alone, left_out(about, own), about)


def _service(about: About, ours: Sequence[Objective]) -> Group:
    errors, latency, limits = about.errors, about.latency, about.limits
    burns = [alert for each in ours for alert in burning(each, about) if _is_http(about, each)]
    late = [each.name for each in about.about(Trouble.LATENCY)]
    fast_slow = slow(about, latency) if latency else ()
    rules: tuple[Record | Alert, ...] = (
        *event_records(ours),
        *(own_ratio_records(ours) if ours else ()),
        *(latency.records if latency else ()),
        *(early_records(about, latency) if latency else ()),
        *(errors.records if errors else ()),
        *(traffic_records(about, errors) if errors else ()),
        *down(about),
        *dependencies(about),
        *(failing(errors, limits) if errors else ()),
        *(route_failing(errors, limits) if errors else ()),
        *_named(burns, late, wanted=False),
        *fast_slow[:1],
        *_named(burns, late, wanted=True),
        *fast_slow[1:],
        *(route_slow(about, latency) if latency else ()),
        *crash_looping(about),
        *journeys_failing(about),
        *(traffic_vanished(about, errors) if errors else ()),
        *series_missing(about),
        partly_down(about),
    )
    return Group(f"{about.project.prefix}.service", rules)


def _parts(about: About, ours: Sequence[Objective]) -> Group:
    burns = [alert for each in ours for alert in burning(each, about) if not _is_http(about, each)]
    rules: tuple[Record | Alert, ...] = (
        *cache_records(about),
        *accuracy_very_low(about),
        *burns,
        *accuracy(about),
        *cache(about),
        *saturation(about),
        *prober_gone(about),
        *days_off_ending(about),
        watchdog(),
    )
    return Group(f"{about.project.prefix}.parts", rules)


def _budget(about: About, ours: Sequence[Objective], recorded: Sequence[Objective]) -> Group:
    """Return the group that reads a month and therefore runs seldom."""
    rules: tuple[Record | Alert, ...] = (
        *spent_records(ours),
        nearly_spent(about.limits, recorded),
        contradictory(recorded),
    )
    return Group(f"{about.project.prefix}.budget", rules, interval="1m")


def _is_http(about: About, objective: Objective) -> bool:
    return about.troubles[objective.name] is not Trouble.ACCURACY


def _named(alerts: Sequence[Alert], slos: Sequence[str], *, wanted: bool) -> tuple[Alert, ...]:
    return tuple(a for a in alerts if (dict(a.labels)["slo"] in slos) is wanted)
