"""Outages: when requests failed or nothing answered, and what it cost."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import numpy as np

from kit.pure.answers import on_grid
from reports.period.evidence import Evidence
from reports.period.kinds import fault_objective
from reports.period.plan import COVERAGE_STEP_S, EPISODE_STEP_S
from reports.period.segments import Segment, segments
from reports.period.tallies import FOUR_WEEKS_SPAN, tally

# The runbook's critical share of failures, and so few that they may be one person's bad luck.
_FAULTY: Final = 0.05
_FEWEST_BAD: Final = 5.0
_BRIDGE_S: Final = 600


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch of failing requests, or (`kind` "down") of no instance answering its scrape.

    Ends are known to within one step of five minutes (two for "down"). `peak` is the worst share
    of failures, `budget_share` what part of four weeks' budget was spent, None where that
    is not known. `where` is the route and status of most failures.
    """

    kind: str
    start: datetime
    end: datetime
    bad: float
    peak: float
    budget_share: float | None
    where: str

    @property
    def minutes(self) -> float:
        """Return how long it lasted."""
        return (self.end - self.start).total_seconds() / 60


def outages(evidence: Evidence) -> tuple[Outage, ...]:
    """Return the outages of the window in time order."""
    found = [*_failing(evidence), *_down(evidence)]
    return tuple(sorted(found, key=lambda o: (o.start, o.kind)))


def _failing(evidence: Evidence) -> list[Outage]:
    objective = fault_objective(evidence.objectives, evidence.project)
    if objective is None:
        return []
    slots = evidence.fine_slots(EPISODE_STEP_S)
    bad, total = (
        evidence.total(f"fault:{side}", slots) * slots.step_s for side in ("bad", "total")
    )
    bad = np.nan_to_num(bad)
    share = np.divide(bad, total, out=np.zeros_like(bad), where=total > 0)
    faulty = (share > _FAULTY) & (bad >= _FEWEST_BAD)
    month = tally(evidence, objective, FOUR_WEEKS_SPAN)
    allowed = None if month is None else month.total * objective.budget
    found = []
    for part in segments(faulty, slots, bridge_slots=_BRIDGE_S // slots.step_s):
        # A rate over five minutes is felt one slot further at each side.
        wide = slice(max(part.first - 1, 0), part.after + 1)
        cost = float(bad[wide].sum())
        found.append(
            Outage(
                "failing",
                *part.moments(evidence.window.zone),
                bad=cost,
                peak=float(share[part.first : part.after].max()),
                budget_share=cost / allowed if allowed else None,
                where=_where(evidence, part),
            )
        )
    return found


def _down(evidence: Evidence) -> list[Outage]:
    slots = evidence.fine_slots(COVERAGE_STEP_S)
    up = evidence.total("up", slots)
    return [
        Outage("down", *part.moments(evidence.window.zone), 0.0, 1.0, 0.0, "every instance")
        for part in segments(up == 0, slots, bridge_slots=_BRIDGE_S // slots.step_s)
    ]


def _where(evidence: Evidence, part: Segment) -> str:
    """Return route and status of most server failures in the hours that an outage touches."""
    slots = evidence.slots()
    touched = (slots.begins < part.end_s) & (slots.ends > part.start_s)
    counts: Counter[str] = Counter()
    for one in evidence.answer("failing").series:
        name = f"{one.label('route')} with {one.label('status')}"
        counts[name] += round(float(np.nansum(on_grid(one, slots.ends)[touched])) * slots.step_s)
    if not counts:
        return "unknown"
    top, number = min(counts.items(), key=lambda item: (-item[1], item[0]))
    whole = counts.total()
    return top if number * 2 >= whole else f"many routes, first {top}"
