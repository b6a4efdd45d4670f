"""Outages: when requests failed or nothing answered, and what it cost."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypedDict

import numpy as np
from numpy.typing import NDArray

from kit.pure.answers import on_grid, summed
from reports.period.closely import failing
from reports.period.evidence import Evidence
from reports.period.kinds import fault_objective
from reports.period.segments import Segment, segments
from reports.period.slots import Slots, highest_of, mean_of
from reports.period.states import State
from reports.period.tallies import FOUR_WEEKS_SPAN, tally

_BRIDGE_S: Final = 600
_FEW_SCRAPES: Final = 3


@dataclass(frozen=True, slots=True)
class Outage:
    """A stretch of failing requests, or (`kind` "down") of no instance answering its scrape.

    Ends are known to the scrape, in a report of any length.
    `minutes` are those in which it held, without a pause between; `is_cut` says that it reaches an
    end of the window, so that a longer window may show more of it. It is `open` as long as it
    lasts at the window's end, else `gone`. `peak` is the worst share
    of failures, `budget_share` what part of four weeks' budget was spent, None where that
    is not known. `where` is the route and status of most failures.

    What it cost: `bad` are requests that failed, `lost` those that were not counted while nothing
    answered, by the same hours of the window before; `users` is the most active users of the hours
    that it touches. None is not known.
    """

    kind: str
    start: datetime
    end: datetime
    bad: float
    peak: float
    budget_share: float | None
    where: str
    minutes: float
    state: State
    is_cut: bool
    users: float | None = None
    lost: float | None = None


def outages(evidence: Evidence) -> tuple[Outage, ...]:
    """Return the outages of the window in time order."""
    found = [*_failing(evidence), *_down(evidence)]
    return tuple(sorted(found, key=lambda o: (o.start, o.kind)))


def _failing(evidence: Evidence) -> list[Outage]:
    objective = fault_objective(evidence.objectives, evidence.project)
    if objective is None:
        return []
    seen = failing(evidence)
    slots = seen.slots
    month = tally(evidence, objective, FOUR_WEEKS_SPAN)
    allowed = None if month is None else month.total * objective.budget
    found = []
    for part in segments(seen.held, slots, bridge_slots=_BRIDGE_S // slots.step_s):
        # A rate over two scrapes is felt one slot further at each side.
        wide = slice(max(part.first - 1, 0), part.after + 1)
        cost = float(seen.bad[wide].sum())
        # The newest scrapes may not be there yet.
        is_open = part.after >= max(seen.known, len(slots) - _FEW_SCRAPES)
        found.append(
            Outage(
                "failing",
                *part.moments(evidence.window.zone),
                **_extent(part, seen.held, slots, is_open=is_open),
                bad=cost,
                peak=seen.peak(part.first, part.after),
                budget_share=cost / allowed if allowed else None,
                where=_where(evidence, part),
                users=_users(evidence, part),
            )
        )
    return found


def _down(evidence: Evidence) -> list[Outage]:
    slots = evidence.fine_slots(evidence.scrape_s)
    down = evidence.total("up", slots) == 0
    return [
        Outage(
            "down",
            *part.moments(evidence.window.zone),
            **_extent(part, down, slots, is_open=part.after == len(slots)),
            bad=0.0,
            peak=1.0,
            budget_share=0.0,
            where="every instance",
            users=_users(evidence, part),
            lost=_lost(evidence, part),
        )
        for part in segments(down, slots, bridge_slots=_BRIDGE_S // slots.step_s)
    ]


class _Extent(TypedDict):
    minutes: float
    state: State
    is_cut: bool


def _extent(part: Segment, holds: NDArray[np.bool_], slots: Slots, *, is_open: bool) -> _Extent:
    """Return for how long it held within a segment, and whether it reaches the window's ends."""
    held = int(holds[part.first : part.after].sum())
    return {
        "minutes": held * slots.step_s / 60,
        "state": State.OPEN if is_open else State.GONE,
        "is_cut": is_open or part.first == 0,
    }


def _touched(slots: Slots, part: Segment) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = (slots.begins < part.end_s) & (slots.ends > part.start_s)
    return found


def _users(evidence: Evidence, part: Segment) -> float | None:
    slots = evidence.slots()
    return highest_of(evidence.total("active_users", slots)[_touched(slots, part)])


def _lost(evidence: Evidence, part: Segment) -> float | None:
    """Return how many requests the same hours of the window before had in as long a time."""
    slots, earlier = evidence.slots(), evidence.slots_before()
    counts = [
        on_grid(one, earlier.ends)
        for one in evidence.answer("latency").series
        if one.label("le") == "+Inf"
    ]
    hours = {slots.hours[at] for at in np.flatnonzero(_touched(slots, part))}
    like = summed(counts, len(earlier))[[hour in hours for hour in earlier.hours]]
    usual = mean_of(like)
    return None if usual is None else usual * (part.end_s - part.start_s) / slots.step_s


def _where(evidence: Evidence, part: Segment) -> str:
    """Return route and status of most server failures in the hours that an outage touches."""
    slots = evidence.slots()
    touched = _touched(slots, part)
    counts: Counter[str] = Counter()
    for one in evidence.answer("failing").series:
        name = f"{one.label('route')} with {one.label('status')}"
        counts[name] += round(float(np.nansum(on_grid(one, slots.ends)[touched])) * slots.step_s)
    if not counts:
        return "unknown"
    top, number = min(counts.items(), key=lambda item: (-item[1], item[0]))
    whole = counts.total()
    return top if number * 2 >= whole else f"many routes, first {top}"
