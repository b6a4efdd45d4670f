"""A thing to do, and what such things are made from."""

from dataclasses import dataclass
from datetime import date, datetime

from reports.period.accuracy import Drop
from reports.period.attribution import Spending
from reports.period.incidents import Left
from reports.period.maintenance import Age
from reports.period.objectives import ObjectiveRow
from reports.period.outages import Outage
from reports.period.paging import Paging
from reports.period.quality import Quality
from reports.period.regressions import Regression
from reports.period.resources import Resources
from reports.period.states import State


@dataclass(frozen=True, slots=True)
class Action:
    """One thing to do: `do` in the imperative, `because` with the figures.

    `weight` ranks: 1.0 is a whole budget of four weeks, or memory that is full at once. `key`
    stays the same from report to report; `since` is the day of the first report that named it.
    What it is about was found from `begin` to `end` (None: to the end of the window) and is in
    `state`, which is None for what has no times.
    """

    key: str
    do: str
    because: str
    weight: float
    since: date
    age_days: int
    begin: datetime | None = None
    end: datetime | None = None
    state: State | None = None


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
    left: tuple[Left, ...] = ()


def action(
    key: str,
    do: str,
    because: str,
    weight: float,
    end: datetime,
    *,
    begin: datetime | None = None,
    over: datetime | None = None,
    state: State | None = None,
) -> Action:
    """Return a thing to do, seen for the first time in the report that ends at `end`."""
    weight = round(weight, 6)
    return Action(key, do, because, weight, end.date(), 0, begin, over, state)
