"""What happens to a service with one objective: counters, and when its rules page.

Its samples lie on the steps of evaluation, and the rules of others are played beside ours.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from tests.support.peers import pyrra, sloth
from tests.support.promql_arrays import Engine, Floats, Raw, any_of

TOTAL: Final = 'sum(rate(hits_total{job="shop"}[W]))'
BAD: Final = 'sum(rate(hits_total{job="shop",code=~"5.."}[W]))'
METRIC: Final = 'hits_total{job="shop"}'
_HISTORY: Final = 7 * 60
Fault = tuple[float, float, float]
"""When something begins and ends, and how much it is."""


@dataclass(frozen=True, slots=True)
class Story:
    """What happens; times are minutes since the fault began, shares are between 0 and 1.

    `faults` are (begin, end, share that fails). `unseen` are gaps of Prometheus, `down` of the
    service: its target does not answer. `reset` begins the counters anew. `history` is how long it
    had been watched. `single` are minutes in which just so many requests fail. `real` says that
    somebody is to be woken.
    """

    rate: float
    faults: Sequence[Fault] = ()
    lasts: int = 90
    history: int = _HISTORY
    unseen: Sequence[tuple[float, float]] = ()
    down: Sequence[tuple[float, float]] = ()
    reset: Sequence[float] = ()
    single: Sequence[tuple[float, int]] = ()
    real: bool = True
    usual: float = 0.0
    regular: bool = False
    lazy: bool = False
    rates: Sequence[Fault] = ()
    step_s: int = 30

    @property
    def begins(self) -> int:
        """Return the step at which the fault begins."""
        return self.history * 60 // self.step_s

    def series(self, seed: int) -> dict[str, list[Raw]]:
        """Return the stored series."""
        random = np.random.default_rng(seed)
        at = self._at()
        rate = _profile(at, self.rate, self.rates)
        many = np.diff(np.floor(np.cumsum(rate * self.step_s) + 0.5), prepend=0.0)
        many = many.astype(int) if self.regular else random.poisson(rate * self.step_s)
        bad = random.binomial(many, _profile(at, self.usual, self.faults))
        for minute, count in self.single:
            bad[np.searchsorted(at, minute)] += count
        down, unseen = _within(at, self.down), _within(at, self.unseen)
        many, bad = np.where(down, 0, np.maximum(many, bad)), np.where(down, 0, bad)
        up = np.where(down, 0.0, 1.0)
        up[unseen] = np.nan
        return {
            "hits_total": [
                self._counter("200", many - bad, at, down, unseen),
                self._counter("500", bad, at, down, unseen),
            ],
            "up": [Raw({"job": "shop"}, up, marked=False)],
        }

    def enough(self, seed: int) -> int | None:
        """Return when enough failed: five in an hour, or three, and most, in five minutes."""
        good, bad = (_grown(each.values) for each in self.series(seed)["hits_total"])
        hour, five, two = (_summed(bad, minutes * 60 // self.step_s) for minutes in (60, 5, 2))
        most, still = (
            failed > _summed(good + bad, minutes * 60 // self.step_s) / 2
            for failed, minutes in ((five, 5), (two, 2))
        )
        found = ((hour >= 5) | (five >= 3) & most & still)[self.begins :]
        return int(np.argmax(found)) if found.any() else None

    def asleep(self) -> Any:
        """Return the steps at which there was no Prometheus to evaluate anything."""
        return _within(self._at(), self.unseen)

    def _at(self) -> Floats:
        steps = (self.history + self.lasts) * 60 // self.step_s
        return (np.arange(steps) - self.begins) * self.step_s / 60

    def _counter(self, code: str, grows: Any, at: Floats, down: Any, unseen: Any) -> Raw:
        value = np.cumsum(grows).astype(float)
        for minute in self.reset:
            begun = int(np.searchsorted(at, minute))
            value[begun:] -= value[begun - 1]
        if self.lazy:
            value[value == 0] = np.nan
        value[down | unseen] = np.nan
        return Raw({"job": "shop", "code": code}, value, marked=bool(down.any()))


def _profile(at: Floats, usual: float, parts: Sequence[Fault]) -> Floats:
    found = np.full(len(at), float(usual))
    for begin, end, value in parts:
        # What happens until a scrape is in it.
        found[(at > begin) & (at <= end)] = value
    return found


def _grown(values: Floats) -> Floats:
    found: Floats = np.diff(np.nan_to_num(values), prepend=0.0).clip(0)
    return found


def _summed(values: Floats, steps: int) -> Floats:
    total = np.cumsum(values)
    before = np.concatenate((np.zeros(steps), total))[: len(total)]
    found: Floats = total - before
    return found


def _within(at: Floats, gaps: Sequence[tuple[float, float]]) -> Any:
    found = np.zeros(len(at), bool)
    for begin, end in gaps:
        found |= (at > begin) & (at <= end)
    return found


def bursts(
    share: float, length: float, every: float, until: float
) -> list[tuple[float, float, float]]:
    """Return faults that come again and again."""
    return [(begin, begin + length, share) for begin in np.arange(0, until, every)]


STORIES: Final[Mapping[str, Story]] = {
    **{
        f"{share:.0%} of {name} fail": Story(rate, [(0, 90, share)])
        for share in (1.0, 0.5, 0.33, 0.3, 0.1, 0.05)
        for name, rate in (("20/s", 20), ("1/s", 1), ("6/min", 0.1), ("1/min", 1 / 60))
        if rate * share > 0.0016
    },
    "all of one a minute, to the second": Story(1 / 60, [(0, 90, 1)], regular=True),
    "all of one in four minutes": Story(1 / 240, [(0, 90, 1)]),
    "3 % of 20/s fail": Story(20, [(0, 120, 0.03)], 120),
    "2 % of 20/s fail": Story(20, [(0, 120, 0.02)], 120),
    "1 % of 20/s fail": Story(20, [(0, 240, 0.01)], 240),
    "0.8 % of 20/s fail": Story(20, [(0, 360, 0.008)], 360),
    "bursts: 30 % for 1 of 10 minutes": Story(20, bursts(0.3, 1, 10, 240), 240),
    "bursts: 30 % of 1/s for 1 of 10 minutes": Story(1, bursts(0.3, 1, 10, 240), 240),
    "bursts: all for half a minute of 15": Story(20, bursts(1, 0.5, 15, 240), 240),
    "bursts: half for 2 of 30 minutes": Story(20, bursts(0.5, 2, 30, 360), 360),
    "bursts: all of 6/min for 1 of 10 minutes": Story(0.1, bursts(1, 1, 10, 240), 240),
    **{
        f"after a gap of {gap} minutes {share:.0%} of {rate}/s fail": Story(
            rate, [(0, 60, share)], 60, unseen=[(-gap - 1, -1)]
        )
        for gap in (4, 10, 50)
        for share in (1.0, 0.3, 0.05)
        for rate in (20, 1)
    },
    "a gap in the midst of 30 %": Story(20, [(0, 60, 0.3)], 60, unseen=[(1, 11)]),
    "a gap until 30 % have failed for a while": Story(20, [(-5, 60, 0.3)], 60, unseen=[(-20, 0)]),
    **{
        f"{age} minutes old, {share:.0%} of {rate}/s fail": Story(
            rate, [(0, 60, share)], 60, history=age
        )
        for age in (4, 13, 25)
        for share in (1.0, 0.3, 0.05)
        for rate in (20, 1)
    },
    "a deploy after which a fifth fails": Story(20, [(0, 60, 0.2)], 60, reset=[0]),
    "a deploy after which all fail, lazily": Story(20, [(0, 60, 1)], 60, reset=[0], lazy=True),
    "a deploy that is away for a minute, then a tenth fails": Story(
        20, [(1, 60, 0.1)], 60, reset=[1], down=[(0, 1)]
    ),
    "every instance is down": Story(20, [], 60, down=[(0, 60)]),
    "every instance is down, at night": Story(0.02, [], 60, down=[(0, 60)]),
    "it fails a little, then all": Story(20, [(0, 20, 0.004), (20, 60, 1)], 60),
    "it gets worse": Story(20, [(m, m + 5, 0.005 * m) for m in range(0, 60, 5)], 60),
    "a night of 1/min, all fail": Story(5, [(0, 60, 1)], 60, rates=[(-240, 60, 1 / 60)]),
    "a night of 1/min, half fail": Story(5, [(0, 90, 0.5)], 90, rates=[(-240, 90, 1 / 60)]),
    "an outage of two minutes": Story(20, [(0, 2, 1)], 60),
    "an outage of three minutes at 1/s": Story(1, [(0, 3, 1)], 60),
    "0.3 % fail, a ticket": Story(20, [(0, 360, 0.004)], 360),
    # Nobody is to be woken.
    "a usual day": Story(20, usual=0.0003, real=False, lasts=300),
    "a usual day of 1/s": Story(1, usual=0.0003, real=False, lasts=300),
    "a usual night of 6/min": Story(0.1, usual=0.0005, real=False, lasts=300),
    "a usual night of 1/min": Story(1 / 60, usual=0.0005, real=False, lasts=300),
    "one fails at night": Story(1 / 60, single=[(0, 1)], real=False),
    "two fail at night, an hour apart": Story(1 / 60, single=[(0, 1), (60, 1)], real=False),
    "one person fails twice at night": Story(1 / 60, single=[(0, 1), (1, 1)], real=False),
    "four of an hour fail at night": Story(
        1 / 60, single=[(0, 1), (15, 1), (31, 1), (44, 1)], real=False
    ),
    "one fails, at 6/min": Story(0.1, single=[(0, 1)], real=False),
    "three fail at once, at 6/min": Story(0.1, single=[(0, 3)], real=False),
    "one fails in a service 13 minutes old": Story(0.1, single=[(0, 1)], real=False, history=13),
    "two fail in a service 5 minutes old": Story(1, single=[(0, 2)], real=False, history=5),
    "one fails after a gap": Story(0.1, single=[(0, 1)], real=False, unseen=[(-60, -5)]),
    "ten seconds of an outage": Story(20, [(0, 0.5, 0.33)], real=False),
    "ten seconds of an outage at 1/s": Story(1, [(0, 0.5, 0.33)], real=False),
    "half a minute of a fifth": Story(20, [(0, 0.5, 0.2)], real=False),
    "a restart": Story(20, reset=[0], down=[(-0.5, 0)], real=False),
    "a gap": Story(20, unseen=[(0, 20)], real=False),
    "a new service": Story(5, history=2, usual=0.0003, real=False),
    "much more is asked": Story(1, usual=0.0003, rates=[(0, 30, 40)], real=False),
    "much less is asked": Story(20, usual=0.0003, rates=[(0, 90, 0.05)], real=False),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Played:
    """When each side first paged from the fault on, in steps since it began; None for never."""

    ours: int | None
    sloth: int | None
    pyrra: int | None
    ticket: int | None
    enough: int | None
    """When enough had failed to be no bad luck."""
    before: bool
    """Whether ours fired before anything had happened."""

    def faults(self, *, real: bool) -> list[str]:
        """Return what is wrong with when ours paged."""
        late = self.sloth is not None and self.enough is not None
        never = self.ours is None
        found = {
            "paged before anything happened": self.before,
            "paged, and nobody was to be woken": not real and not never,
            "missed what pyrra's rules find": real and never and self.pyrra is not None,
            "more than an evaluation behind sloth": real and late and (
                self.ours is None or self.ours > max(self.sloth or 0, self.enough or 0) + 1
            ),
        }  # fmt: skip
        return [what for what, holds in found.items() if holds]


def played(story: Story, seed: int, rules: Sequence[Mapping[str, Any]], budget: float) -> Played:
    """Return what our rules and those of sloth and pyrra say of a story."""
    queries = (BAD, TOTAL, budget)
    every = [*rules, *sloth(*queries), *pyrra(METRIC, *queries)]
    engine = Engine(story.step_s, story.series(seed), every, asleep=story.asleep())
    pages = [each["alert"] for each in rules if _severity(each) == "critical"]
    tickets = [each["alert"] for each in rules if _severity(each) == "warning"]
    ours = any_of(engine, pages)

    def first(alerts: Sequence[str]) -> int | None:
        fires = ~np.isnan(any_of(engine, alerts)[story.begins :])
        return int(np.argmax(fires)) if fires.any() else None

    return Played(
        first(pages),
        first(["sloth_page"]),
        first(["pyrra_page0", "pyrra_page1", "pyrra_absent"]),
        first([*pages, *tickets]),
        story.enough(seed),
        bool((~np.isnan(ours[: story.begins])).any()),
    )


def _severity(rule: Mapping[str, Any]) -> str:
    return str(rule.get("labels", {}).get("severity", "")) if "alert" in rule else ""
