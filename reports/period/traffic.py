"""How much was asked for, and by how many."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import numpy as np

from kit.pure.answers import Floats, summed
from reports.period.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Day:
    """One local day's requests and how many of them failed (5xx)."""

    day: date
    requests: float
    failed: float


@dataclass(frozen=True, slots=True)
class Traffic:
    """`requests` include those of a scrape gap as far as the counters show, `days` do not.

    `busiest_per_s` is the mean rate of the busiest hour. Statuses are classes such as `5xx`.
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

    @property
    def error_rate(self) -> float | None:
        """Return the share of requests that failed, None where either is not known."""
        return self.failed / self.requests if self.requests and self.failed is not None else None


def traffic(evidence: Evidence) -> Traffic:
    """Return the section on traffic."""
    slots = evidence.slots()
    routes = evidence.columns("requests:all", slots, lambda one: one.label("route"))
    total = summed(list(routes.values()), len(slots))
    failed = summed(list(evidence.columns("requests:failed", slots).values()), len(slots))
    this, before = evidence.requests, evidence.answer("whole.before:requests").value
    problem = evidence.answer("requests").problem
    users = _only(evidence.columns("active_users", slots), len(slots))
    return Traffic(
        requests=this,
        before=before,
        change=None if this is None or not before else this / before - 1,
        busiest_per_s=_highest(total / slots.step_s),
        days=()
        if problem is not None
        else _days(slots.days, np.nan_to_num(total), np.nan_to_num(failed)),
        failed=None if this is None else evidence.answer("whole.this:failed").count,
        routes=tuple(
            sorted(
                ((name, float(np.nansum(c))) for name, c in routes.items() if np.nansum(c) >= 1),
                key=lambda item: (-item[1], item[0]),
            )
        ),
        active_users_mean=_mean(users),
        active_users_peak=_highest(users),
        problem=problem or (None if this else "no traffic was counted"),
    )


def _days(days: tuple[date, ...], total: Floats, failed: Floats) -> tuple[Day, ...]:
    sums: dict[date, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for day, requests, bad in zip(days, total, failed, strict=True):
        sums[day][0] += float(requests)
        sums[day][1] += float(bad)
    return tuple(Day(day, requests, bad) for day, (requests, bad) in sorted(sums.items()))


def _only(columns: dict[str, Floats], length: int) -> Floats:
    return next(iter(columns.values()), np.full(length, np.nan))


def _mean(values: Floats) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def _highest(values: Floats) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.max()) if len(known) else None
