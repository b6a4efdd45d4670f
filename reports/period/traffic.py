"""How much was asked for, and by how many."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

import numpy as np

from reports.period.evidence import Evidence
from reports.period.series import Floats, summed


@dataclass(frozen=True, slots=True)
class Day:
    """One local day's requests and how many of them failed (5xx)."""

    day: date
    requests: float
    failed: float


@dataclass(frozen=True, slots=True)
class Traffic:
    """`requests` include those of a scrape gap as far as the counters tell, `days` do not.

    `busiest_per_s` is the mean rate of the busiest hour. Statuses are classes such as `5xx`.
    """

    requests: float | None
    before: float | None
    change: float | None
    busiest_per_s: float | None
    days: tuple[Day, ...]
    statuses: tuple[tuple[str, float], ...]
    routes: tuple[tuple[str, float], ...]
    active_users_mean: float | None
    active_users_peak: float | None
    problem: str | None


def traffic(evidence: Evidence) -> Traffic:
    """Return the section on traffic."""
    slots = evidence.slots()
    columns = evidence.columns("requests", slots, lambda one: one.label("status"))
    total = summed(list(columns.values()), len(slots))
    failed = summed([c for status, c in columns.items() if status.startswith("5")], len(slots))
    this, before = (_sum(evidence, f"requests.{name}") for name in ("this", "before"))
    routes = evidence.columns("requests", slots, lambda one: one.label("route"))
    users = _only(evidence.columns("active_users", slots), len(slots))
    return Traffic(
        requests=this,
        before=before,
        change=None if this is None or not before else this / before - 1,
        busiest_per_s=_highest(total / slots.step_s),
        days=_days(slots.days, np.nan_to_num(total), np.nan_to_num(failed)),
        statuses=_statuses(evidence),
        routes=tuple(
            sorted(
                ((name, float(np.nansum(c))) for name, c in routes.items() if np.nansum(c) >= 1),
                key=lambda item: (-item[1], item[0]),
            )
        ),
        active_users_mean=_mean(users),
        active_users_peak=_highest(users),
        problem=evidence.answer("requests").problem or (None if this else "no traffic was counted"),
    )


def _sum(evidence: Evidence, name: str) -> float | None:
    found = [one.last for one in evidence.answer(name).series]
    known = [value for value in found if value is not None]
    return sum(known) if known else None


def _days(days: tuple[date, ...], total: Floats, failed: Floats) -> tuple[Day, ...]:
    sums: dict[date, list[float]] = defaultdict(lambda: [0.0, 0.0])
    for day, requests, bad in zip(days, total, failed, strict=True):
        sums[day][0] += float(requests)
        sums[day][1] += float(bad)
    return tuple(Day(day, requests, bad) for day, (requests, bad) in sorted(sums.items()))


def _statuses(evidence: Evidence) -> tuple[tuple[str, float], ...]:
    classes: dict[str, float] = defaultdict(float)
    for one in evidence.answer("requests.this").series:
        if one.last is not None:
            classes[f"{one.label('status')[:1]}xx"] += one.last
    return tuple(sorted((name, n) for name, n in classes.items() if n >= 0.5))  # noqa: PLR2004


def _only(columns: dict[str, Floats], length: int) -> Floats:
    return next(iter(columns.values()), np.full(length, np.nan))


def _mean(values: Floats) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.mean()) if len(known) else None


def _highest(values: Floats) -> float | None:
    known = values[np.isfinite(values)]
    return float(known.max()) if len(known) else None
