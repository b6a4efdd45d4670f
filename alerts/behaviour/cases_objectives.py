"""The alerts on any service's objectives: when each begins and ends, and is silent at its limit.

What is expected follows from the rule's own hold and keep times: nothing has to be run for it.
The recorded series are given: what the queries of others count, nobody here can know.
"""

from typing import Final

from alerts.behaviour.case import STALE, Case, Segment, gauge, length
from alerts.behaviour.cases_burn import burn_tests, limits_of
from alerts.behaviour.given import given, labelled
from alerts.behaviour.pinned import Pinned, Pins, Waits
from alerts.behaviour.promtool import TOTAL as IN_ALL
from alerts.behaviour.worlds import known
from alerts.expressions import number
from alerts.names import (
    BAD,
    BASE,
    OWN_CAUSE,
    PART_BAD,
    PART_TOTAL,
    SPENT,
    TOTAL,
    WATCHED,
    burn_alert,
    ratio,
)
from alerts.objective_rules import PART_SPREAD
from alerts.policies import limit_of, window_of
from alerts.rule import Alert
from alerts.thresholds import Thresholds
from slo.objective import Objective
from slo.policy import Policy
from slo.windows import PAGES, TICKETS, bad_share, for_window


def ticket_tests(objective: Objective, alert: Alert) -> list[Pinned]:
    """Return the cases of an objective's ticket: its own, and those after its page."""
    return [*burn_tests(objective, alert, fast=False), _after_page(objective, Waits.of(alert))]


def _after_page(objective: Objective, waits: Waits) -> Pinned:
    """Return a page of five minutes, an hour after which the ticket may come."""
    return after_page(objective, waits, burn_alert(objective.name, fast=True))


_QUIET: Final = 60
"""How many minutes a ticket is silent after a page."""


def after_page(objective: Objective, waits: Waits, page: str) -> Pinned:
    """Return five minutes of a page, after which the ticket is silent for an hour."""
    own, span = labelled(objective), waits.hold + _QUIET + 15
    tier = for_window(TICKETS[0], objective)
    series: dict[str, list[Segment]] = {
        f"{key}{own}": [(limit * 1.05, span)] for key, limit in limits_of(objective, tier).items()
    }
    series[f"{ratio(BASE)}{own}"] = [(objective.budget * 1.05, span)]
    series |= {f"{BAD}{own}": [(1.0, span)]} if objective.counts_requests else {}
    more = known(page, [(1.0, 5), (STALE, span - 5)], objective.service)
    name = "after a cause of the project's own" if page == OWN_CAUSE else f"after {page}"
    case = given(name, series, fires=True, more=more)
    return Pinned(case, {waits.hold: 0, waits.hold + _QUIET: 0, waits.hold + _QUIET + 10: 1})


def part_tests(objective: Objective, alert: Alert) -> list[Pinned]:
    """Return one value of the label that burns beside one that does not."""
    tier, waits = for_window(PAGES[0], objective), Waits.of(alert)
    share = bad_share(PAGES[0], objective)
    whole, label = 100 * tier.fewest_bad / 3600 / share, objective.split_by or ""
    first = PART_SPREAD - 1

    def story(name: str, bad: list[Segment], amount: float, pins: Pins, *,
              page: bool = False) -> Pinned:  # fmt: skip
        series: dict[str, list[Segment]] = {}
        span = length(bad)
        for value, of in (("a", bad), ("b", [(0.0, span)])):
            labels = labelled(objective, (label, value))
            series[PART_BAD + labels] = [(each * amount, minutes) for each, minutes in of]
            series[PART_TOTAL + labels] = [(amount, span)]
        fast = burn_alert(objective.name, fast=True)
        more = known(fast, [(1.0, span)], objective.service) if page else {}
        return Pinned(given(name, series, fires=any(pins.values()), more=more), pins)

    held = first + waits.hold + 3
    silent: Pins = {held - 1: 0, IN_ALL: 0}
    over, over_for = share * 1.05, [(share * 1.05, held)]
    few = 0.99 * tier.fewest_bad / 60 / over / held
    begins: Pins = {first + waits.hold - 1: 0, first + waits.hold: 1}
    burst: list[Segment] = [(1.0, PART_SPREAD - 1), (0.0, held)]
    return [
        story("one of two is over", over_for, whole, begins),
        story("one of two is just below", [(share * 0.99, held)], whole, silent),
        story(f"fewer than {tier.fewest_bad} in an hour", over_for, few, silent),
        story("the page speaks for all", over_for, whole, silent, page=True),
        story(f"fewer than {PART_SPREAD} bad minutes", burst, whole, {held: 0, IN_ALL: 0}),
    ]


def unmeasured_tests(objective: Objective, alert: Alert) -> list[Pinned]:
    """Return an objective that nothing measures for a while, and one that is always measured."""
    waits, own = Waits.of(alert), f"{TOTAL}{labelled(objective)}"
    gone = waits.hold + 5
    story = [(1.0, 5), (STALE, gone), (1.0, waits.keep + 2)]
    case = Case("gone for a while", {own: gauge(*story)}, length(story), fires=True)
    there = given("always there", {own: waits.never(1)}, fires=False)
    return [Pinned(case, waits.fires(5, 5 + gone)), Pinned(there, waits.silent())]


def spent_tests(objective: Objective, limits: Thresholds, alert: Alert) -> list[Pinned]:
    """Return a budget that is nearly gone and recovers, one not quite, and one hardly measured."""
    waits, own = Waits.of(alert), labelled(objective)
    limit = float(number(1 - limits.budget_left))

    def case(name: str, spent: list[Segment], watched: float, *, fires: bool) -> Case:
        measured: list[Segment] = [(watched, length(spent))]
        return given(name, {SPENT + own: spent, WATCHED + own: measured}, fires=fires)

    over, pins = waits.story(limit + 0.01, 0)
    twice, edge = waits.story(2 * limit + 0.02, 0)[0], waits.never(limit)
    little = waits.never(2 * limit)
    return [
        Pinned(case("a little over", over, 1, fires=True), pins),
        Pinned(case("exactly at its limit", edge, 1, fires=False), waits.silent()),
        Pinned(case("gone even if the rest was good", twice, 0.5, fires=True), pins),
        Pinned(case("half is measured", little, 0.5, fires=False), waits.silent()),
    ]


def contradictory_tests(objective: Objective, alert: Alert) -> list[Pinned]:
    """Return more good than all, more bad than all, bad of none at all, and a share that can be."""
    waits, own = Waits.of(alert), labelled(objective)
    share = f"slo:bad_ratio:5m{own}"
    found = []
    for name, odd in (("more good than there is", -0.02), ("more bad than there is", 1.02)):
        story, pins = waits.story(odd, 0.0)
        found.append(Pinned(given(name, {share: story}, fires=True), pins))
    for name, value in (("none is bad", 0.0), ("all are bad", 1.0), ("rounding", -0.009)):
        calm = given(name, {share: waits.never(value)}, fires=False)
        found.append(Pinned(calm, waits.silent()))
    story, pins = waits.story(1.0, 0.0)
    bad, total = f"{BAD}{own}", f"{TOTAL}{own}"
    none = given("bad of none at all", {bad: story, total: [(0.0, length(story))]}, fires=True)
    return [*found, Pinned(none, pins)]


def policy_tests(policy: Policy, objective: Objective, alert: Alert) -> list[Pinned]:
    """Return a burn rate a little beyond what a policy speaks of, at it, and on the other side."""
    waits, limit = Waits.of(alert), float(number(limit_of(objective, policy)))
    own = f"{ratio(window_of(policy))}{labelled(objective)}"
    above, at_it = policy.condition.op in {"gt", "gte"}, policy.condition.op in {"gte", "lte"}
    beyond, short = (limit * 1.05, limit * 0.95) if above else (limit * 0.95, limit * 1.05)
    story, pins = waits.story(beyond, short)
    edge, fires = waits.story(limit, short)
    found = [Pinned(given("a little beyond", {own: story}, fires=True), pins)]
    if at_it:
        return [*found, Pinned(given("exactly at its limit", {own: edge}, fires=True), fires)]
    still = given("exactly at its limit", {own: waits.never(limit)}, fires=False)
    return [*found, Pinned(still, waits.silent())]
