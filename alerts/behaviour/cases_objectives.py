"""The alerts on any service's objectives: when each begins and ends, and is silent at its limit.

What is expected follows from the rule's own hold and keep times: nothing has to be run for it.
The recorded series are given: what the queries of others count, nobody here can know.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from alerts.behaviour.case import STALE, Case, Segment, gauge, length
from alerts.behaviour.cases_burn import limits_of
from alerts.behaviour.given import given, labelled
from alerts.behaviour.promtool import TOTAL as IN_ALL
from alerts.behaviour.worlds import known, page_of
from alerts.expressions import number
from alerts.names import BAD, PART_BAD, PART_TOTAL, SPENT, TOTAL, WATCHED, burn_alert, ratio
from alerts.policies import limit_of, window_of
from alerts.rule import Alert
from alerts.thresholds import Thresholds
from kit.pure.durations import parse_prometheus
from slo.objective import Objective
from slo.policy import Policy
from slo.windows import PAGES, TICKETS, Tier, bad_share, for_window

_H: Final = 60
Pins = Mapping[int, int]
"""How many instances fire at a minute."""


@dataclass(frozen=True, slots=True)
class Pinned:
    """A case, and when its alert must fire."""

    case: Case
    pins: Pins


@dataclass(frozen=True, slots=True)
class Waits:
    """How long an alert waits and stays, in minutes."""

    hold: int
    keep: int

    @classmethod
    def of(cls, alert: Alert) -> "Waits":
        """Return those of a rule."""
        return cls(*(int(parse_prometheus(text)) // 60 for text in (alert.hold, alert.keep)))

    def fires(self, begin: int, end: int) -> Pins:
        """Return when it fires if its condition holds from minute `begin` until before `end`."""
        first, gone = begin + self.hold, end + self.keep
        before = {first - 1: 0} if first else {}
        return {**before, first: 1, gone - 1: 1, gone: 0, IN_ALL: gone - first}

    def silent(self) -> Pins:
        """Return that it never fires within the span of `never`."""
        return {self.hold + 5: 0, IN_ALL: 0}

    def never(self, value: float) -> list[Segment]:
        """Return a value for longer than the alert waits."""
        return [(value, self.hold + 6)]

    def story(self, over: float, rest: float) -> tuple[list[Segment], Pins]:
        """Return a value that is over its limit and then not, and when the alert fires."""
        held = self.hold + 5
        return [(over, held), (rest, self.keep + 2)], self.fires(0, held)


def burn_tests(objective: Objective, alert: Alert, *, fast: bool) -> list[Pinned]:
    """Return the cases of an objective's page or ticket."""
    waits, tiers = Waits.of(alert), PAGES if fast else TICKETS
    own = [for_window(tier, objective) for tier in tiers]
    found = [case for tier in own for case in _tier(objective, tier, own, waits)]
    return found if fast else [*found, _after_page(objective, waits)]


def _tier(objective: Objective, tier: Tier, tiers: Sequence[Tier], waits: Waits) -> list[Pinned]:
    own, limits = labelled(objective), limits_of(objective, tier)
    over = {series: limit * 1.05 for series, limit in limits.items()}
    plenty = tier.fewest_bad / 60.0

    def pinned(
        name: str, shares: Mapping[str, list[Segment]], bad: list[Segment], pins: Pins
    ) -> Pinned:
        series = {f"{key}{own}": story for key, story in shares.items()}
        series |= {f"{BAD}{own}": bad} if objective.counts_requests else {}
        return Pinned(given(f"{tier.name}: {name}", series, fires=any(pins.values())), pins)

    stories = {key: waits.story(share, 0)[0] for key, share in over.items()}
    span = sum(minutes for _, minutes in next(iter(stories.values())))
    found = [pinned("a little over", stories, [(plenty, span)], waits.story(1, 0)[1])]
    for series, limit in limits.items():
        at_it = {**over, series: limit}
        if any(_breached(limits_of(objective, each), at_it) for each in tiers):
            continue  # an objective over minutes: its other tier has the same windows
        shares = {key: waits.never(share) for key, share in at_it.items()}
        name = f"{series} exactly at its limit"
        found.append(pinned(name, shares, waits.never(plenty), waits.silent()))
    if objective.counts_requests:
        shares = {key: waits.never(share) for key, share in over.items()}
        few = waits.never(0.99 * tier.fewest_bad / 3600)
        found += [
            pinned(f"fewer than {tier.fewest_bad} in an hour", shares, few, waits.silent()),
            _hour(over, own, tier, waits),
        ]
    return found


def _breached(limits: Mapping[str, float], shares: Mapping[str, float]) -> bool:
    return all(shares.get(series, 0) > limit for series, limit in limits.items())


def _hour(over: Mapping[str, float], own: str, tier: Tier, waits: Waits) -> Pinned:
    """Return bad events of twenty minutes, half of which an hour has forgotten after seventy.

    Which minute it is exactly differs between versions of Prometheus.
    """
    bad = [(6 * tier.fewest_bad / 3600, 20), (0.0, _H + waits.keep)]
    shares = {f"{key}{own}": [(share, 20 + _H + waits.keep)] for key, share in over.items()}
    case = given(f"{tier.name}: an hour counts", {**shares, f"{BAD}{own}": bad}, fires=True)
    return Pinned(case, {waits.hold: 1, 65 + waits.keep: 1, 76 + waits.keep: 0})


def _after_page(objective: Objective, waits: Waits) -> Pinned:
    """Return a page of five minutes, an hour after which the ticket may come."""
    own, span, page = labelled(objective), waits.hold + 75, [(1.0, 5)]
    series: dict[str, list[Segment]] = {
        f"{key}{own}": [(limit * 1.05, span)]
        for key, limit in limits_of(objective, for_window(TICKETS[0], objective)).items()
    }
    series |= {f"{BAD}{own}": [(1.0, span)]} if objective.counts_requests else {}
    fast = burn_alert(objective.name, fast=True)
    more = known(fast, [*page, (STALE, span - 5)], objective.service)
    case = given("after its page", series, fires=True, more=more)
    return Pinned(case, {waits.hold: 0, waits.hold + 60: 0, waits.hold + 70: 1})


def part_tests(objective: Objective, alert: Alert) -> list[Pinned]:
    """Return one value of the label that burns beside one that does not."""
    tier, waits = for_window(PAGES[0], objective), Waits.of(alert)
    share = bad_share(PAGES[0], objective)
    whole, label = 100 * tier.fewest_bad / 3600 / share, objective.split_by or ""

    def story(name: str, part: float, amount: float, *, fires: bool, page: bool = False) -> Pinned:
        series: dict[str, list[Segment]] = {}
        for value, bad in (("a", part), ("b", 0.0)):
            labels = labelled(objective, (label, value))
            series[PART_BAD + labels] = waits.never(bad * amount)
            series[PART_TOTAL + labels] = waits.never(amount)
        fast = burn_alert(objective.name, fast=True)
        more = known(fast, waits.never(1), objective.service) if page else {}
        case = given(name, series, fires=fires, more=more)
        return Pinned(case, {waits.hold - 1: 0, waits.hold: 1} if fires else waits.silent())

    few = 0.99 * tier.fewest_bad / 3600 / share / 1.05
    return [
        story("one of two is over", share * 1.05, whole, fires=True),
        story("one of two is just below", share * 0.99, whole, fires=False),
        story(f"fewer than {tier.fewest_bad} in an hour", share * 1.05, few, fires=False),
        story("the page speaks for all", share * 1.05, whole, fires=False, page=True),
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


def escalation_tests(service: str, after: timedelta) -> list[Pinned]:
    """Return a page that stays open for longer, and one that is over in time."""
    level = int(after.total_seconds()) // 60
    longer, shorter = level + 10, level - 1
    stays = Case("the page stays open", page_of(service, longer), longer + 14, fires=True)
    over = Case("the page is over in time", page_of(service, shorter), shorter + 14, fires=False)
    pins = {level + 5: 0, level + 6: 1, longer + 4: 1, longer + 5: 0, IN_ALL: 9}
    return [Pinned(stays, pins), Pinned(over, {level: 0, IN_ALL: 0})]
