"""The occurrences of an event: when it really happens, with exceptions and changes."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from service.planning.event import Change, Event, length_between
from service.planning.instants import instant_of, shifted
from service.planning.recurring import MARGIN, at_wall, last_start, starts, wall_of
from service.planning.work import Work, bounded

_WORK_OF_AN_EVENT: Final = 5
_WORK_OF_AN_OCCURRENCE: Final = 3
_NONE: Final = timedelta(0)


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One time an event happens. `at` names it: when the series has it, changed or not."""

    event: Event
    at: datetime | date
    start: datetime | date
    end: datetime | date
    title: str
    location: str | None
    description: str
    is_changed: bool = False
    busy: bool = True


@dataclass(frozen=True, slots=True)
class _Pattern:
    """How the times from an occurrence on differ from the series, by what its clock shows."""

    change: Change
    since: datetime
    by: timedelta
    length: timedelta


def occurrences(
    event: Event, start: datetime, end: datetime, work: Work | None = None
) -> Iterator[Occurrence]:
    """Yield what touches [start, end), in the order of the series, then what was moved into it.

    Both edges are instants; dates count as days of UTC, so callers who mean another zone's days
    ask for a wider window and look again. What is looked at is counted as work.
    """
    work = work or bounded()
    work(_WORK_OF_AN_EVENT + len(event.changes) + len(event.exdates) // 4)
    changed = {instant_of(change.at) for change in event.changes}
    left_out = {instant_of(moment) for moment in event.exdates}
    patterns = _patterns(event)
    longest = max([event.length, *(pattern.length for pattern in patterns)])
    latest = max([_NONE, *(pattern.by for pattern in patterns)])
    earliest = min([_NONE, *(pattern.by for pattern in patterns)])
    for at in starts(event, after=start - longest - latest, work=work):
        instant = instant_of(at)
        if instant + earliest - (MARGIN if patterns else _NONE) >= end:
            break
        if instant in left_out or instant in changed:
            continue
        work(_WORK_OF_AN_OCCURRENCE)
        found = _unchanged(event, at, patterns)
        if touches(found, start, end):
            yield found
    for change in event.changes:
        found = _of_change(event, change)
        is_shown = not change.cancelled and instant_of(change.at) not in left_out
        if is_shown and touches(found, start, end):
            yield found


def occurrence_at(event: Event, at: datetime | date, work: Work | None = None) -> Occurrence | None:
    """Return the occurrence of that name, None when the series has none or has left it out."""
    wanted = instant_of(at)
    if wanted in {instant_of(moment) for moment in event.exdates}:
        return None
    for change in event.changes:
        if instant_of(change.at) == wanted:
            return None if change.cancelled else _of_change(event, change)
    for moment in starts(event, after=wanted - MARGIN, work=work):
        if instant_of(moment) == wanted:
            return _unchanged(event, moment, _patterns(event))
        if instant_of(moment) > wanted:
            return None
    return None


def last_end(event: Event, work: Work | None = None) -> datetime | None:
    """Return when the last occurrence is over; None for a series without end.

    A series that ends after the last year the service keeps is one without end.
    """
    if not event.is_series:
        return instant_of(event.end)
    last = last_start(event, work)
    if last is None:
        return None
    patterns = _patterns(event)
    moved = [last + pattern.by + MARGIN + pattern.length for pattern in patterns]
    return max([last + event.length, *moved, *(instant_of(c.end) for c in event.changes)])


def touches(found: Occurrence, start: datetime, end: datetime) -> bool:
    """Return whether an occurrence has a moment in [start, end); dates are days of UTC."""
    begins = instant_of(found.start)
    return begins < end and (instant_of(found.end) > start or begins >= start)


def _patterns(event: Event) -> list[_Pattern]:
    """Return what changes the times from some occurrence on, in order."""
    changes = [change for change in event.changes if change.following and not change.cancelled]
    return [
        _Pattern(
            change,
            instant_of(change.at),
            wall_of(change.start) - wall_of(change.at),
            length_between(change.start, change.end),
        )
        for change in sorted(changes, key=lambda change: instant_of(change.at))
    ]


def _unchanged(event: Event, at: datetime | date, patterns: list[_Pattern]) -> Occurrence:
    """Return an occurrence without a change of its own: as the series, or a pattern, has it."""
    since = instant_of(at)
    valid = [pattern for pattern in patterns if pattern.since <= since]
    if not valid:
        end = shifted(at, event.length)
        return Occurrence(
            event, at, at, end, event.title, event.location, event.description, busy=event.busy
        )
    last = valid[-1]
    start = at_wall(event, wall_of(at) + last.by)
    end, change = shifted(start, last.length), last.change
    return Occurrence(
        event, at, start, end, change.title, change.location, change.description,
        is_changed=True, busy=event.busy if change.busy is None else change.busy,
    )  # fmt: skip


def _of_change(event: Event, change: Change) -> Occurrence:
    return Occurrence(
        event, change.at, change.start, change.end, change.title, change.location,
        change.description, is_changed=True,
        busy=event.busy if change.busy is None else change.busy,
    )  # fmt: skip
