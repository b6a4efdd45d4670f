"""Where an error budget went: by route, status, day and deploy, adding up to all of it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from kit.pure.answers import Floats, on_grid
from reports.period.deploys import UNKNOWN, versions_at
from reports.period.evidence import Evidence
from reports.period.kinds import fault_objective
from reports.period.objectives import ObjectiveRow
from reports.period.plan import EPISODE_STEP_S, fine_step_s, slow_name
from slo.objective import Measure

_MOST_CELLS: Final = 8
_WORTH_A_LINE: Final = 0.005
REST: Final = "everything else"
_NOISE: Final = 0.02
UNPLACED: Final = "not placed: scrape gap"


@dataclass(frozen=True, slots=True)
class Cell:
    """Bad events of one route and status on one day under one version; `share` is of all."""

    route: str
    status: str
    day: date | None
    deploy: str
    bad: float
    share: float


@dataclass(frozen=True, slots=True)
class Part:
    """Bad events of one route, one status, one day or one version."""

    name: str
    bad: float
    share: float


@dataclass(frozen=True, slots=True)
class Spending:
    """Where the bad events of one objective happened; each list of shares sums to 1."""

    promise: str
    display_name: str
    bad: float
    cells: tuple[Cell, ...]
    by_route: tuple[Part, ...]
    by_status: tuple[Part, ...]
    by_day: tuple[Part, ...]
    by_deploy: tuple[Part, ...]


Key = tuple[str, str, date, str]


def spending(evidence: Evidence, rows: tuple[ObjectiveRow, ...]) -> tuple[Spending, ...]:
    """Return one entry for each objective on requests that had bad events.

    Objectives that count the same failures share one entry, under the first one's name. What fell
    into a scrape gap is counted but cannot be placed, and is a cell of its own.
    """
    found = []
    failures = fault_objective(evidence.objectives, evidence.project)
    for row in rows:
        if failures is not None and row.name == failures.name:
            placed = _failures(evidence)
        elif row.measure == Measure.LATENCY:
            placed = _slow(evidence, row.name)
        else:
            continue
        if row.bad_events and placed:
            found.append(_spending(row, placed))
    return tuple(found)


def _spending(row: ObjectiveRow, placed: dict[Key, float]) -> Spending:
    here, whole = sum(placed.values()), row.bad_events or 0.0
    # Per-hour counts are extrapolated to the hour's edges: two per cent is their noise.
    lost = whole - here if whole - here > _NOISE * whole else 0.0
    placed = {key: bad * (whole - lost) / here for key, bad in placed.items()}
    ordered = sorted(placed.items(), key=lambda item: (-item[1], *map(str, item[0])))
    shown = [bad / whole >= _WORTH_A_LINE for _, bad in ordered].count(True)
    shown = min(max(shown, 1), _MOST_CELLS)
    cells = [Cell(*key, bad, bad / whole) for key, bad in ordered[:shown]]
    rest = sum(bad for _, bad in ordered[shown:])
    if rest:
        cells.append(Cell(REST, "", None, "", rest, rest / whole))
    if lost:
        cells.append(Cell(UNPLACED, "", None, "", lost, lost / whole))
    return Spending(
        row.name,
        row.display_name,
        whole,
        tuple(cells),
        *(_parts(placed, place, lost, whole) for place in range(4)),
    )


def _parts(placed: dict[Key, float], place: int, lost: float, whole: float) -> tuple[Part, ...]:
    sums: dict[str, float] = defaultdict(float)
    for key, bad in placed.items():
        sums[str(key[place])] += bad
    by_day = place == 2  # noqa: PLR2004 -- the day is the third part of a key
    ordered = sorted(sums.items(), key=lambda item: item[0] if by_day else (-item[1], item[0]))
    parts = [Part(name, bad, bad / whole) for name, bad in ordered]
    return tuple(parts + ([Part(UNPLACED, lost, lost / whole)] if lost else []))


def _failures(evidence: Evidence) -> dict[Key, float]:
    """Place what the objective itself calls bad; what it cannot split by route is not placed."""
    slots = evidence.slots()
    return _placed(
        evidence,
        {
            (one.label("route"), one.label("status")): on_grid(one, slots.ends) * slots.step_s
            for one in evidence.answer("failing").series
        },
    )


def _slow(evidence: Evidence, objective: str) -> dict[Key, float]:
    slots = evidence.slots()
    good, total = (
        evidence.columns(f"{slow_name(objective)}:{side}", slots, "route")
        for side in ("good", "total")
    )
    return _placed(
        evidence,
        {
            (route, "slow"): np.clip(total[route] - good[route], 0, None) * slots.step_s
            for route in total
            if route in good
        },
    )


def _placed(evidence: Evidence, counts: dict[tuple[str, str], Floats]) -> dict[Key, float]:
    slots, versions = evidence.slots(), _version_of_slot(evidence)
    placed: dict[Key, float] = defaultdict(float)
    for (route, status), column in counts.items():
        for i in np.flatnonzero(np.nan_to_num(column) > 0):
            placed[route, status, slots.days[i], versions[i]] += float(column[i])
    return dict(placed)


def _version_of_slot(evidence: Evidence) -> list[str]:
    """Return the version live in the middle of each slot, the one before where unknown."""
    slots, fine = evidence.slots(), fine_step_s(evidence.window, EPISODE_STEP_S)
    versions, current, found = versions_at(evidence), UNKNOWN, []
    for begin in slots.begins:
        middle = int((begin - slots.begins[0] + slots.step_s / 2) // fine)
        if versions[min(middle, len(versions) - 1)] != UNKNOWN:
            current = versions[min(middle, len(versions) - 1)]
        found.append(current)
    return found
