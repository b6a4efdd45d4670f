"""One budget: window, share measured, spent, left, burn and time to exhaustion, in one place.

Whatever shows a budget shows these figures: `sre slo budget`, the reports, and in PromQL rules and
dashboards. `spent` is `bad / total / (1 - target)` times the share of the window that has passed;
`watched` stands beside it and never in it.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Final

from slo.budget import Budget, Composite, composite, runs_out
from slo.maintenance import Maintenance
from slo.objective import Objective
from slo.period import Period, rolling
from slo.tally import Tally
from slo.verdict import Verdict

WELL_WATCHED: Final = 0.99
"""Below this share of a window every place says how much was measured; more is a server's start."""


@dataclass(frozen=True, slots=True)
class Counted:
    """What was found: the tally without what was left out, and since when there are data.

    `unit` names what the tally is of; `burn_now` is the burn rate of the last hour. `watched` is
    the share of the window so far in which there was something to count, None where counts were
    given. `contradiction` says why the counts cannot be, None where they can.
    """

    tally: Tally
    unit: str
    since: datetime | None
    left_out: Tally
    burn_now: float | None
    watched: float | None = None
    contradiction: str | None = None


@dataclass(frozen=True, slots=True)
class Account:
    """The budget of one objective; `period` is None before its first window begins.

    `problem` says why nothing could be counted, None where it could.
    """

    objective: Objective
    period: Period | None
    counted: Counted
    left_out: tuple[Maintenance, ...] = ()
    problem: str | None = None

    @property
    def budget(self) -> Budget:
        """Return the budget as it stands."""
        tally = self.counted.tally
        fraction = self.period.fraction if self.period else 0.0
        return Budget(
            self.objective,
            tally.bad,
            tally.total,
            tally.missing,
            fraction,
            self.counted.contradiction,
        )

    @property
    def watched(self) -> float | None:
        """Return the share of the window so far that was measured, None where nobody knows."""
        return self.counted.watched

    @property
    def is_known(self) -> bool:
        """Say whether the figures of the budget mean anything."""
        return self.budget.verdict not in {Verdict.NO_DATA, Verdict.CONTRADICTORY}

    @property
    def pace(self) -> float | None:
        """Return the burn rate that a forecast goes by.

        Of a window of the calendar it is the mean so far; a rolling one, whose mean is already in
        what is spent, goes by the last hour.
        """
        return self.counted.burn_now if self.objective.calendar is None else self.budget.burn

    @property
    def runs_out(self) -> datetime | None:
        """Return when the budget is gone at that pace, None when it lasts."""
        return self.runs_out_at(self.pace)

    def runs_out_at(self, pace: float | None) -> datetime | None:
        """Return when the budget is gone at another pace, None when it lasts or is not known."""
        if self.period is None or pace is None or not self.is_known:
            return None
        rolls = self.objective.calendar is None
        return runs_out(self.period, burn=pace, remaining=self.budget.remaining, rolls=rolls)


def period_of(objective: Objective, now: datetime, *, closing: bool = False) -> Period | None:
    """Return the window of an objective that now lies in.

    With `closing`, one of the calendar that ends just now is meant, not the one that begins.
    """
    if objective.calendar is None:
        return rolling(objective.window, now)
    found = objective.calendar.around(now)
    if not closing or found is None or found.start != now:
        return found
    before = objective.calendar.around(now - timedelta(seconds=1))
    return None if before is None else replace(before, now=now)


def composites(accounts: Sequence[Account]) -> dict[str, Composite]:
    """Return the SLOs of several objectives by name; one objective asked for alone is none."""
    parts: dict[str, list[Account]] = {}
    for each in accounts:
        if each.objective.part is not None:
            parts.setdefault(each.objective.part.whole, []).append(each)
    return {
        name: composite(each.budget for each in found)
        for name, found in parts.items()
        if len(found) > 1
    }


def verdicts(accounts: Sequence[Account]) -> list[Verdict]:
    """Return a verdict for each SLO; the parts of a composite are judged together."""
    wholes = composites(accounts)
    alone = [
        each.budget.verdict
        for each in accounts
        if each.objective.part is None or each.objective.part.whole not in wholes
    ]
    return alone + [each.verdict for each in wholes.values()]
