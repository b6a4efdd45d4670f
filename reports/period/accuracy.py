"""Accuracy: the gauge, the golden runs, the kinds of mistakes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from statistics import fmean
from typing import Any, Final

import numpy as np

from kit.pure.answers import Floats, summed
from reports.period.deploys import deploys
from reports.period.evidence import Evidence, Record
from reports.period.labels import ALL_SLICES as ALL
from reports.period.segments import Segment, segments
from reports.period.slots import Slots, known, mean_of
from reports.period.states import State

_MOST_RUNS: Final = 20
_DROP: Final = 0.02
_FEWEST_HOURS: Final = 3
_FEWEST_SLOTS: Final = 24
_NEAR_S: Final = 2 * 3600


@dataclass(frozen=True, slots=True)
class GoldenPoint:
    """One golden run: share of right answers with its 95 % interval."""

    id: str
    at: datetime
    cases: int
    ratio: float
    low: float | None
    high: float | None
    verdict: str


@dataclass(frozen=True, slots=True)
class Drop:
    """A stretch in which accuracy was below its usual level; `mended_by` is a deploy at its end."""

    start: datetime
    end: datetime
    level: float
    usual: float
    state: State = State.GONE
    mended_by: str = ""


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Shares are between 0 and 1; `days` are daily means of the gauge.

    `name` is what is accurate, in the service's words, `cases` what a golden set holds.
    """

    this: float | None
    before: float | None
    change: float | None
    lowest: float | None
    days: tuple[tuple[date, float], ...]
    slices: tuple[tuple[str, float, float | None], ...]
    drops: tuple[Drop, ...]
    golden: tuple[GoldenPoint, ...]
    mistakes: tuple[tuple[str, int], ...]
    problem: str | None
    name: str = "accuracy"
    cases: str = "cases"


def accuracy(evidence: Evidence) -> Accuracy:
    """Return the section on accuracy."""
    now, then = _gauge(evidence, before=False), _gauge(evidence, before=True)
    whole, whole_before = _whole(now, len(evidence.slots())), _whole(then, len(evidence.slots()))
    this, before = mean_of(whole), mean_of(whole_before)
    golden = tuple(p for r in evidence.of_kind("golden") if (p := _point(r)) is not None)
    found = evidence.answer("accuracy").problem if evidence.is_measured else None
    nothing = this is None and not golden and evidence.project.roles.accuracy is not None
    return Accuracy(
        this=this,
        before=before,
        change=None if this is None or before is None else this - before,
        lowest=None if this is None else float(np.nanmin(whole)),
        days=tuple((d, fmean(v)) for d, v in evidence.slots().by_day(whole).items()),
        slices=_slices(now, then),
        drops=_drops(evidence, whole, before),
        golden=golden[-_MOST_RUNS:],
        mistakes=_mistakes(evidence),
        problem=found or ("there is neither a gauge nor a golden run" if nothing else None),
        name=evidence.project.reports.accuracy,
        cases=evidence.project.reports.cases,
    )


def _gauge(evidence: Evidence, *, before: bool) -> dict[str, Floats]:
    slots = evidence.slots_before() if before else evidence.slots()
    return evidence.columns("accuracy", slots, "slice")


def _whole(columns: dict[str, Floats], length: int) -> Floats:
    """Return the suite's own figure in each slot, else the mean of its slices."""
    if ALL in columns:
        return columns[ALL]
    rows = list(columns.values())
    counted = summed([np.where(np.isfinite(row), 1.0, np.nan) for row in rows], length)
    return summed(rows, length) / counted


def _slices(
    now: dict[str, Floats], then: dict[str, Floats]
) -> tuple[tuple[str, float, float | None], ...]:
    rows = [
        (name, mean, mean_of(then[name]) if name in then else None)
        for name, column in now.items()
        if name != ALL and (mean := mean_of(column)) is not None
    ]
    return tuple(sorted(rows, key=lambda row: (row[1], row[0])))


def _drops(evidence: Evidence, whole: Floats, before: float | None) -> tuple[Drop, ...]:
    """Return where the gauge lay at least two points below its median, for three hours or more.

    The usual level is the median of the window before, else of this one.
    """
    if len(known(whole)) < _FEWEST_SLOTS:
        return ()
    usual = before if before is not None else float(np.median(known(whole)))
    slots = evidence.slots()
    found = segments(np.nan_to_num(whole, nan=np.inf) < usual - _DROP, slots, bridge_slots=1)
    return tuple(
        Drop(
            *part.moments(evidence.window.zone),
            float(np.nanmean(whole[part.first : part.after])),
            usual,
            *_ended(evidence, part, slots),
        )
        for part in found
        if (part.after - part.first) * slots.step_s >= _FEWEST_HOURS * 3600
    )


def _ended(evidence: Evidence, part: Segment, slots: Slots) -> tuple[State, str]:
    """Return how a drop stands, and which deploy ended it."""
    if part.after == len(slots):
        return State.OPEN, ""
    ended = [one for one in deploys(evidence) if abs(one.at.timestamp() - part.end_s) <= _NEAR_S]
    return (State.MENDED, ended[-1].version) if ended else (State.GONE, "")


def _point(record: Record) -> GoldenPoint | None:
    found: Mapping[str, Any] = record.data.get("slices", {}).get(ALL, {})
    if found.get("ratio") is None:
        return None
    return GoldenPoint(
        record.id,
        record.at,
        int(found["cases"]),
        float(found["ratio"]),
        found.get("low"),
        found.get("high"),
        record.verdict or "",
    )


def _mistakes(evidence: Evidence) -> tuple[tuple[str, int], ...]:
    """Return the kinds of mistakes of the newest golden run, most frequent first."""
    runs = evidence.of_kind("golden")
    kinds = runs[-1].data.get("kinds", {}) if runs else {}
    return tuple(sorted(((str(k), int(n)) for k, n in kinds.items()), key=lambda x: (-x[1], x[0])))
