"""Changing one occurrence of a series, or one and all that follow."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import takewhile
from typing import Any

from service.planning.errors import PlanError
from service.planning.event import LONGEST, MOST_EXCEPTIONS, Change, Event, length_between
from service.planning.instants import instant_of, normalized, shifted, zone_of
from service.planning.rule import kept_rule
from service.planning.series import Occurrence, starts
from service.planning.work import Work


def with_change(event: Event, occurrence: Occurrence, wish: Mapping[str, Any]) -> Event:
    """Return the series with one occurrence changed as `wish` says (fields of Change)."""
    others = tuple(change for change in event.changes if change.at != occurrence.at)
    if len(others) >= MOST_EXCEPTIONS:
        raise PlanError("invalid_time", "at", f"more than {MOST_EXCEPTIONS} changed occurrences")
    start = wish.get("start") or occurrence.start
    end = wish.get("end") or shifted(start, length_between(occurrence.start, occurrence.end))
    if isinstance(start, datetime) == event.all_day or isinstance(end, datetime) == event.all_day:
        raise PlanError("invalid_time", "start", "one occurrence cannot change to or from all-day")
    if length_between(start, end) <= timedelta(0):
        raise PlanError("invalid_time", "end", "the end must be after the start; it is exclusive")
    if length_between(start, end) > LONGEST:
        raise PlanError("invalid_time", "end", f"longer than {LONGEST.days} days")
    change = Change(
        at=occurrence.at,
        title=wish.get("title") or occurrence.title,
        start=start,
        end=end,
        location=wish.get("location", occurrence.location),
        description=wish.get("description") or occurrence.description,
    )
    return replace(event, changes=(*others, change))


def without(event: Event, occurrence: Occurrence) -> Event:
    """Return the series with one occurrence left out."""
    if len(event.exdates) >= MOST_EXCEPTIONS:
        raise PlanError("invalid_time", "at", f"more than {MOST_EXCEPTIONS} left out")
    changes = tuple(change for change in event.changes if change.at != occurrence.at)
    exdates = tuple(sorted({*event.exdates, occurrence.at}, key=str))
    return replace(event, exdates=exdates, changes=changes)


def ended_before(event: Event, occurrence: Occurrence) -> Event:
    """Return the series up to, and without, an occurrence that is not its first."""
    at = occurrence.at
    if isinstance(at, datetime):
        until = f"{instant_of(at) - timedelta(seconds=1):%Y%m%dT%H%M%SZ}"
    else:
        until = f"{at - timedelta(days=1):%Y%m%d}"
    earlier = instant_of(at)
    return replace(
        event,
        recurrence=f"{_without_end(event)};UNTIL={until}",
        exdates=tuple(m for m in event.exdates if instant_of(m) < earlier),
        changes=tuple(c for c in event.changes if instant_of(c.at) < earlier),
    )


def rest_from(
    event: Event, occurrence: Occurrence, wish: Mapping[str, Any], work: Work | None = None
) -> Event:
    """Return the series from an occurrence on, changed as `wish` says (fields of Change).

    Its COUNT is what is left of the whole. Where it is moved, what was left out moves with it,
    and changes of single occurrences are lost.
    """
    first = with_change(event, occurrence, wish).changes[-1]
    rule = kept_rule(event.recurrence or "")
    recurrence = event.recurrence
    if rule.count is not None:
        recurrence = (
            f"{_without_end(event)};COUNT={rule.count - _before(event, occurrence.at, work)}"
        )
    later = instant_of(occurrence.at)
    exdates = tuple(m for m in event.exdates if instant_of(m) >= later)
    changes = tuple(c for c in event.changes if instant_of(c.at) > later)
    moved = first.start != occurrence.at
    return replace(
        event,
        title=first.title,
        start=first.start,
        end=first.end,
        location=first.location,
        description=first.description,
        recurrence=recurrence,
        exdates=tuple(_moved(m, occurrence.at, first.start) for m in exdates) if moved else exdates,
        changes=() if moved else changes,
    )


def _moved(moment: datetime | date, old: datetime | date, new: datetime | date) -> datetime | date:
    """Return a moment moved as far on the clock and in the calendar as from `old` to `new`."""
    if isinstance(moment, datetime) and isinstance(old, datetime) and isinstance(new, datetime):
        by = new.replace(tzinfo=None) - old.replace(tzinfo=None)
        zone = zone_of(str(moment.tzinfo))
        return normalized((moment.replace(tzinfo=None, fold=0) + by).replace(tzinfo=zone), zone)
    return shifted(moment, length_between(old, new))


def _before(event: Event, at: object, work: Work | None) -> int:
    """Return how many times a series happens before one of its times."""
    return sum(1 for _ in takewhile(lambda moment: moment != at, starts(event, work=work)))


def _without_end(event: Event) -> str:
    parts = (event.recurrence or "").split(";")
    return ";".join(part for part in parts if not part.startswith(("COUNT=", "UNTIL=")))
