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
    large the budget is; `hold` is how long it must last and `fewest_bad` how many events must have
    failed within the last hour before anybody is told.
    """

    name: str
    long: timedelta
    short: timedelta
    gate: timedelta
    factor: float
    cap: float
    hold: timedelta
    fewest_bad: int


# Two per cent of a 30 day budget in an hour; five per cent in six hours (SRE workbook, chapter 5).
# The gate ends the alert when the fault ends, and the hold outlasts what one bad minute leaves in
# it. A month's promise is worth a ticket when three times its share burns for two hours, or when
# it just would not last.
PAGES: Final = (
    Tier("hour", timedelta(hours=1), timedelta(minutes=5), timedelta(minutes=5), 14.4, 0.35,
         timedelta(minutes=7), 10),
    Tier("quarter-day", timedelta(hours=6), timedelta(minutes=30), timedelta(minutes=5), 6.0, 0.25,
         timedelta(minutes=7), 10),
)  # fmt: skip
TICKETS: Final = (
    Tier("hours", timedelta(hours=2), timedelta(minutes=30), timedelta(minutes=30), 3.0, 0.2,
         timedelta(minutes=45), 6),
    Tier("days", timedelta(days=3), timedelta(hours=6), timedelta(minutes=30), 1.0, 1.0,
         timedelta(minutes=45), 6),
)  # fmt: skip


def scaled_factor(tier: Tier, objective: Objective) -> float:
    """Return the burn factor of a tier for an objective's budget, never under 1.

    A promise of 95 % burns at most 20 times too fast, so that 14.4 means 72 % bad: nobody would
    wait for that. 1 / (1/factor + budget/cap) is the factor itself for a small budget and tends to
    the share `cap` for a large one.
    """
    return max(1.0, 1.0 / (1.0 / tier.factor + objective.budget / tier.cap))


def bad_share(tier: Tier, objective: Objective) -> float:
    """Return the share of bad events, between 0 and 1, above which the tier is breached."""
    return scaled_factor(tier, objective) * objective.budget


def for_window(tier: Tier, objective: Objective) -> Tier:
    """Return the tier with windows stretched to the objective's period.

    The table is written for 30 days: a promise about 7 days has windows and patience of 7/30.
    """
    stretch = objective.window / timedelta(days=30)
    if stretch == 1:
        return tier
    return replace(
        tier,
        long=_whole_minutes(tier.long * stretch),
        short=_whole_minutes(tier.short * stretch),
        gate=_whole_minutes(tier.gate * stretch),
    )


def _whole_minutes(duration: timedelta) -> timedelta:
    """Return at least two minutes: a rate needs two samples."""
    return timedelta(minutes=max(2, round(duration.total_seconds() / 60)))
