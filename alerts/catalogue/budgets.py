"""A budget burns too fast, or is nearly gone."""

from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import Final

from alerts.about import About
from alerts.calendars import calendar_records
from alerts.catalogue.errors import just_paged, known_errors
from alerts.expressions import counted, minutes_of, number, quiet_after, quiet_while
from alerts.names import (
    ACCURACY_VERY_LOW,
    BAD,
    BASE,
    CAUSES,
    CONTRADICTORY,
    MANY_FAIL,
    MANY_SLOW,
    SLOW_2S,
    SPENT,
    TOTAL,
    WATCHED,
    bad_in,
    burn_alert,
    ratio,
)
from alerts.recording_rules import FIVE, HOUR, counted_window, quick_windows
from alerts.rule import Alert, Priority, Record, Severity
from alerts.thresholds import Thresholds
from alerts.trouble import Trouble
from kit.pure.durations import to_prometheus
from slo.objective import Objective
from slo.recorded import labels_of, selector_of
from slo.windows import PAGES, TICKETS, Tier, bad_share, for_window

YOUNG: Final = 30
YOUNG_BAD: Final = 4
"""A bad minute is seen in three: the shares of each are those of two minutes."""


def burning(objective: Objective, about: About) -> tuple[Alert, Alert]:
    """Return the page and the ticket of an objective.

    Where faster alerts know its trouble the page gives them time to speak first; where there are
    none it is the first to say anything, and waits for nothing.
    """
    fast, slow = burn_alert(objective.name, fast=True), burn_alert(objective.name, fast=False)
    trouble = about.troubles.get(objective.name)
    while_, after = _known(trouble)
    hold = max(tier.hold for tier in PAGES) if trouble is not None else timedelta()
    labels = (("slo", objective.name),)
    return (
        Alert(
            fast,
            _paging(objective) + while_,
            Severity.CRITICAL,
            Priority.P2,
            hold=to_prometheus(hold) if hold else "0s",
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


def _paging(objective: Objective) -> str:
    """Return the condition of the page: a tier, or an outage that an hour of few requests hides.

    Where events are counted up to now, nothing else is waited for than that they are enough to be
    no bad luck. Elsewhere, where little of the last hour was seen, one bad minute is a large share
    of it: there, two.
    """
    if quick_windows(objective):
        few = f"{bad_in(FIVE)}{selector_of(objective)} > {number(COUNTED_FEW)}"
        return f"({_any_tier(PAGES, objective)} or ({_in_five(objective, few)}))"
    own, share = selector_of(objective), number(bad_share(PAGES[0], objective))
    hour = minutes_of(HOUR)
    young = (
        f"(count_over_time({TOTAL}{own}{hour}) < {YOUNG}"
        f" unless on() count_over_time(({ratio(BASE)}{own} > {share}){hour}) >= {YOUNG_BAD})"
    )
    tiers = f"({_any_tier(PAGES, objective)} unless on() {young})"
    if not objective.counts_requests:
        return tiers
    return f"({tiers} or {_outage(objective)})"


def _outage(objective: Objective) -> str:
    """Return the condition that most events are bad, two minutes running or within five.

    One bad event at night is no outage, nor is one bad minute; three in five minutes that saw no
    more good ones are, as long as the newest two minutes do not say that it is over.
    """
    own, share = selector_of(objective), number(outage_share(objective))
    bad = counted(f"{BAD}{own}", FIVE)
    return (
        f"(min_over_time({ratio(BASE)}{own}[90s]) > {share} and {bad} >= {OUTAGE_BAD}"
        f" or {_in_five(objective, f'{bad} >= {OUTAGE_FEW}')})"
    )


def _in_five(objective: Objective, enough: str) -> str:
    """Return the condition that most events of five minutes are bad, `enough` and not over yet."""
    own, share = selector_of(objective), number(outage_share(objective))
    return f"{ratio(FIVE)}{own} > {share} and {enough} unless on() {ratio(BASE)}{own} <= {share}"


COUNTED_BAD: Final = 4.75
COUNTED_FEW: Final = 2.75
"""Five bad events within the hour page where their share does, or three within five minutes; fewer
may be one person's bad luck. Beyond the ends of its samples a rate goes on as it was: four events
in half an hour may read as 4.15, two in five minutes as 2.5.
"""
OUTAGE_BAD: Final = 5
OUTAGE_FEW: Final = 3


def outage_share(objective: Objective) -> float:
    """Return the share of bad events that is an outage: half, or more where half is allowed."""
    return max(0.5, bad_share(PAGES[0], objective))


def _any_tier(tiers: Iterable[Tier], objective: Objective) -> str:
    parts = [_tier(for_window(tier, objective), objective) for tier in tiers]
    return "(" + " or ".join(f"({part})" for part in parts) + ")"


def _tier(tier: Tier, objective: Objective) -> str:
    own, share = selector_of(objective), number(bad_share(tier, objective))
    parts = [f"{ratio(tier.long)}{own} > {share}", f"{ratio(tier.short)}{own} > {share}"]
    if tier.gate != tier.short:
        parts.append(f"{ratio(tier.gate)}{own} > {share}")
    if counts_now(tier, objective):
        parts.append(f"{bad_in(counted_window(tier))}{own} > {number(COUNTED_BAD)}")
        return " and ".join(parts)
    if objective.counts_requests:
        parts.append(f"{counted(BAD + own, tier.seen)} >= {tier.fewest_bad}")
    if tier.spread:
        bad = f"({ratio(BASE)}{own} > {number(objective.budget)})"
        parts.append(f"count_over_time({bad}{minutes_of(tier.seen)}) >= {tier.spread}")
    return " and ".join(parts)


def counts_now(tier: Tier, objective: Objective) -> bool:
    """Say whether a tier is one of a page whose events are counted up to now."""
    return tier.name in {page.name for page in PAGES} and bool(quick_windows(objective))


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
    share = f"sum_over_time({BAD}{own}[{window}]) / (sum_over_time({TOTAL}{own}[{window}]) > 0)"
    labels = labels_of(objective)
    return (
        Record(WATCHED, watched(objective), labels),
        Record(SPENT, f"{share} / {number(objective.budget)}", labels),
    )


def watched(objective: Objective) -> str:
    """Return the share of a rolling window in which anything was measured, 1 at most.

    An hour has as many samples as the fullest of the window had: the last one, or all of the last
    day, may have gaps, which would show all that was measured before as more than it was. Every
    other hour is looked at, which reads half of what is counted anyway.
    """
    total, window = f"{TOTAL}{selector_of(objective)}", to_prometheus(objective.window)
    hour = f"count_over_time({total}[1h])"
    fullest = f"max_over_time(count_over_time({total}[3599s])[{window}:2h])"
    hours = number(objective.window / HOUR)
    # The two differ by a label, so that `or` keeps both.
    most = f'max without(of) (label_replace({fullest}, "of", "window", "", "") or {hour})'
    return f"clamp_max(count_over_time({total}[{window}]) / ({most} * {hours}), 1)"


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
