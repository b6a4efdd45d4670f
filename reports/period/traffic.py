"""How much was asked for, and by how many."""

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from kit.pure.answers import Floats
from reports.period import questions
from reports.period.evidence import Evidence
from reports.period.slots import Slots, highest_of, mean_of

_NOISE: Final = 0.005


@dataclass(frozen=True, slots=True)
class Day:
    """One local day's requests and how many of them failed (5xx)."""

    day: date
    requests: float
    failed: float


@dataclass(frozen=True, slots=True)
class Traffic:
    """`requests` include those of a scrape gap as far as the counters show, `days` do not.

    `unplaced` are those in the total that are on no day. `busiest_per_s` is the mean rate of the
    busiest hour. Statuses are classes such as `5xx`.
    """

    requests: float | None
    before: float | None
    change: float | None
    busiest_per_s: float | None
    days: tuple[Day, ...]
    failed: float | None
    routes: tuple[tuple[str, float], ...]
    active_users_mean: float | None
    active_users_peak: float | None
    problem: str | None
    unplaced: float = 0.0

    @property
    def error_rate(self) -> float | None:
        """Return the share of requests that failed, None where either is not known."""
        return self.failed / self.requests if self.requests and self.failed is not None else None


def traffic(evidence: Evidence) -> Traffic:
    """Return the section on traffic."""
    slots = evidence.slots()
    routes = evidence.columns("requests:all", slots, "route")
    total = evidence.total("requests:all", slots)
    this, before = evidence.requests, evidence.answer("whole.before:requests").value
    problem = evidence.answer("requests").problem
    users = evidence.total("active_users", slots)
    is_counted = questions.counted(evidence.project) is not None
    return Traffic(
        requests=this,
        before=before,
        change=None if this is None or not before else this / before - 1,
        busiest_per_s=highest_of(total / slots.step_s),
        days=() if problem is not None else _days(slots, total, evidence),
        failed=_failed(evidence) if this is not None else None,
        routes=tuple(
            sorted(
                ((name, float(np.nansum(c))) for name, c in routes.items() if np.nansum(c) >= 1),
                key=lambda item: (-item[1], item[0]),
            )
        ),
        active_users_mean=mean_of(users),
        active_users_peak=highest_of(users),
        problem=problem or ("no traffic was counted" if is_counted and not this else None),
        unplaced=_unplaced(this, total),
    )


def _unplaced(whole: float | None, placed: Floats) -> float:
    """Return what the total has and the slots have not; extrapolating is good to half a percent."""
    if whole is None or not np.isfinite(placed).any():
        return 0.0
    lost = whole - float(np.nansum(placed))
    return lost if lost > _NOISE * whole else 0.0


def _failed(evidence: Evidence) -> float | None:
    """Return how many failed; without a label for the status nobody knows."""
    if questions.failed(evidence.project) is None:
        return None
    return evidence.answer("whole.this:failed").count


def _days(slots: Slots, total: Floats, evidence: Evidence) -> tuple[Day, ...]:
    failed = evidence.total("requests:failed", slots)
    requests, bad = (slots.by_day(np.nan_to_num(values)) for values in (total, failed))
    return tuple(Day(day, sum(found), sum(bad[day])) for day, found in requests.items())
