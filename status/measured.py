"""What was measured of a component: now, day by day, and when it was disturbed."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

DAYS: Final = 90
OUTAGE_MIN: Final = 10.0
"""From so many minutes without service a day is one with an outage."""
_DOWN_MIN: Final = 1.0
_MOSTLY: Final = 0.25
"""From such a share of failed requests a day is one with an outage, whatever the prober saw."""
WATCHED: Final = 0.95
"""Below this share of a day the page says how much of it was measured."""
_UNSEEN: Final = 0.01


class State(StrEnum):
    """How a component is, from good to bad; `unknown` is not good."""

    WORKS = "works"
    MAINTENANCE = "maintenance"
    UNKNOWN = "unknown"
    DEGRADED = "degraded"
    OUTAGE = "outage"


ORDER: Final = tuple(State)


def worst(*states: State) -> State:
    """Return the worst of some states; of none, `unknown`."""
    return max(states, key=ORDER.index, default=State.UNKNOWN)


@dataclass(frozen=True, slots=True)
class Kept:
    """Events of an objective on a day, without planned maintenance; None is nothing counted."""

    bad: float | None
    total: float | None
    budget: float

    @property
    def share(self) -> float | None:
        """Return the share of bad events; None where there were none to count."""
        if self.bad is None or self.total is None or self.total <= 0:
            return None
        return min(1.0, max(0.0, self.bad) / self.total)


@dataclass(frozen=True, slots=True)
class Day:
    """One day (UTC) of a component.

    `down_min` are minutes in which users' journeys failed, outside of maintenance; `watched` is the
    share of the day, as far as it has passed, in which anything was measured; `failed` is the
    largest share of bad events of an objective, `missed` says that an objective was not kept;
    `length_min` is how much of the day has passed.
    """

    date: date
    down_min: float
    watched: float
    failed: float | None
    missed: bool
    maintenance_min: float = 0.0
    length_min: float = 1440.0

    @property
    def state(self) -> State:
        """Return the state that the day is remembered by."""
        if self.watched < _UNSEEN and self.failed is None:
            return State.MAINTENANCE if self.maintenance_min else State.UNKNOWN
        if self.down_min >= OUTAGE_MIN or (self.failed or 0.0) >= _MOSTLY:
            return State.OUTAGE
        if self.down_min >= _DOWN_MIN or self.missed:
            return State.DEGRADED
        return State.MAINTENANCE if self.maintenance_min else State.WORKS


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which a component was measured to be disturbed; `end` is None while it is."""

    start: datetime
    end: datetime | None
    state: State


@dataclass(frozen=True, slots=True)
class Measured:
    """Everything measured of one component; `problem` says what could not be."""

    now: State
    days: tuple[Day, ...]
    stretches: tuple[Stretch, ...] = ()
    problem: str | None = None

    @property
    def uptime(self) -> float | None:
        """Return the share of the measured time in which it worked; None where nothing was."""
        seen = [day for day in self.days if day.watched >= _UNSEEN]
        minutes = sum(day.watched * day.length_min for day in seen)
        return None if not minutes else max(0.0, 1 - sum(d.down_min for d in seen) / minutes)

    @property
    def days_seen(self) -> int:
        """Return on how many days anything was measured."""
        return sum(day.state != State.UNKNOWN for day in self.days)


def stretches_of(
    flags: tuple[tuple[float, bool], ...], step: timedelta, now: datetime, state: State
) -> tuple[Stretch, ...]:
    """Return the times in which a flag was up for at least two looks, `step` apart.

    `flags` are (seconds since the epoch, up). What is not known ends a stretch: it is not claimed
    to go on. The last one is open when its last look is not older than two steps.
    """
    found: list[Stretch] = []
    run: list[float] = []
    for at, up in (*flags, (float("inf"), False)):
        apart = bool(run) and at - run[-1] > 1.5 * step.total_seconds()
        if run and (not up or apart):
            if len(run) > 1:
                found.append(_stretch(run, step, now, state))
            run = []
        if up:
            run.append(at)
    return tuple(found)


def _stretch(run: list[float], step: timedelta, now: datetime, state: State) -> Stretch:
    start, last = (datetime.fromtimestamp(at, now.tzinfo) for at in (run[0], run[-1]))
    return Stretch(start, None if now - last < 2 * step else last + step, state)
