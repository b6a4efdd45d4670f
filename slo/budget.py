"""How much of an error budget is spent, and how fast, from counts."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from slo.objective import Objective
from slo.period import Period
from slo.verdict import Verdict, overall


@dataclass(frozen=True, slots=True)
class Budget:
    """The state of one budget; shares are of the whole budget, so that 1.0 is all of it.

    `bad` and `total` are events (or slices) seen in the objective's window so far, `missing` are
    those that nobody saw, and `fraction` is the share of the window that has passed: all of a
    rolling window, a part of one that began with the month. Before any event nothing is spent.
    `contradiction` says why the counts cannot be, None where they can.
    """

    objective: Objective
    bad: float
    total: float
    missing: float = 0.0
    fraction: float = 1.0
    contradiction: str | None = None

    @property
    def good_ratio(self) -> float | None:
        """Return the share of good events, None before any event."""
        return None if self.total == 0 else 1.0 - self.bad / self.total

    @property
    def burn(self) -> float:
        """Return how many times too fast the budget was spent so far; 1.0 just lasts."""
        return burn_rate(self.objective, bad=self.bad, total=self.total)

    @property
    def spent(self) -> float:
        """Return the share of the budget that is spent; above 1.0 the objective is missed.

        It is the burn rate times the share of the window that has passed: the budget is that of the
        whole window, at the traffic seen. Source: SRE workbook, chapter 5.
        """
        return self.burn * self.fraction

    @property
    def remaining(self) -> float:
        """Return the share of the budget that is left; negative when overspent."""
        return 1.0 - self.spent

    @property
    def bad_events_left(self) -> float:
        """Return how many more bad events the objective allows, at the traffic seen."""
        whole = self.total / self.fraction if self.fraction > 0 else 0.0
        return self.objective.budget * whole - self.bad

    @property
    def verdict(self) -> Verdict:
        """Return PASS or FAIL only where what nobody saw could not have made it the other.

        Nothing seen is NO DATA, and counts that cannot be are CONTRADICTORY. Whatever is missing
        was all good or all bad at the two extremes.
        """
        return self.weighted_verdict(1.0)

    def weighted_verdict(self, weight: float) -> Verdict:
        """Return the verdict when the spending counts `weight` times."""
        if self.contradiction is not None:
            return Verdict.CONTRADICTORY
        if self.total == 0:
            return Verdict.NO_DATA
        everything = self.total + self.missing
        least, most = (
            weight * self.fraction * burn_rate(self.objective, bad=bad, total=everything)
            for bad in (self.bad, self.bad + self.missing)
        )
        if least > 1:
            return Verdict.FAIL
        return Verdict.PASS if most <= 1 else Verdict.INCONCLUSIVE


def burn_rate(objective: Objective, *, bad: float, total: float) -> float:
    """Return how many times too fast the budget is spent; 1.0 lasts exactly the period.

    No traffic spends no budget: with `total` 0 the rate is 0.0. Counts that cannot be (negative,
    more bad than all) are a ValueError. Source: SRE workbook, chapter 5.
    """
    if not 0 <= bad <= total:
        raise ValueError(f"{objective.name}: {bad} bad of {total} events cannot be")
    return 0.0 if total == 0 else bad / total / objective.budget


def runs_out(period: Period, *, burn: float, remaining: float, rolls: bool) -> datetime | None:
    """Return when the budget is gone at a burn rate; None when it outlasts the window.

    A rolling budget stands a burn rate of 1.0 for ever; one of the calendar is made new when its
    window ends.
    """
    left = _lasting(period.length, burn, remaining)
    if left is None or (rolls and burn <= 1 and remaining > 0):
        return None
    if not rolls and left > period.end - period.now:
        return None
    return period.now + left


def _lasting(length: timedelta, burn: float, remaining: float) -> timedelta | None:
    if remaining <= 0:
        return timedelta(0)
    if burn <= 0 or remaining / burn > timedelta.max / length / 1000:
        return None
    return length * (remaining / burn)


@dataclass(frozen=True, slots=True)
class Composite:
    """Several objectives that are kept together, each with the weight of its burning.

    A composite burns when any of its objectives burns, times its weight (OpenSLO v1,
    `compositeWeight`); it is as far spent as the worst of them.
    """

    parts: tuple[tuple[float, Budget], ...]

    @property
    def burn(self) -> float:
        """Return the fastest of the weighted burn rates."""
        return max(weight * each.burn for weight, each in self.parts)

    @property
    def spent(self) -> float:
        """Return the largest of the weighted shares spent."""
        return max(weight * each.spent for weight, each in self.parts)

    @property
    def verdict(self) -> Verdict:
        """Return the worst of the weighted verdicts: what one part lacks is never a pass."""
        return overall(each.weighted_verdict(weight) for weight, each in self.parts)


def composite(parts: Iterable[Budget]) -> Composite:
    """Return the composite of the objectives of one SLO, by their weights."""
    return Composite(
        tuple((each.objective.part.weight if each.objective.part else 1.0, each) for each in parts)
    )
