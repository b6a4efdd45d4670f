"""Rules for the objectives of any service: recorded counts, and alerts on how fast they burn.

What families know of a project's metrics is nothing to other services: theirs follow from the
objective alone.
"""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from alerts.about import About
from alerts.catalogue.budgets import burning, contradictory, nearly_spent, spent_records
from alerts.expressions import counted, firing, minutes_of, number, quiet_while
from alerts.names import (
    BAD,
    BASE,
    NOT_THERE,
    PART_BAD,
    PART_TOTAL,
    TOTAL,
    burn_alert,
    gone_alert,
    part_alert,
    unmeasured_alert,
)
from alerts.policies import policy_rules
from alerts.recording_rules import counted_records, own_ratio_records
from alerts.rule import Alert, Group, Priority, Record, Severity
from alerts.scope import by_service, scoped
from alerts.thresholds import Thresholds
from kit.pure.durations import to_prometheus
from kit.pure.errors import BadInputError
from slo.objective import Objective, RawRatio
from slo.promql import bad_of, split_queries, total_of
from slo.recorded import is_ours, labels_of, selector_of
from slo.series import Selector, fill_window, selectors
from slo.windows import PAGES, bad_share, for_window

GROUP: Final = "objectives"
_OF_TARGETS: Final = frozenset(
    {"job", "namespace", "cluster", "service", "env", "environment", "region", "stage"}
)
"""The name of the group of others' objectives; that of a project begins with its prefix."""


def objective_groups(about: About, objectives: Sequence[Objective]) -> tuple[Group, ...]:
    """Return the groups of objectives that stand alone, and of the policies of all; none for none.

    Beside a project's families, what those say of every objective is not said again. Raises
    BadInputError when two alerts would have one name.
    """
    ours = [each for each in objectives if is_ours(each)]
    alone = [each for each in objectives if not is_ours(each)]
    asked = policy_rules(ours)
    if not alone:
        return (Group(group_of(about), asked),) if asked else ()
    watch: tuple[Record | Alert, ...] = (
        *objective_records(alone),
        *(record for each in alone for record in counted_records(each)),
        *(record for each in by_service(alone) for record in own_ratio_records(each)),
        *asked,
        *policy_rules(alone),
        *objective_alerts(alone, about),
    )
    name = group_of(about)
    group = Group(name, watch)
    _each_once(group.alerts())
    known = [each for each in alone if not ours or each.service != about.project.name]
    budget: tuple[Record | Alert, ...] = (*spent_records(alone), *_of_budgets(known, about.limits))
    return group, Group(f"{name}.budget", budget, interval="1m")


def group_of(about: About) -> str:
    """Return the name of the group: it says whose it is, but for those of the first project."""
    named = about.objectives and not about.project.first
    return f"{about.project.prefix}.{GROUP}" if named else GROUP


def _of_budgets(objectives: Sequence[Objective], limits: Thresholds) -> tuple[Alert, ...]:
    """Return what is said once for all objectives of each service."""
    return tuple(
        scoped(alert, each[0].service)
        for each in by_service(objectives)
        for alert in (nearly_spent(limits, each), contradictory(each))
    )


def _each_once(alerts: Iterable[Alert]) -> None:
    owners: dict[str, str] = {}
    for alert in alerts:
        slo = dict(alert.labels)["slo"]
        if alert.name in owners:
            raise BadInputError(
                f"{owners[alert.name]} and {slo} would both have an alert {alert.name}",
                hint="rename one, or its policy",
            )
        owners[alert.name] = slo


def objective_records(objectives: Iterable[Objective]) -> tuple[Record, ...]:
    """Return all and bad events per second of each objective, whatever it counts.

    An outcome without a series is none: many clients show one only after it first came about.
    """
    return tuple(record for each in objectives for record in _of(each))


def objective_alerts(objectives: Sequence[Objective], about: About) -> tuple[Alert, ...]:
    """Return the page and the ticket of each objective, and one for when nothing is known of it.

    One that is split by a label has a ticket for each of its values, too.
    """
    return tuple(
        scoped(alert, each.service)
        for each in objectives
        for alert in (
            *burning(each, about), *_part_burning(each), _gone(each), _unmeasured(each),
        )
    )  # fmt: skip


def _of(objective: Objective) -> tuple[Record, ...]:
    labels, own = labels_of(objective), selector_of(objective)
    if isinstance(objective.indicator, RawRatio):
        share = f"({fill_window(objective.indicator.success, to_prometheus(BASE))}) >= -Inf"
        # NaN is no share: it is not at least minus infinity.
        return Record(TOTAL, f"({share}) * 0 + 1", labels), Record(BAD, f"1 - ({share})", labels)
    if objective.split_by is not None:
        total, bad = split_queries(objective, BASE, none_is_zero=True)
        return (
            Record(PART_TOTAL, total, labels),
            Record(PART_BAD, bad, labels),
            Record(TOTAL, f"sum({PART_TOTAL}{own})", labels),
            Record(BAD, f"sum({PART_BAD}{own})", labels),
        )
    bad = bad_of(objective.indicator, BASE, none_is_zero=True)
    return (
        Record(TOTAL, total_of(objective.indicator, BASE), labels),
        Record(BAD, bad, labels),
    )


def _part_burning(objective: Objective) -> tuple[Alert, ...]:
    """Return the ticket for one value of the label, small as it may be in the sum of all.

    It is what the page asks of the whole over its quickest windows, which then speaks for all.
    """
    if objective.split_by is None:
        return ()
    tier, own = for_window(PAGES[0], objective), selector_of(objective)
    share = number(bad_share(PAGES[0], objective))

    def burning_over(window: timedelta) -> str:
        text = to_prometheus(max(window - BASE, BASE / 2))
        bad, total = (f"sum_over_time({each}{own}[{text}])" for each in (PART_BAD, PART_TOTAL))
        return f"{bad} / ({total} > 0) > {share}"

    now = f"{PART_BAD}{own} / ({PART_TOTAL}{own} > 0) > {share}"
    enough = (
        f"{counted(PART_BAD + own, tier.seen)} >= {tier.fewest_bad}"
        f" and count_over_time(({now}){minutes_of(tier.seen)}) >= {PART_SPREAD}"
    )
    return (
        Alert(
            part_alert(objective.name),
            f"{burning_over(tier.long)} and {burning_over(tier.short)} and {enough}"
            + quiet_while(burn_alert(objective.name, fast=True)),
            Severity.WARNING,
            Priority.P2,
            hold=to_prometheus(tier.hold),
            keep="15m",
            labels=(("slo", objective.name),),
        ),
    )


PART_SPREAD: Final = 5
"""In how many minutes a part has to be bad: a single bad one is no ticket."""


def _gone(objective: Objective) -> Alert:
    """Return the page for series that were there within a day and no longer are.

    A target that is lost leaves a mark at once; what a Prometheus misses that was away for minutes
    leaves none, and is still there for five. Many clients show a series only after the first
    request: while the job that a query names answers, it has begun anew, which is a ticket if it
    lasts. Once it fires, it is not forgotten after a day.
    """
    name = gone_alert(objective.name)
    parts = [f"absent({each.text()}){_while_up(each)}" for each in read_series(objective)]
    gone = " or ".join(f"({part})" for part in parts) if len(parts) > 1 else parts[0]
    seen = f"count_over_time({TOTAL}{selector_of(objective)}[1d])"
    return Alert(
        name,
        f"max({gone}) and on() ({seen} or {firing(name)})" + quiet_while(*NOT_THERE),
        Severity.CRITICAL,
        Priority.P2,
        hold="2m",
        labels=(("slo", objective.name),),
    )


def _while_up(read: Selector) -> str:
    """Return the clause that its targets do not answer, where a selector names its job."""
    up = up_of(read)
    return f" unless on() ({up.text()} == 1)" if up else ""


def up_of(read: Selector) -> Selector | None:
    """Return `up` of the targets that a selector reads; None where it names no job of its own.

    Labels that targets usually have narrow it down: where `up` lacks one, nothing answers.
    """
    named = tuple(each for each in read.matchers if each[0] in _OF_TARGETS and _is_narrow(each))
    return Selector("up", named) if any(label == "job" for label, _, _ in named) else None


def _is_narrow(matcher: tuple[str, str, str]) -> bool:
    """Say whether a matcher asks for something, and is not met by any value."""
    _, op, value = matcher
    return op == "=" or (op == "=~" and not value.startswith("."))


def read_series(objective: Objective) -> tuple[Selector, ...]:
    """Return what an objective counts all of its events by, each selector once."""
    indicator = objective.indicator
    query = indicator.success if isinstance(indicator, RawRatio) else indicator.total
    return tuple(dict.fromkeys(selectors(fill_window(query, to_prometheus(BASE)))))


def _unmeasured(objective: Objective) -> Alert:
    """Return the ticket for an objective that nothing measures: such a one is not met."""
    return Alert(
        unmeasured_alert(objective.name),
        f"absent({TOTAL}{selector_of(objective)})",
        Severity.WARNING,
        Priority.P3,
        hold="10m",
        labels=(("slo", objective.name),),
    )
