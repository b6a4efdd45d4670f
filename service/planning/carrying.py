"""What was done to single occurrences, carried over when their series is changed."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta

from service.planning.event import Change, Event, length_between
from service.planning.instants import instant_of, shifted
from service.planning.recurring import Moment, at_wall, occur, wall_of
from service.planning.work import Work


def carried(before: Event, after: Event, *, exdates: bool = True, rdates: bool = True) -> Event:
    """Return `after`, a changed `before`, with what was done to single occurrences.

    What was left out, added or changed moves as far on the clock and in the calendar as the start.
    `exdates` and `rdates` say whether those of `after` are still those of `before`. A changed
    occurrence with a time of its own keeps that; its title follows the series' where it was the
    same. Whether the series still has each is not looked at here: see `lost`.
    """
    moves = _pattern(before) != _pattern(after)
    by = _by(before, after)
    changes = (_retold(change, before, after) for change in before.changes)
    return replace(
        after,
        exdates=_moved(before.exdates, after, by) if moves and exdates else after.exdates,
        rdates=_moved(before.rdates, after, by) if moves and rdates else after.rdates,
        changes=tuple(_with_its_series(c, before, after, by) if moves else c for c in changes),
    )


def lost(before: Event, after: Event, aligned: Event, work: Work) -> list[Change]:
    """Return the changed occurrences of `before` that the series can no longer show.

    `after` has those that were carried over, `aligned` in addition the start that it will have. A
    change that stood beside its series before may stand there on.
    """
    changes = [change for change in before.changes if not change.cancelled]
    if not changes or not after.is_series or before.all_day != after.all_day:
        return changes
    if _pattern(before) == _pattern(after) and before.rdates == after.rdates:
        return []
    by = _by(before, after)
    new = {_moment_moved(c.at, after, by): c for c in changes}
    gone = [new[at] for at, has in occur(aligned, new, work) if not has]
    had = {at for at, has in occur(before, (c.at for c in gone), work) if has}
    return [change for change in gone if change.at in had]


def without_lost(after: Event, gone: Iterable[Change], before: Event) -> Event:
    """Return the event without the changes that it cannot keep."""
    if not after.is_series or before.all_day != after.all_day:
        return replace(after, changes=())
    by = _by(before, after)
    names = {_moment_moved(change.at, after, by) for change in gone}
    return replace(after, changes=tuple(c for c in after.changes if c.at not in names))


def _pattern(event: Event) -> tuple[object, ...]:
    return event.start, event.timezone, event.rules, event.exrules


def _by(before: Event, after: Event) -> timedelta:
    """Return how far a series was moved, on the clock and in the calendar."""
    return wall_of(after.start) - wall_of(before.start)


def _moved(moments: Iterable[Moment], after: Event, by: timedelta) -> tuple[Moment, ...]:
    return tuple(sorted({_moment_moved(m, after, by) for m in moments}, key=str))


def _moment_moved(moment: Moment, after: Event, by: timedelta) -> Moment:
    return at_wall(after, wall_of(moment) + by)


def _with_its_series(change: Change, before: Event, after: Event, by: timedelta) -> Change:
    """Return a change of an occurrence whose series has moved."""
    at = _moment_moved(change.at, after, by)
    if before.all_day != after.all_day:
        return replace(change, at=at)
    length = length_between(change.start, change.end)
    if change.following:
        start: Moment = _moment_moved(change.start, after, by)
    elif instant_of(change.start) == instant_of(change.at):
        start = at
        length = after.length if length == before.length else length
    else:
        start = in_zone_of(after, change.start)
    return replace(change, at=at, start=start, end=shifted(start, length))


def in_zone_of(event: Event, moment: Moment) -> date | datetime:
    """Return the same instant on the clock of an event."""
    if isinstance(moment, datetime) and isinstance(event.start, datetime):
        return moment.astimezone(event.start.tzinfo)
    return moment


def _retold(change: Change, before: Event, after: Event) -> Change:
    """Return a change with its series' new title where it had the series' old one."""
    return replace(change, title=after.title) if change.title == before.title else change
