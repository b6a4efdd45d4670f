"""A budget burns too fast, or is nearly gone."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from alerts.about import About
from alerts.calendars import calendar_records
from alerts.catalogue.errors import just_paged, known_errors
from alerts.expressions import number, per, quiet_after, quiet_while
from alerts.names import (
    ACCURACY_VERY_LOW,
    BAD,
    CAUSES,
    CONTRADICTORY,
    MANY_FAIL,
    MANY_SLOW,
    SLOW_2S,
    SPENT,
    TOTAL,
    WATCHED,
    burn_alert,
    ratio,
)
from alerts.rule import Alert, Priority, Record, Severity
from alerts.thresholds import Thresholds
from alerts.trouble import Trouble
from kit.pure.durations import to_prometheus
from slo.objective import Objective
from slo.recorded import labels_of, selector_of
from slo.windows import PAGES, TICKETS, Tier, bad_share, for_window

_HOUR: Final = timedelta(hours=1)


def burning(objective: Objective, about: About) -> tuple[Alert, Alert]:
    """Return the page and the ticket of an objective."""
    fast, slow = burn_alert(objective.name, fast=True), burn_alert(objective.name, fast=False)
    while_, after = _known(about.troubles.get(objective.name))
    labels = (("slo", objective.name),)
    return (
        Alert(
            fast,
            _any_tier(PAGES, objective) + while_,
            Severity.CRITICAL,
            Priority.P2,
            hold=to_prometheus(max(tier.hold for tier in PAGES)),
            labels=labels,
        ),
        Alert(
            slow,
            _any_tier(TICKETS, objective) + after + quiet_after("1h", fast),
            Severity.WARNING,
            Priority.P3,
            hold=to_prometheus(max(tier.hold for tier in TICKETS)),
            keep="1h",
            labels=labels,
        ),
    )


def _known(trouble: Trouble | None) -> tuple[str, str]:
    """Return the clauses that keep the page and the ticket silent when the trouble is known."""
    match trouble:
        case Trouble.ERRORS:
            return known_errors(), just_paged()
        case Trouble.LATENCY:
            pages = (*CAUSES, MANY_FAIL, MANY_SLOW)
            return quiet_while(*pages), quiet_after("1h", *pages, SLOW_2S)
        case Trouble.ACCURACY:
            # Not after AccuracyBelowObjective, which always comes first: hours have gone by.
            known = ACCURACY_VERY_LOW
            return quiet_while(known), quiet_after("1h", known)
        case None:
            return "", ""


def _any_tier(tiers: Iterable[Tier], objective: Objective) -> str:
    parts = [_tier(for_window(tier, objective), objective) for tier in tiers]
    return "(" + " or ".join(f"({part})" for part in parts) + ")"


def _tier(tier: Tier, objective: Objective) -> str:
    own, share = selector_of(objective), number(bad_share(tier, objective))
    parts = [f"{ratio(tier.long)}{own} > {share}", f"{ratio(tier.short)}{own} > {share}"]
    if tier.gate != tier.short:
        parts.append(f"{ratio(tier.gate)}{own} > {number(objective.budget)}")
    if objective.counts_requests:
        bad = f"avg_over_time({BAD}{own}[{to_prometheus(_HOUR)}])"
        parts.append(f"{bad} * {per(_HOUR)} >= {tier.fewest_bad}")
    return " and ".join(parts)


def spent_records(objectives: Iterable[Objective]) -> tuple[Record, ...]:
    """Return the share of each budget that is spent, and the share of its period measured so far.

    They are what `slo.account` has: events over events of what was measured, and beside it, never
    in it, how much that is. Decision 0018 says what `slo:budget_spent:30d` was before.
    """
    return tuple(record for each in objectives for record in _spent(each))


def _spent(objective: Objective) -> tuple[Record, ...]:
    if objective.calendar is not None:
        return calendar_records(objective, objective.calendar)
    return _rolling(objective)


def _rolling(objective: Objective) -> tuple[Record, Record]:
    own, window = selector_of(objective), to_prometheus(objective.window)
    hours = number(objective.window / _HOUR)
    watched = (
        f"clamp_max(count_over_time({TOTAL}{own}[{window}])"
        f" / (count_over_time({TOTAL}{own}[1h]) * {hours}), 1)"
    )
    share = f"sum_over_time({BAD}{own}[{window}]) / (sum_over_time({TOTAL}{own}[{window}]) > 0)"
    labels = labels_of(objective)
    return (
        Record(WATCHED, watched, labels),
        Record(SPENT, f"{share} / {number(objective.budget)}", labels),
    )


def nearly_spent(limits: Thresholds, objectives: Sequence[Objective]) -> Alert:
    """Return the alert on the budgets of these objectives of a service that are nearly gone.

    It waits until they are gone even if all that nobody measured was good, so that a service of an
    hour disturbs nobody with one bad minute; its value is what is spent.
    """
    own = selector_of(*objectives)
    return Alert(
        "BudgetNearlyExhausted",
        f"{SPENT}{own} and {SPENT}{own} * {WATCHED}{own} > {number(1 - limits.budget_left)}",
        Severity.WARNING,
        Priority.P3,
        hold="10m",
        keep="1h",
    )


def contradictory(objectives: Sequence[Objective]) -> Alert:
    """Return the alert on counts that cannot be: more bad, or more good, than there is at all.

    Counters that are scraped together agree to within what a rate makes up at their ends, a
    hundredth at most. Such data is no reason to trust a budget.
    """
    own = selector_of(*objectives)
    share = f"{ratio(timedelta(minutes=5))}{own}"
    return Alert(
        CONTRADICTORY,
        f"{share} < -0.01 or {share} > 1.01 or ({BAD}{own} > 0 unless {TOTAL}{own} > 0)",
        Severity.WARNING,
        Priority.P3,
        hold="5m",
        keep="15m",
    )
