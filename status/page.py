"""The page: components with their state, what is going on, what was, what is planned."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from slo.maintenance import Maintenance
from status.components import Component, Named
from status.measured import DAYS, Measured, State, Stretch, worst
from status.notice import Impact, Kind, Notice

_STATE_OF: Final = {
    Impact.NONE: State.WORKS,
    Impact.DEGRADED: State.DEGRADED,
    Impact.OUTAGE: State.OUTAGE,
}
_NEAR: Final = timedelta(minutes=15)
_SHOWN: Final = timedelta(days=14)
STALE: Final = timedelta(minutes=15)
"""A page that was made so long ago says that it may be out of date."""


@dataclass(frozen=True, slots=True)
class Row:
    """A component as it stands on the page."""

    component: Component
    state: State
    measured: Measured


@dataclass(frozen=True, slots=True)
class Disturbance:
    """A measured time for which nobody has announced anything."""

    component: Component
    stretch: Stretch


@dataclass(frozen=True, slots=True)
class Page:
    """Everything the site says, made at `made`; `state` is that of the whole service."""

    named: Named
    made: datetime
    rows: tuple[Row, ...]
    notices: tuple[Notice, ...]
    maintenance: tuple[Maintenance, ...]
    withheld: tuple[str, ...] = ()

    @property
    def state(self) -> State:
        """Return the worst state of the components."""
        return worst(*(row.state for row in self.rows))

    @property
    def open_incidents(self) -> tuple[Notice, ...]:
        """Return the incidents that go on, newest first."""
        return tuple(e for e in self.notices if e.is_open and e.kind is Kind.INCIDENT)

    @property
    def announcements(self) -> tuple[Notice, ...]:
        """Return the announcements that stand, newest first."""
        return tuple(e for e in self.notices if e.is_open and e.kind is Kind.ANNOUNCEMENT)

    @property
    def recent(self) -> tuple[Notice, ...]:
        """Return what was resolved within the last two weeks, newest first."""
        return tuple(
            each for each in self.notices if each.ended and self.made - each.ended <= _SHOWN
        )

    @property
    def unannounced(self) -> tuple[Disturbance, ...]:
        """Return what was measured and lies in the time of no incident, newest first."""
        found = [
            Disturbance(row.component, stretch)
            for row in self.rows
            for stretch in row.measured.stretches
            if not any(_covers(each, row.component, stretch) for each in self.notices)
        ]
        return tuple(sorted(found, key=lambda each: each.stretch.start, reverse=True))

    @property
    def going_on(self) -> tuple[Maintenance, ...]:
        """Return the maintenance of this moment."""
        return tuple(each for each in self.maintenance if each.start <= self.made < each.end)

    @property
    def coming(self) -> tuple[Maintenance, ...]:
        """Return planned maintenance, the next first."""
        return tuple(each for each in self.maintenance if each.start > self.made)

    @property
    def past(self) -> tuple[Maintenance, ...]:
        """Return the maintenance of the days shown, newest first."""
        first = self.made - timedelta(days=DAYS)
        return tuple(each for each in self.maintenance[::-1] if first < each.end <= self.made)


def page_of(
    named: Named,
    measured: Mapping[str, Measured],
    notices: Sequence[Notice],
    maintenance: Sequence[Maintenance],
    now: datetime,
    withheld: tuple[str, ...] = (),
) -> Page:
    """Return the page of this moment; `measured` is by the id of the component."""
    first = now - timedelta(days=DAYS)
    kept = [each for each in notices if each.is_open or (each.ended or now) >= first]
    rows = tuple(
        Row(each, _state(each, measured[each.id], kept, maintenance, now), measured[each.id])
        for each in named.components
    )
    ordered = tuple(sorted(kept, key=lambda each: each.began, reverse=True))
    windows = tuple(sorted(maintenance, key=lambda each: each.start))
    return Page(named, now, rows, ordered, windows, withheld)


def _state(
    component: Component,
    measured: Measured,
    notices: Sequence[Notice],
    maintenance: Sequence[Maintenance],
    now: datetime,
) -> State:
    """Return the worst of what is measured and what is announced.

    During maintenance of a component it is that, unless somebody announced more.
    """
    said = [
        _STATE_OF[each.impact]
        for each in notices
        if each.is_open and each.kind is Kind.INCIDENT and each.concerns(component.id)
    ]
    planned = any(each.start <= now < each.end and touches(each, component) for each in maintenance)
    return worst(State.MAINTENANCE if planned else measured.now, *said)


def touches(window: Maintenance, component: Component) -> bool:
    """Say whether a window is about a component; one that names none is about all."""
    return not window.components or component.id in window.components


def _covers(notice: Notice, component: Component, stretch: Stretch) -> bool:
    """Say whether an incident tells of a measured time: begun a little late is begun."""
    if notice.kind is not Kind.INCIDENT or not notice.concerns(component.id):
        return False
    began, ended = notice.began - timedelta(hours=1), notice.ended
    if stretch.end is not None and stretch.end < began:
        return False
    return ended is None or stretch.start <= ended + _NEAR
