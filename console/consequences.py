"""What alerts follow from an objective, in words: how soon one fires for how bad a fault."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from alerts.names import burn_alert
from slo.objective import Objective
from slo.windows import PAGES, TICKETS, Tier, bad_share, for_window

FAULTS: Final = (1.0, 0.1, 0.01)
"""Shares of events that fail, at which it is said how soon an alert fires."""
_STEP: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Rung:
    """One row of the table of windows, for one objective: a burn rate, and over which windows."""

    alert: str
    pages: bool
    burn: float
    share: float
    long: timedelta
    short: timedelta
    hold: timedelta


@dataclass(frozen=True, slots=True)
class Consequence:
    """When `share` of the events fail, `alert` fires after `after`; None is never."""

    share: float
    alert: str
    pages: bool
    after: timedelta | None


def rungs(objective: Objective) -> tuple[Rung, ...]:
    """Return the rows from which the burn alerts of an objective follow."""
    return tuple(
        _rung(for_window(tier, objective), tier, objective, fast=fast)
        for tiers, fast in ((PAGES, True), (TICKETS, False))
        for tier in tiers
    )


def _rung(scaled: Tier, tier: Tier, objective: Objective, *, fast: bool) -> Rung:
    share = bad_share(tier, objective)
    name = burn_alert(objective.name, fast=fast)
    hold = max(each.hold for each in (PAGES if fast else TICKETS))
    return Rung(name, fast, share / objective.budget, share, scaled.long, scaled.short, hold)


def after(rung: Rung, fault: float) -> timedelta | None:
    """Return how long after a fault began its alert fires, all having been well before.

    A window of length W holds a share of `fault * t / W` bad events when the fault is t old, so
    that it is above `share` from `share / fault * W` on; the longer one is the last.
    """
    if fault <= rung.share:
        return None
    return rung.long * (rung.share / fault) + rung.hold


def consequences(objective: Objective) -> Iterator[Consequence]:
    """Yield for each fault which page and which ticket come first, and when."""
    found = rungs(objective)
    for fault in (*FAULTS, 2 * objective.budget):
        for pages in (True, False):
            times = [
                (at, rung.alert)
                for rung in found
                if rung.pages is pages and (at := after(rung, fault)) is not None
            ]
            at, alert = min(times, default=(None, burn_alert(objective.name, fast=pages)))
            yield Consequence(fault, alert, pages, at)


def span(length: timedelta) -> str:
    """Return a length of time in words, to two units."""
    minutes = max(1, round(length / _STEP))
    days, rest = divmod(minutes, 1440)
    hours, left = divmod(rest, 60)
    parts = [f"{days} d"] * bool(days) + [f"{hours} h"] * bool(hours) + [f"{left} min"] * bool(left)
    return " ".join(parts[:2])
