"""When the same processes ran all along, as their start times tell."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import timedelta
from itertools import pairwise
from math import ceil
from typing import Final

import numpy as np
from numpy.typing import NDArray

from kit.pure.answers import Answer, Floats, on_grid
from kit.pure.durations import to_prometheus
from kit.pure.query import MOST_POINTS, Query
from reports.period.questions import PART, together
from slo.project.project import Project

STEADY: Final = "steady"
"""What the question is called whether the same processes run."""
Bools = NDArray[np.bool_]
_STEPS_S: Final = (300, 600, 900, 1200, 1800, 3600)
_DAY_S: Final = 86_400
_ENOUGH: Final = 2_000  # steps: some more do not make what is read whole much shorter


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of time in which all was steady, or in which it is not known to have been."""

    begin_s: int
    end_s: int
    is_broken: bool
    in_place: bool
    """Whether each process that started anew went on with the series of the one before."""

    @property
    def length_s(self) -> int:
        """Return how long it is."""
        return self.end_s - self.begin_s


@dataclass(frozen=True, slots=True, eq=False)
class Steady:
    """Whether processes came, went or were lost sight of in each `step_s` from `first_s` on."""

    first_s: int
    step_s: int
    broken: Bools
    moved: Bools
    """Where other processes than before were seen: what is broken otherwise was in its place."""

    def is_broken(self, begin_s: float, end_s: float) -> bool:
        """Tell whether anything changed from one moment to another; unknown is a change."""
        first, after = self._steps(begin_s, end_s)
        if first < 0 or after > len(self.broken):
            return True
        return bool(self.broken[first:after].any())

    def has_ends(self, end_s: int, step_s: int) -> bool:
        """Tell whether it was looked at the ends of slots: only there is it known who was seen."""
        return (end_s - self.first_s) % self.step_s == step_s % self.step_s == 0

    def broken_too(self, stretches: Iterable[tuple[float, float]]) -> "Steady":
        """Return it with stretches in which a counter fell, though no process started."""
        broken = self.broken.copy()
        for stretch in stretches:
            first, after = self._steps(*stretch)
            broken[max(first, 0) : max(after, 0)] = True
        return replace(self, broken=broken)

    def pieces(self, begin_s: int, end_s: int) -> list[Piece] | None:
        """Return the stretches of a span in turn; None where it is not known."""
        first, after = self._steps(begin_s, end_s)
        is_odd = (begin_s - self.first_s) % self.step_s or (end_s - self.first_s) % self.step_s
        if is_odd or first < 0 or after > len(self.broken):
            return None
        turns = first + 1 + np.flatnonzero(np.diff(self.broken[first:after]))
        return [
            Piece(
                self.first_s + one * self.step_s,
                self.first_s + until * self.step_s,
                bool(self.broken[one]),
                not self.moved[one:until].any(),
            )
            for one, until in pairwise((first, *turns.tolist(), after))
        ]

    def _steps(self, begin_s: float, end_s: float) -> tuple[int, int]:
        """Return the first step that a span touches, and the one after its last."""
        first = (begin_s - self.first_s) // self.step_s
        return int(first), ceil((end_s - self.first_s) / self.step_s)


def watching(start_s: int, end_s: int, project: Project) -> Query | None:
    """Return what shows whether processes are steady; None where no metric tells their start."""
    if not project.roles.started:
        return None
    begun = f"{project.roles.started}{{{project.target}}}"
    span = end_s - start_s
    step_s = next((one for one in _STEPS_S if span <= one * _ENOUGH), _STEPS_S[-1])
    if span > step_s * MOST_POINTS:
        return None
    first_s, length = end_s - ceil(span / step_s) * step_s, to_prometheus(timedelta(seconds=step_s))
    text = together(
        same=f"count(({begun} - {begun} offset {length}) == 0)",
        now=f"count({begun})",
        seen=f"count(count_over_time({begun}[{length}]))",
        up=f"count(up{{{project.target}}} == 1)",
    )
    return Query(STEADY, text, first_s, end_s, step_s)


def steady(query: Query, found: Answer) -> Steady | None:
    """Return when processes were steady, from the answer to `watching`; None if unknown.

    They were if the same ones were there at both ends and no others between, and all answered.
    """
    if found.problem is not None:
        return None
    grid = np.arange(query.start_s, query.end_s + 1, query.step_s, dtype=np.float64)
    same, now, seen, up = (_part(found, name, grid) for name in ("same", "now", "seen", "up"))
    then, odd = now[:-1], up != now
    moved = (now[1:] != then) | (seen[1:] != then) | odd[1:] | odd[:-1]
    _mark_dips(moved, now, _DAY_S // query.step_s)
    # A range leaves out the growth up to its first sample, where a process may have started; and
    # where nothing marks the end of a series (a federation), it is still there for five minutes.
    broken, moved = (_widened(one) for one in (moved | (same[1:] != now[1:]), moved))
    return Steady(query.start_s, query.step_s, broken, moved)


def _part(found: Answer, name: str, grid: Floats) -> Floats:
    rows = [on_grid(one, grid) for one in found.series if one.label(PART) == name]
    return np.nan_to_num(rows[0]) if rows else np.zeros(len(grid))


def _mark_dips(moved: Bools, now: Floats, most: int) -> None:
    """Take a time with fewer processes for one stretch: they may be the same afterwards."""
    for place in np.flatnonzero(np.diff(now) < 0).tolist():
        again = np.flatnonzero(now[place + 1 : place + 1 + most] >= now[place])
        if len(again):
            moved[place : place + 1 + int(again[0])] = True


def _widened(steps: Bools) -> Bools:
    """Return steps with those beside them."""
    found = steps.copy()
    found[:-1] |= steps[1:]
    found[1:] |= steps[:-1]
    return found
