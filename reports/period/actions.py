"""The three things to do, and what became of last time's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from reports.period import wording
from reports.period.action import Action, Findings, action
from reports.period.budget_actions import of_budgets
from reports.period.incidents import Left
from reports.period.maintenance import Age
from reports.period.paging import Paging
from reports.period.quality import Quality
from reports.period.resources import Instance, Resources
from reports.period.states import State

MOST: Final = 3
_FULL_SOON_DAYS: Final = 28.0
_NOISY: Final = 3
_LEAST_COVERED: Final = 0.9
_LEFT, _OVERDUE = 0.05, 0.3
"""What an incident has left to do weighs more than a late backup; overdue, as a lost budget."""


def actions(found: Findings, end: datetime) -> tuple[Action, ...]:
    """Return everything worth doing, most urgent first; the report shows the first three."""
    all_of_them = [
        *of_budgets(found, end),
        *_of_leaks(found.resources, end),
        *_of_drops(found, end),
        *_of_pages(found.paging, end),
        *_of_incidents(found.left, end),
        *_of_ages(found.ages, end),
        *_of_gaps(found.quality, end),
    ]
    return tuple(sorted(all_of_them, key=lambda a: (-a.weight, a.key)))


def carried(now: Sequence[Action], earlier: Sequence[Mapping[str, object]]) -> tuple[Action, ...]:
    """Return `now` with the age that each has had since an earlier report named it."""
    since = {str(one["key"]): date.fromisoformat(str(one["since"])[:10]) for one in earlier}
    return tuple(_aged(one, since.get(one.key)) for one in now)


def _aged(one: Action, since: date | None) -> Action:
    if since is None or since >= one.since:
        return one
    return replace(one, since=since, age_days=(one.since - since).days)


def _of_leaks(found: Resources, end: datetime) -> Iterable[Action]:
    leaking = [
        one
        for one in found.instances
        if one.leaks and one.slope_bytes_per_day and one.state is not State.GONE
    ]
    if not leaking:
        return
    worst = max(leaking, key=_slope)
    slope = f"{_slope(worst) / 2**20:.1f} MiB a day"
    names = worst.name if len(leaking) == 1 else f"{worst.name} and {len(leaking) - 1} more"
    if worst.full_at is None:
        because, weight = f"memory of {names} grows by {slope}", 0.05
    else:
        days = (worst.full_at - end).total_seconds() / 86_400
        because = f"memory of {names} grows by {slope} and is full on {worst.full_at:%d %B}"
        weight = 1.0 if days <= 1 else min(1.0, _FULL_SOON_DAYS / days / 4)
    yield action(
        "leak",
        "Stop the memory leak",
        because,
        weight,
        end,
        begin=worst.leaks_since,
        state=worst.state,
    )


def _slope(instance: Instance) -> float:
    return instance.slope_bytes_per_day.value if instance.slope_bytes_per_day else 0.0


def _of_drops(found: Findings, end: datetime) -> Iterable[Action]:
    objective = next((row for row in found.promises if row.measure == "accuracy"), None)
    allowed = (1 - objective.target) * 28 if objective else 28.0
    for one in found.drops:
        if one.state is State.MENDED:
            continue
        days = (one.end - one.start).total_seconds() / 86_400
        yield action(
            f"accuracy:{one.start.date()}",
            f"Learn why {found.accuracy} fell from {one.start:%A} {wording.clock(one.start)}",
            f"{wording.tenths(one.level)} instead of {wording.tenths(one.usual)} for "
            f"{wording.lasting(one.start, one.end)}",
            (one.usual - one.level) * days / allowed,
            end,
            begin=one.start,
            over=None if one.state is State.OPEN else one.end,
            state=one.state,
        )


def _of_pages(found: Paging, end: datetime) -> Iterable[Action]:
    for one in found.alerts:
        idle = one.firings - one.actionable
        if idle >= _NOISY and idle * 2 > one.firings:
            yield action(
                f"noise:{one.alert}",
                f"Tune the alert {one.alert}",
                f"{idle} of {one.firings} times nobody could have acted",
                0.01 * idle,
                end,
            )


def _of_incidents(found: Iterable[Left], end: datetime) -> Iterable[Action]:
    """Yield what incidents have left to do, and those that nobody has closed or learnt from."""
    for one in found:
        weight = _OVERDUE if one.overdue_days > 0 else _LEFT
        late = f", {one.overdue_days} d overdue" if one.overdue_days > 0 else ""
        why = f"{one.incident} ({one.title}): {one.owner or 'nobody yet'}{late}"
        yield action(one.key, one.what, why, weight + 0.001 * max(one.overdue_days, 0), end)


def _of_ages(found: Iterable[Age], end: datetime) -> Iterable[Action]:
    for one in found:
        if not one.overdue:
            continue
        what = {"backup": "Make and verify a backup", "drill": "Run a drill"}[one.kind]
        why = "none is on record" if one.days is None else f"the last one is {one.days:.0f} d old"
        yield action(f"overdue:{one.kind}", what, why, 0.04 if one.kind == "backup" else 0.02, end)


def _of_gaps(found: Quality, end: datetime) -> Iterable[Action]:
    if found.job_found is False:
        yield action("scrape", "Have the service scraped", found.unscraped, 0.5, end)
    elif found.covered is not None and found.covered < 1:
        minutes = sum(gap.minutes for gap in found.gaps if gap.job == found.job)
        weight = 0.03 if found.covered > _LEAST_COVERED else 0.5
        yield action(
            "scrape",
            "Close the gaps in the measurements",
            f"{wording.tenths(found.covered)} of the window was scraped; "
            f"{minutes:,.0f} min are missing",
            weight,
            end,
        )
