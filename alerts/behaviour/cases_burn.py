"""Each condition of each budget alert alone and exactly at its limits, from series that are given.

What is expected follows from the rule: nothing has to be run for it. The ranges in which minutes
are counted are a second shorter than they say, so that they hold as many in every Prometheus.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from alerts.behaviour.case import Segment, length
from alerts.behaviour.given import given, labelled
from alerts.behaviour.pinned import Pinned, Pins, Waits
from alerts.catalogue.budgets import (
    COUNTED_BAD,
    COUNTED_FEW,
    OUTAGE_BAD,
    OUTAGE_FEW,
    YOUNG,
    YOUNG_BAD,
    counts_now,
    outage_share,
)
from alerts.expressions import number
from alerts.names import BAD, BASE, TOTAL, bad_in, ratio
from alerts.recording_rules import counted_window, quick_windows
from alerts.rule import Alert
from slo.objective import Objective
from slo.windows import PAGES, TICKETS, Tier, bad_share, for_window

Shares = Mapping[str, list[Segment]]
_A_LITTLE: Final = 1.05
_FIVE: Final = timedelta(minutes=5)


def limits_of(objective: Objective, tier: Tier) -> dict[str, float]:
    """Return the limit of each window's share of bad events, as the rule writes it."""
    share = float(number(bad_share(tier, objective)))
    found = {ratio(tier.long): share, ratio(tier.short): share}
    if tier.gate != tier.short:
        found[ratio(tier.gate)] = share
    return found


def burn_tests(objective: Objective, alert: Alert, *, fast: bool) -> list[Pinned]:
    """Return the cases of an objective's page or ticket."""
    waits = Waits.of(alert)
    tiers = [for_window(tier, objective) for tier in (PAGES if fast else TICKETS)]
    found = [each for tier in tiers for each in _OfTier(objective, tier, tiers, waits).cases()]
    if not fast:
        return found
    if quick_windows(objective):
        return [*found, *_counted_outages(objective, waits)]
    if objective.counts_requests:
        found += _outages(objective, waits)
    return [*found, *_young(objective, tiers[0], waits)]


@dataclass(frozen=True, slots=True)
class _OfTier:
    """The cases of one tier; all of its conditions hold but for the one that a case is about."""

    objective: Objective
    tier: Tier
    tiers: Sequence[Tier]
    waits: Waits

    def cases(self) -> Iterator[Pinned]:
        """Yield them."""
        yield self._over()
        yield from self._at_limits()
        if self.counted is not None:
            yield from self._counted()
        elif self.objective.counts_requests:
            yield from self._counts()
        if self.spread:
            yield from self._spread()

    @property
    def counted(self) -> str | None:
        """Return the series of the bad events that are counted up to now, where any is."""
        if not counts_now(self.tier, self.objective):
            return None
        return bad_in(counted_window(self.tier)) + labelled(self.objective)

    @property
    def spread(self) -> int:
        """Return how many minutes have to be bad."""
        return 0 if self.counted else self.tier.spread

    @property
    def lead(self) -> int:
        """Return how many minutes are bad before the shares are over their limits."""
        return self.spread

    @property
    def seen(self) -> int:
        """Return the minutes in which bad events are counted."""
        return int(self.tier.seen.total_seconds()) // 60

    def story(self, shares: Shares, name: str, pins: Pins, *, bad: Sequence[Segment] = (),
              now: Sequence[Segment] = ()) -> Pinned:  # fmt: skip
        """Return a case; `bad` are bad events a second, `now` the share of each minute."""
        own, span = labelled(self.objective), max(map(length, shares.values()))
        series: dict[str, Sequence[Segment]] = {f"{key}{own}": s for key, s in shares.items()}
        if self.counted:
            series[self.counted] = bad or [(_A_LITTLE * COUNTED_BAD, span)]
        elif self.objective.counts_requests:
            series[f"{BAD}{own}"] = bad or [(self.tier.fewest_bad / 60, span)]
        if self.spread:
            over = self.objective.budget * _A_LITTLE
            series[f"{ratio(BASE)}{own}"] = now or [(over, span)]
        case = given(f"{self.tier.name}: {name}", series, fires=any(pins.values()))
        return Pinned(case, pins)

    def _shares(self, span: int, rest: int = 0) -> dict[str, list[Segment]]:
        limits = limits_of(self.objective, self.tier)
        return {
            key: [(0.0, self.lead), (limit * _A_LITTLE, span), (0.0, rest)]
            for key, limit in limits.items()
        }

    def _over(self) -> Pinned:
        held = self.waits.hold + 5
        shares = self._shares(held, self.waits.keep + 2)
        return self.story(shares, "a little over", self.waits.fires(self.lead, self.lead + held))

    def _at_limits(self) -> Iterator[Pinned]:
        span = self.waits.hold + 6
        over = {key: share[1][0] for key, share in self._shares(span).items()}
        for key, limit in limits_of(self.objective, self.tier).items():
            at_it = {**over, key: limit}
            if any(_breached(limits_of(self.objective, each), at_it) for each in self.tiers):
                continue  # an objective over minutes: its other tier has the same windows
            shares = {each: [(0.0, self.lead), (at_it[each], span)] for each in over}
            yield self.story(shares, f"{key} exactly at its limit", self._silent())

    def _silent(self) -> Pins:
        return {self.lead + self.waits.hold + 5: 0, -1: 0}

    def _counts(self) -> Iterator[Pinned]:
        """Yield just enough bad events within one minute, which are remembered, and too few."""
        few, span = self.tier.fewest_bad, self.seen + self.waits.keep + 5
        shares = self._shares(span)

        def once(count: float, rest: int) -> list[Segment]:
            return [(0.0, self.lead), (count / 60, 1), (0.0, rest)]

        pins = self.waits.fires(self.lead, self.lead + self.seen)
        yield self.story(shares, f"{few} bad events", pins, bad=once(few, span - 1))
        short = self.waits.hold + 6
        yield self.story(
            self._shares(short), f"fewer than {few} bad events", self._silent(),
            bad=once(0.99 * few, short - 1),
        )  # fmt: skip

    def _counted(self) -> Iterator[Pinned]:
        """Yield more bad events than are no bad luck, and just as many."""
        span = self.waits.hold + 6
        over: list[Segment] = [(COUNTED_BAD, 2), (_A_LITTLE * COUNTED_BAD, span)]
        shares = self._shares(span + 2 + self.waits.keep + 3)
        rest: list[Segment] = [(COUNTED_BAD, self.waits.keep + 3)]
        pins = self.waits.fires(2, 2 + span)
        yield self.story(shares, "enough bad events", pins, bad=[*over, *rest])
        few: list[Segment] = [(COUNTED_BAD, span)]
        yield self.story(self._shares(span), "too few bad events", self._silent(), bad=few)

    def _spread(self) -> Iterator[Pinned]:
        """Yield just enough bad minutes, which are remembered, too few, and ones at the limit."""
        enough, budget = self.tier.spread, float(number(self.objective.budget))
        span = self.seen + self.waits.keep + 5 - self.lead
        over = budget * _A_LITTLE
        shares = {key: [(s[1][0], span + self.lead)] for key, s in self._shares(1).items()}
        pins = self.waits.fires(enough - 1, self.seen)
        minutes: list[Segment] = [(over, enough), (0.0, span)]
        yield self.story(shares, f"{enough} bad minutes", pins, now=minutes)
        short = {key: [(s[0][0], self.lead + self.waits.hold + 6)] for key, s in shares.items()}
        fewer: list[Segment] = [(over, enough - 1), (0.0, self.waits.hold + 7)]
        yield self.story(short, f"fewer than {enough} bad minutes", self._silent(), now=fewer)
        at_it: list[Segment] = [(budget, self.lead + self.waits.hold + 6)]
        yield self.story(short, "minutes exactly at the budget", self._silent(), now=at_it)


def _breached(limits: Mapping[str, float], shares: Mapping[str, float]) -> bool:
    return all(shares.get(series, 0) > limit for series, limit in limits.items())


def _outages(objective: Objective, waits: Waits) -> Iterator[Pinned]:
    """Yield most that is bad for two minutes, or within five, with few bad events in all."""
    own, most = labelled(objective), float(number(outage_share(objective)))
    over = min(1.0, most * 1.02)
    span = waits.hold + waits.keep + 12
    now, five, bad = f"{ratio(BASE)}{own}", f"{ratio(_FIVE)}{own}", f"{BAD}{own}"

    def story(name: str, share: str, value: float, count: float, pins: Pins | None,
              newest: float = over) -> Pinned:  # fmt: skip
        other = five if share == now else now
        series: dict[str, Sequence[Segment]] = {
            share: [(0.0, 3), (value, span - 3)],
            other: [(most if other == five else newest, span)],
            bad: [(0.0, 3), (count / 60, 1), (0.0, span - 4)],
        }
        case = given(f"outage: {name}", series, fires=pins is not None)
        return Pinned(case, pins or {span - 1: 0, -1: 0})

    two, many = waits.fires(4, 8), waits.fires(3, 8)
    yield story("two minutes over half", now, over, OUTAGE_BAD, two)
    yield story("two minutes, too few", now, over, 0.99 * OUTAGE_BAD, None)
    yield story("two minutes exactly at half", now, most, OUTAGE_BAD, None)
    yield story("five minutes over half", five, over, OUTAGE_FEW, many)
    yield story("five minutes, too few", five, over, 0.99 * OUTAGE_FEW, None)
    yield story("five minutes exactly at half", five, most, OUTAGE_FEW, None)
    yield story("five minutes over half, the newest at half", five, over, OUTAGE_FEW, None, most)


def _counted_outages(objective: Objective, waits: Waits) -> Iterator[Pinned]:
    """Yield most that is bad within five minutes, where events are counted up to now."""
    own, most = labelled(objective), float(number(outage_share(objective)))
    over, enough, span = min(1.0, most * 1.02), COUNTED_FEW * 1.02, waits.hold + waits.keep + 12

    def story(name: str, five: float, bad: float, newest: float, pins: Pins | None) -> Pinned:
        series: dict[str, Sequence[Segment]] = {
            f"{ratio(_FIVE)}{own}": [(0.0, 3), (five, 5), (0.0, span - 8)],
            f"{ratio(BASE)}{own}": [(newest, span)],
            f"{bad_in(_FIVE)}{own}": [(bad, span)],
        }
        case = given(f"outage: {name}", series, fires=pins is not None)
        return Pinned(case, pins or {span - 1: 0, -1: 0})

    yield story("most of five minutes", over, enough, over, waits.fires(3, 8))
    yield story("too few", over, COUNTED_FEW, over, None)
    yield story("exactly the share", most, enough, over, None)
    yield story("the newest exactly at it", over, enough, most, None)


def _young(objective: Objective, tier: Tier, waits: Waits) -> Iterator[Pinned]:
    """Yield a service of which little was seen in the hour, with one bad minute or with two."""
    own, limits = labelled(objective), limits_of(objective, tier)
    share = float(number(bad_share(PAGES[0], objective)))
    bad, span = share * _A_LITTLE, 130

    def story(name: str, watched: str, minutes: list[Segment], pins: Pins) -> Pinned:
        series: dict[str, Sequence[Segment]] = {
            f"{key}{own}": [(limit * _A_LITTLE, span)] for key, limit in limits.items()
        }
        series[f"{ratio(BASE)}{own}"] = minutes
        if objective.counts_requests:
            series[f"{BAD}{own}"] = [(tier.fewest_bad / 60, span)]
        # A label more than the rules have, lest they make the share of what is given here.
        more = {f'{TOTAL}{own[:-1]},given="1"}}': watched}
        return Pinned(given(f"young: {name}", series, fires=any(pins.values()), more=more), pins)

    seldom = " ".join(["1 stale _"] * 44)
    more = YOUNG_BAD - 1
    again: list[Segment] = [(0.0, 2), (bad, 1), (share, 49), (bad, more), (0.0, span - 52 - more)]
    yield story("seen in four minutes of an hour", seldom, again, waits.fires(51 + more, 62))
    once: list[Segment] = [(0.0, 45), (bad, 1), (0.0, span - 46)]
    early: list[Segment] = [(bad, 1), (0.0, span - 1)]
    lasts: Pins = {span - 1: 1}
    first = YOUNG - 1 + waits.hold
    yield story("half an hour is seen", f"1x{span - 1}", early,
                {first - 1: 0, first: 1, **lasts})  # fmt: skip
    gap = 49 + waits.hold
    yield story("half of the hour, with a gap", f"1x24 stale _x19 1x{span - 46}", early,
                {gap - 1: 0, gap: 1, **lasts})  # fmt: skip
    late = 89 + waits.hold
    yield story("what is longer ago is not of the hour", f"1x24 stale _x34 1x{span - 61}", once,
                {late - 1: 0, late: 1, **lasts})  # fmt: skip
