"""The three things to do, and what became of last time's."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from reports.period import wording
from reports.period.accuracy import Drop
from reports.period.attribution import Spending
from reports.period.deploys import Regression
from reports.period.maintenance import Age
from reports.period.objectives import ObjectiveRow, Status
from reports.period.outages import Outage
from reports.period.paging import Paging
from reports.period.quality import Quality
from reports.period.resources import Instance, Resources

MOST: Final = 3
_FULL_SOON_DAYS: Final = 28.0
_NOISY: Final = 3
_LEAST_COVERED: Final = 0.9


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: `do` in the imperative, `because` with the figures.

    `weight` ranks: 1.0 is a whole budget of four weeks, or memory that is full at once. `key`
    stays the same from report to report; `since` is the day of the first report that named it.
    """

    key: str
    do: str
    because: str
    weight: float
    since: date
    age_days: int


@dataclass(frozen=True, slots=True)
class Findings:
    """What actions are made from."""

    promises: tuple[ObjectiveRow, ...]
    outages: tuple[Outage, ...]
    regressions: tuple[Regression, ...]
    resources: Resources
    drops: tuple[Drop, ...]
    paging: Paging
    ages: tuple[Age, ...]
    quality: Quality
    spending: tuple[Spending, ...]
    accuracy: str


def actions(found: Findings, end: datetime) -> tuple[Action, ...]:
    """Return everything worth doing, most urgent first; the report shows the first three."""
    all_of_them = [
        *_of_outages(found.outages, end),
        *_of_regressions(found.regressions, end),
        *_of_breaches(found, end),
        *_of_leaks(found.resources, end),
        *_of_drops(found, end),
        *_of_pages(found.paging, end),
        *_of_ages(found.ages, end),
        *_of_gaps(found.quality, end),
    ]
    return tuple(sorted(all_of_them, key=lambda a: (-a.weight, a.key)))


def carried(now: Sequence[Action], earlier: Sequence[Mapping[str, object]]) -> tuple[Action, ...]:
    """Return `now` with the age that each has had since an earlier report named it."""
    since = {str(one["key"]): date.fromisoformat(str(one["since"])[:10]) for one in earlier}
    return tuple(_aged(one, since.get(one.key)) for one in now)


def _aged(action: Action, since: date | None) -> Action:
    if since is None or since >= action.since:
        return action
    return replace(action, since=since, age_days=(action.since - since).days)


def _action(key: str, do: str, because: str, weight: float, end: datetime) -> Action:
    return Action(key, do, because, round(weight, 6), end.date(), 0)


def _of_outages(outages: Iterable[Outage], end: datetime) -> Iterable[Action]:
    for one in outages:
        when = f"{one.start:%A %d %B %H:%M} to {one.end:%H:%M}"
        if one.kind == "down":
            yield _action(
                f"down:{one.start.date()}",
                "Find out why no instance answered",
                f"down on {when} ({one.minutes:.0f} min)",
                min(one.minutes / 60, 1.0),
                end,
            )
        else:
            yield _action(
                f"outage:{one.start:%Y-%m-%dT%H}",
                f"Prevent another outage like that of {one.start:%A %H:%M}",
                f"{one.bad:,.0f} requests failed on {when}, mostly {one.where}: "
                f"{wording.percent(one.budget_share)} of four weeks' budget",
                _weight(one.budget_share),
                end,
            )


def _weight(budget_share: float | None) -> float:
    """Return how much a cost weighs; one that is not known may be all of the budget."""
    return 1.0 if budget_share is None else budget_share


def _of_regressions(regressions: Sequence[Regression], end: datetime) -> Iterable[Action]:
    named: set[str] = set()
    for one in regressions:
        if one.deploy.version in named:  # the dearest route speaks for its deploy
            continue
        named.add(one.deploy.version)
        others = sum(r.deploy == one.deploy for r in regressions) - 1
        more = f", and {others} more" if others else ""
        yield _action(
            f"slow:{one.deploy.version}:{one.route}",
            f"Make {one.route} as fast as before {one.deploy.version}, or roll it back",
            f"slow requests went from {wording.tenths(one.share_before)} to "
            f"{wording.tenths(one.share_after)} with the deploy of "
            f"{one.deploy.at:%A %H:%M}{more}: {one.excess:,.0f} more, "
            f"{wording.percent(one.budget_share)} of four weeks' budget",
            _weight(one.budget_share),
            end,
        )


def _of_breaches(found: Findings, end: datetime) -> Iterable[Action]:
    """Yield one for each overspent budget that no outage or slow deploy explains."""
    explained = {"latency"} if found.regressions else set()
    explained |= {"availability", "errors"} if found.outages else set()
    for row in found.promises:
        if row.status is not Status.BREACHED or row.measure in explained:
            continue
        spent = next((one for one in found.spending if one.promise == row.name), None)
        where = ""
        if spent is not None:
            top = spent.cells[0]
            where = f"; {wording.percent(top.share)} of it is {top.route} {top.status}".rstrip()
        yield _action(
            f"budget:{row.name}",
            f"Stop what spends the budget of {row.display_name.lower()}",
            f"{wording.share(row.this)} in this window where the objective is "
            f"{row.target * 100:g} %{where}",
            min(1.0, -(row.budget_left or 0.0)),
            end,
        )


def _of_leaks(found: Resources, end: datetime) -> Iterable[Action]:
    leaking = [one for one in found.instances if one.leaks and one.slope_bytes_per_day]
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
    yield _action("leak", "Stop the memory leak", because, weight, end)


def _slope(instance: Instance) -> float:
    return instance.slope_bytes_per_day.value if instance.slope_bytes_per_day else 0.0


def _of_drops(found: Findings, end: datetime) -> Iterable[Action]:
    objective = next((row for row in found.promises if row.measure == "accuracy"), None)
    allowed = (1 - objective.target) * 28 if objective else 28.0
    for one in found.drops:
        days = (one.end - one.start).total_seconds() / 86_400
        yield _action(
            f"accuracy:{one.start.date()}",
            f"Learn why {found.accuracy} fell from {one.start:%A %H:%M}",
            f"{wording.tenths(one.level)} instead of {wording.tenths(one.usual)} for "
            f"{days:.1f} days",
            (one.usual - one.level) * days / allowed,
            end,
        )


def _of_pages(found: Paging, end: datetime) -> Iterable[Action]:
    for one in found.alerts:
        idle = one.firings - one.actionable
        if idle >= _NOISY and idle * 2 > one.firings:
            yield _action(
                f"noise:{one.alert}",
                f"Tune the alert {one.alert}",
                f"{idle} of {one.firings} times nobody could have acted",
                0.01 * idle,
                end,
            )


def _of_ages(found: Iterable[Age], end: datetime) -> Iterable[Action]:
    for one in found:
        if not one.overdue:
            continue
        what = {"backup": "Make and verify a backup", "drill": "Run a drill"}[one.kind]
        why = "none is on record" if one.days is None else f"the last one is {one.days:.0f} d old"
        yield _action(f"overdue:{one.kind}", what, why, 0.04 if one.kind == "backup" else 0.02, end)


def _of_gaps(found: Quality, end: datetime) -> Iterable[Action]:
    if found.job_found is False:
        yield _action("scrape", "Have the service scraped", found.unscraped, 0.5, end)
    elif found.covered is not None and found.covered < 1:
        minutes = sum(gap.minutes for gap in found.gaps if gap.job == found.job)
        weight = 0.03 if found.covered > _LEAST_COVERED else 0.5
        yield _action(
            "scrape",
            "Close the gaps in the measurements",
            f"{wording.tenths(found.covered)} of the window was scraped; "
            f"{minutes:,.0f} min are missing",
            weight,
            end,
        )
