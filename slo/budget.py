"""How much of an error budget is spent, and how fast, from counts."""

from dataclasses import dataclass
from datetime import timedelta

from slo.objective import Objective


@dataclass(frozen=True, slots=True)
class Budget:
    """The state of one budget; shares are of the whole budget, so that 1.0 is all of it.

    `bad` and `total` are events seen in the objective's window so far. Before any event nothing
    is spent.
    """

    objective: Objective
    bad: float
    total: float

    @property
    def good_ratio(self) -> float | None:
        """Return the share of good events, None before any event."""
        return None if self.total == 0 else 1.0 - self.bad / self.total

    @property
    def spent(self) -> float:
        """Return the share of the budget that is spent; above 1.0 the promise is broken."""
        return burn_rate(self.objective, bad=self.bad, total=self.total)

    @property
    def remaining(self) -> float:
        """Return the share of the budget that is left; negative when overspent."""
        return 1.0 - self.spent

    @property
    def bad_events_left(self) -> float:
        """Return how many more bad events the promise stands, at the traffic seen."""
        return self.objective.budget * self.total - self.bad


def burn_rate(objective: Objective, *, bad: float, total: float) -> float:
    """Return how many times too fast the budget is spent; 1.0 lasts exactly the period.

    No traffic spends no budget: with `total` 0 the rate is 0.0. Counts that cannot be (negative,
    more bad than all) are a ValueError. Source: SRE workbook, chapter 5.
    """
    if not 0 <= bad <= total:
        raise ValueError(f"{objective.name}: {bad} bad of {total} events cannot be")
    return 0.0 if total == 0 else bad / total / objective.budget


def spent_in(objective: Objective, *, burn: float, elapsed: timedelta) -> float:
    """Return the share of the whole budget that a burn rate spends in a time."""
    return burn * (elapsed / objective.window)


def time_to_exhaustion(
    objective: Objective, *, burn: float, remaining: float = 1.0
) -> timedelta | None:
    """Return how long the rest of the budget lasts at a burn rate.

    None when it is never exhausted (burn 0); zero when nothing remains.
    """
    if remaining <= 0:
        return timedelta(0)
    return None if burn <= 0 else objective.window * (remaining / burn)
