"""The occurrences of an event: when it really happens, with exceptions and changes."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from service.planning.errors import PlanError
from service.planning.event import Change, Event
from service.planning.expand import wall_times
from service.planning.instants import instant_of, settle, shifted, zone_of
from service.planning.rule import Rule, rule_of

_MARGIN: Final = timedelta(days=2)  # more than any offset, and any jump of the clocks


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


def occurrences(event: Event, start: datetime, end: datetime) -> Iterator[Occurrence]:
    """Yield what touches [start, end), in the order of the series, then what was moved into it.

    Both edges are instants; dates count as days of UTC, so callers who mean another zone's days
    ask for a wider window and look again.
    """
    changes = {change.at: change for change in event.changes}
    left_out = set(event.exdates)
    for at in starts(event, after=start - event.length):
        if instant_of(at) >= end:
            break
        if at in left_out or at in changes:
            continue
        found = _plain(event, at)
        if _touches(found, start, end):
            yield found
    for change in event.changes:
        found = _of_change(event, change)
        if change.at not in left_out and _touches(found, start, end):
            yield found


def occurrence_at(event: Event, at: datetime | date) -> Occurrence | None:
    """Return the occurrence of that name, None when the series has none or has left it out."""
    if at in event.exdates:
        return None
    for change in event.changes:
        if change.at == at:
            return _of_change(event, change)
    for moment in starts(event, after=instant_of(at) - _MARGIN):
        if moment == at:
            return _plain(event, at)
        if instant_of(moment) > instant_of(at):
            return None
    return None


def starts(event: Event, *, after: datetime | None = None) -> Iterator[datetime | date]:
    """Yield when a series begins each time, exceptions included; from about `after` on."""
    if event.recurrence is None:
        yield event.start
        return
    rule = rule_of(event.recurrence)
    first = _wall(event.start)
    skip_to = None if after is None else after.replace(tzinfo=None) - _MARGIN
    before: datetime | date | None = None
    for wall in wall_times(rule, first, after=skip_to):
        moment = _moment(event, wall)
        if _is_over(rule, wall, moment):
            return
        if moment != before:  # two wall clock times can be one where the clocks jump
            yield moment
        before = moment


def first_start(event: Event) -> datetime | date:
    """Return when a series first happens; raises `invalid_recurrence` when it never does."""
    for moment in starts(event):
        return moment
    raise PlanError("invalid_recurrence", "recurrence", "the rule never happens after the start")


def last_end(event: Event) -> datetime | None:
    """Return when the last occurrence is over; None for a series without end."""
    if event.recurrence is None:
        return instant_of(event.end)
    rule = rule_of(event.recurrence)
    if rule.count is None and rule.until is None:
        return None
    if rule.until is not None:
        until = rule.until
        if isinstance(until, datetime) and until.tzinfo is None:
            until = until.replace(tzinfo=UTC)
        last = instant_of(until) + _MARGIN + event.length
    else:
        (final,) = deque(wall_times(rule, _wall(event.start)), maxlen=1)
        last = instant_of(_moment(event, final)) + event.length
    moved = [instant_of(change.end) for change in event.changes]
    return max([last, *moved])


def _plain(event: Event, at: datetime | date) -> Occurrence:
    end = shifted(at, event.length)
    return Occurrence(event, at, at, end, event.title, event.location, event.description)


def _of_change(event: Event, change: Change) -> Occurrence:
    return Occurrence(
        event, change.at, change.start, change.end, change.title, change.location,
        change.description, is_changed=True,
    )  # fmt: skip


def _touches(found: Occurrence, start: datetime, end: datetime) -> bool:
    return instant_of(found.start) < end and instant_of(found.end) > start


def _wall(moment: datetime | date) -> datetime:
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=None, fold=0)
    return datetime.combine(moment, time())


def _moment(event: Event, wall: datetime) -> datetime | date:
    if event.all_day:
        return wall.date()
    zone = zone_of(event.timezone)
    return settle(wall.replace(tzinfo=zone), zone)


def _is_over(rule: Rule, wall: datetime, moment: datetime | date) -> bool:
    """Return whether a time is after UNTIL, which is a date, a wall clock time or an instant."""
    until = rule.until
    if until is None:
        return False
    if not isinstance(until, datetime):
        return wall.date() > until
    if until.tzinfo is None:
        return wall > until
    return instant_of(moment) > until
