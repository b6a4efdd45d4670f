"""The occurrences of an event: when it really happens, with exceptions and changes."""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from service.planning.errors import PlanError
from service.planning.event import Change, Event
from service.planning.expand import wall_times
from service.planning.instants import LAST_YEAR, instant_of, normalized, shifted, zone_of
from service.planning.rule import Rule, kept_rule
from service.planning.work import Work, bounded

_MARGIN: Final = timedelta(days=2)  # more than any offset, and any jump of the clocks
_WORK_OF_AN_EVENT: Final = 5
_WORK_OF_AN_OCCURRENCE: Final = 3


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


def occurrences(
    event: Event, start: datetime, end: datetime, work: Work | None = None
) -> Iterator[Occurrence]:
    """Yield what touches [start, end), in the order of the series, then what was moved into it.

    Both edges are instants; dates count as days of UTC, so callers who mean another zone's days
    ask for a wider window and look again. What is looked at is counted as work.
    """
    work = work or bounded()
    work(_WORK_OF_AN_EVENT + len(event.changes) + len(event.exdates) // 8)
    changes = {change.at: change for change in event.changes}
    left_out = set(event.exdates)
    for at in starts(event, after=start - event.length, work=work):
        if instant_of(at) >= end:
            break
        if at in left_out or at in changes:
            continue
        work(_WORK_OF_AN_OCCURRENCE)
        found = _plain(event, at)
        if _touches(found, start, end):
            yield found
    for change in event.changes:
        found = _of_change(event, change)
        if change.at not in left_out and _touches(found, start, end):
            yield found


def occurrence_at(event: Event, at: datetime | date, work: Work | None = None) -> Occurrence | None:
    """Return the occurrence of that name, None when the series has none or has left it out."""
    if at in event.exdates:
        return None
    for change in event.changes:
        if change.at == at:
            return _of_change(event, change)
    for moment in starts(event, after=instant_of(at) - _MARGIN, work=work):
        if moment == at:
            return _plain(event, at)
        if instant_of(moment) > instant_of(at):
            return None
    return None


def starts(
    event: Event, *, after: datetime | None = None, work: Work | None = None
) -> Iterator[datetime | date]:
    """Yield when a series begins each time, exceptions included; from about `after` on."""
    if event.recurrence is None:
        yield event.start
        return
    rule = kept_rule(event.recurrence)
    first = _wall(event.start)
    skip_to = None if after is None else after.replace(tzinfo=None) - _MARGIN
    before: datetime | date | None = None
    for wall in wall_times(rule, first, after=skip_to, work=work):
        moment = _moment(event, wall)
        if _is_over(rule, wall, moment):
            return
        if moment != before:  # two wall clock times can be one where the clocks jump
            yield moment
        before = moment


def first_start(event: Event, work: Work | None = None) -> datetime | date:
    """Return when a series first happens; raises `invalid_recurrence` when it never does."""
    for moment in starts(event, work=work):
        return moment
    raise PlanError("invalid_recurrence", "recurrence", "the rule never happens after the start")


def last_end(event: Event, work: Work | None = None) -> datetime | None:
    """Return when the last occurrence is over; None for a series without end.

    A series that ends after the last year the service keeps is one without end.
    """
    if event.recurrence is None:
        return instant_of(event.end)
    rule = kept_rule(event.recurrence)
    if rule.until is not None:
        if rule.until.year > LAST_YEAR:
            return None
        last = _instant_of_until(rule.until) + _MARGIN + event.length
    elif rule.count is not None:
        found = deque(wall_times(rule, _wall(event.start), work=work), maxlen=1)
        final = _moment(event, found[0]) if found else event.start
        last = instant_of(final) + event.length
    else:
        return None
    moved = [instant_of(change.end) for change in event.changes]
    return max([last, *moved])


def _instant_of_until(until: datetime | date) -> datetime:
    if isinstance(until, datetime) and until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return instant_of(until)


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
    return normalized(wall.replace(tzinfo=zone), zone)


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
