"""Over which windows a budget's burning is judged, and how fast is too fast."""

from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Final

from slo.objective import Objective


@dataclass(frozen=True, slots=True)
class Tier:
    """One row of the multi-window table.

    Too fast means: over `long`, over `short` and still over `gate` the share of bad events is
    above `factor` times the budget. `cap` is the share of bad events that no tier exceeds however
    large the budget is; `hold` is how long it must last. Within `seen` at least `fewest_bad`
    events must have failed, in at least `spread` minutes, before anybody is notified. `period` is
    that of the objectives that the row is for.
    """

    name: str
    long: timedelta
    short: timedelta
    gate: timedelta
    factor: float
    cap: float
    hold: timedelta
    seen: timedelta
    fewest_bad: int
    spread: int = 0
    period: timedelta = timedelta(days=30)


# Two per cent of a 30 day budget in an hour; five per cent in six hours (SRE workbook, chapter 5).
# The gate ends the alert when the fault ends. A burst of a minute stays in it for as long as it is
# wide, so that the hold is shorter: else bursts that come again begin it anew, for ever. A single
# bad minute is told from them by how many minutes were bad (`spread`), not by waiting. A monthly
# objective is worth a ticket when three times its share burns for two hours, or when it just would
# not last.
PAGES: Final = (
    Tier("hour", timedelta(hours=1), timedelta(minutes=5), timedelta(minutes=5), 14.4, 0.35,
         timedelta(minutes=2), timedelta(hours=1), 10),
    Tier("quarter-day", timedelta(hours=6), timedelta(minutes=30), timedelta(minutes=5), 6.0, 0.25,
         timedelta(minutes=2), timedelta(hours=6), 10, 4),
)  # fmt: skip
TICKETS: Final = (
    Tier("hours", timedelta(hours=2), timedelta(minutes=30), timedelta(minutes=30), 3.0, 0.2,
         timedelta(minutes=20), timedelta(hours=2), 6, 5),
    Tier("days", timedelta(days=3), timedelta(hours=6), timedelta(minutes=30), 1.0, 1.0,
         timedelta(minutes=20), timedelta(hours=6), 6, 15),
)  # fmt: skip


_WINDOWS: Final = tuple(
    timedelta(minutes=minutes)
    for minutes in (2, 5, 10, 15, 30, 60, 120, 180, 360, 720, 1440, 2880, 4320, 10080, 20160, 43200)
)
"""Every window is one of these, so that the objectives of many periods share recorded series."""


_LONGEST_SEEN: Final = timedelta(days=1)
"""Minutes are counted one by one, and a rule is to stay quick."""


def scaled_factor(tier: Tier, objective: Objective) -> float:
    """Return the burn factor of a tier for an objective's period and budget, never under 1.

    An objective of 95 % burns at most 20 times too fast, so that 14.4 means 72 % bad: nobody would
    wait for that. 1 / (1/factor + budget/cap) is the factor itself for a small budget and tends to
    the share `cap` for a large one.
    """
    factor = for_window(tier, objective).factor
    return max(1.0, 1.0 / (1.0 / factor + objective.budget / tier.cap))


def bad_share(tier: Tier, objective: Objective) -> float:
    """Return the share of bad events, between 0 and 1, above which the tier is breached."""
    return scaled_factor(tier, objective) * objective.budget


def for_window(tier: Tier, objective: Objective) -> Tier:
    """Return the tier for the objective's period: other windows, and a factor that fits them.

    The table is written for 30 days. Windows grow and shrink with the period, to the nearest that
    others use, too; the factor then makes the tier speak of the same share of the budget, burn rate
    times window over period (SRE workbook, chapter 5): 2 % in an hour of 30 days, or of 28. The
    short windows, which end an alert, only grow: what comes every ten minutes is still there.
    """
    stretch = objective.window / tier.period
    if stretch == 1:
        return tier
    long = _nearest(tier.long * stretch)
    return replace(
        tier,
        long=long,
        short=min(_nearest(tier.short * max(1, stretch)), long),
        gate=min(_nearest(tier.gate * max(1, stretch)), long),
        seen=min(_nearest(tier.seen * max(1, stretch)), _LONGEST_SEEN),
        factor=tier.factor * stretch * (tier.long / long),
        period=objective.window,
    )


def _nearest(duration: timedelta) -> timedelta:
    """Return the nearest window by ratio; the shortest has two samples, as a rate needs."""
    return min(_WINDOWS, key=lambda each: max(each / duration, duration / each))
