"""The cache and the dependencies of the service."""

from collections import defaultdict
from dataclasses import dataclass

import numpy as np

from kit.pure.answers import on_grid
from reports.period.evidence import Evidence
from reports.period.plan import EPISODE_STEP_S
from reports.period.slots import Slots


@dataclass(frozen=True, slots=True)
class CacheTier:
    """Hits of one tier as a share of its lookups; `worst_hour` among hours with lookups."""

    tier: str
    lookups: float
    hit_ratio: float | None
    before: float | None
    worst_hour: float | None


@dataclass(frozen=True, slots=True)
class Dependency:
    """`up` is the share of the measured time in which it answered, over all instances."""

    name: str
    up: float
    minutes_down: float


@dataclass(frozen=True, slots=True)
class Failure:
    """How often a component failed, and with which reason."""

    component: str
    reason: str
    count: float


@dataclass(frozen=True, slots=True)
class Backends:
    """The section on cache, dependencies and component failures."""

    cache: tuple[CacheTier, ...]
    dependencies: tuple[Dependency, ...]
    failures: tuple[Failure, ...]
    problem: str | None


def backends(evidence: Evidence) -> Backends:
    """Return the section."""
    asked = ("cache", "dependencies", "failures")
    problems = [p for name in asked if (p := evidence.answer(name).problem) is not None]
    return Backends(
        _cache(evidence), _dependencies(evidence), _failures(evidence), next(iter(problems), None)
    )


def _cache(evidence: Evidence) -> tuple[CacheTier, ...]:
    now, then = (_ratios(evidence, slots) for slots in (evidence.slots(), evidence.slots_before()))
    return tuple(
        CacheTier(tier, lookups, ratio, then[tier][1] if tier in then else None, worst)
        for tier, (lookups, ratio, worst) in now.items()
    )


def _ratios(
    evidence: Evidence, slots: Slots
) -> dict[str, tuple[float, float | None, float | None]]:
    hits, misses = (
        evidence.columns(name, slots, "tier") for name in ("cache:hits", "cache:misses")
    )
    none, found = np.full(len(slots), 0.0), {}
    for tier in sorted(hits | misses):
        hit, missed = (np.nan_to_num(side.get(tier, none)) for side in (hits, misses))
        asked = hit + missed
        busy = asked >= 1
        worst = float((hit[busy] / asked[busy]).min()) if busy.any() else None
        whole = float(asked.sum())
        found[tier] = (whole, float(hit.sum()) / whole if whole else None, worst)
    return found


def _dependencies(evidence: Evidence) -> tuple[Dependency, ...]:
    slots = evidence.fine_slots(EPISODE_STEP_S)
    rows = []
    for one in evidence.answer("dependencies").series:
        up = on_grid(one, slots.ends)
        known = np.isfinite(up)
        if known.any():
            down = float((1 - up[known]).sum())
            share = 1 - down / float(known.sum())
            rows.append(Dependency(one.label("dependency"), share, down * slots.step_s / 60))
    return tuple(sorted(rows, key=lambda d: d.name))


def _failures(evidence: Evidence) -> tuple[Failure, ...]:
    slots = evidence.slots()
    sums: dict[tuple[str, str], float] = defaultdict(float)
    for one in evidence.answer("failures").series:
        count = float(np.nansum(on_grid(one, slots.ends)))
        sums[one.label("component"), one.label("reason")] += count
    rows = [Failure(*key, count) for key, count in sums.items() if count >= 0.5]  # noqa: PLR2004
    return tuple(sorted(rows, key=lambda f: (-f.count, f.component, f.reason)))
