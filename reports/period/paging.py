"""Which alerts fired, for how long, in whose sleep, and whether anybody could act on them."""

from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import Final

import numpy as np

from kit.pure.answers import on_grid
from kit.pure.moments import local_at
from reports.period.evidence import Evidence, Record
from reports.period.outages import Outage
from reports.period.plan import COVERAGE_STEP_S
from reports.period.segments import Segment, segments

_PAGES: Final = frozenset({"P1", "P2"})
_FLAPS_S: Final = 1800
_FLAPS: Final = 3
_BRIEF_S: Final = 600
_EVENING, _MORNING = 22, 7


@dataclass(frozen=True, slots=True)
class Firing:
    """One alert name over the window.

    `actionable` counts firings that met an outage or an incident, or whose cause lasted ten minutes
    or more: the time for which a rule goes on firing by itself (`keep_firing_for`) is not counted.
    The others ended by themselves before anybody could have acted. `quiet_hours` counts those that
    began between 22:00 and 07:00. `flaps` says that it came back within half an hour, twice or
    more.
    """

    alert: str
    severity: str
    priority: str
    firings: int
    minutes: float
    actionable: int
    quiet_hours: int
    flaps: bool


@dataclass(frozen=True, slots=True)
class Paging:
    """`pages` are firings of priority P1 or P2. `never_fired` is None when rules are not known."""

    pages: int
    pages_in_quiet_hours: int
    alerts: tuple[Firing, ...]
    never_fired: tuple[str, ...] | None
    problem: str | None


def paging(evidence: Evidence, found: tuple[Outage, ...]) -> Paging:
    """Return the section on alerts; `found` are the window's outages."""
    slots = evidence.fine_slots(COVERAGE_STEP_S)
    spans = [(o.start.timestamp(), o.end.timestamp()) for o in found]
    spans += [_span(r) for r in evidence.in_window("incident")]
    rows = []
    for one in evidence.answer("alerts").series:
        parts = segments(np.nan_to_num(on_grid(one, slots.ends)) > 0, slots, bridge_slots=1)
        labels = [one.label(n) for n in ("alertname", "severity", "priority")]
        rows.append((labels, parts))
    alerts = [_firing(evidence, labels, parts, spans) for labels, parts in rows if parts]
    pages = [a for a in alerts if a.priority in _PAGES]
    fired = {a.alert for a in alerts}
    return Paging(
        sum(a.firings for a in pages),
        sum(a.quiet_hours for a in pages),
        tuple(sorted(alerts, key=lambda a: (a.priority, -a.minutes, a.alert))),
        None if evidence.rules is None else tuple(sorted(evidence.rules.keys() - fired)),
        evidence.answer("alerts").problem if evidence.is_measured else None,
    )


def _firing(
    evidence: Evidence,
    labels: list[str],
    parts: tuple[Segment, ...],
    spans: list[tuple[float, float]],
) -> Firing:
    soon = sum(b.start_s - a.end_s < _FLAPS_S for a, b in pairwise(parts))
    alert, severity, priority = labels
    kept_s = (evidence.rules or {}).get(alert, 0.0)
    return Firing(
        alert=alert,
        severity=severity,
        priority=priority,
        firings=len(parts),
        minutes=sum(p.end_s - p.start_s for p in parts) / 60,
        actionable=sum(_is_actionable(p, spans, kept_s) for p in parts),
        quiet_hours=sum(_is_quiet(evidence, p) for p in parts),
        flaps=soon >= _FLAPS - 1,
    )


def _is_actionable(part: Segment, spans: list[tuple[float, float]], kept_s: float) -> bool:
    met = any(part.start_s < end + _BRIEF_S and start < part.end_s for start, end in spans)
    return met or part.end_s - kept_s - part.start_s >= _BRIEF_S


def _is_quiet(evidence: Evidence, part: Segment) -> bool:
    hour = local_at(part.start_s, evidence.window.zone).hour
    return hour >= _EVENING or hour < _MORNING


def _span(record: Record) -> tuple[float, float]:
    ended = record.data.get("ended_at")
    start = record.at.timestamp()
    return start, datetime.fromisoformat(str(ended)).timestamp() if ended else start + _FLAPS_S
