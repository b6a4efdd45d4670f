"""An entry of a file as an event: what a file may say that a body of the service may not."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from service.drafts import unaligned
from service.interchange.entries import Entry
from service.json_values import JsonObject
from service.planning.errors import PlanError
from service.planning.event import (
    LONGEST,
    MOST_EXCEPTIONS,
    Change,
    Event,
    Written,
    checked_rule,
    length_between,
)
from service.planning.instants import LAST_END_YEAR, absolute, instant_of, moment_of, zone_of
from service.planning.recurring import Moment, at_wall, first_start, occur, starts, wall_of
from service.planning.rule import kept_rule
from service.planning.work import Work

_DATE: Final = len("2026-01-31")
_MOST_RULES: Final = 5


def event_of(entry: Entry, owner: str, *, origin: str, now: datetime, work: Work) -> Event:
    """Return the event of an entry; raises PlanError for one that cannot be kept.

    Its id is the same for the same `origin`, owner and UID, so that one import makes it once.
    """
    fields = entry.fields
    all_day = len(fields["start"]) == _DATE
    event = unaligned(owner, {**fields, **_listed(entry, all_day=all_day)}, now=now)
    event_id = hashlib.sha256(f"{origin}\x1f{owner}\x1f{entry.uid}".encode()).hexdigest()[:32]
    event = replace(
        event,
        id=event_id,
        more_rules=_rules(fields["more_rules"], all_day=all_day),
        exrules=_rules(fields["exrules"], all_day=all_day),
        floating=fields["floating"],
        written=Written(tuple(fields["lines"]), event.version, exact=fields["exact"]),
    )
    if not event.is_series:
        return event
    _check_happens(event, entry, work)
    days = [date.fromisoformat(text) for text in fields["exdates"] if len(text) == _DATE]
    if not all_day and days:
        entry.warn("EXDATE", "a day was read as every occurrence that begins on it")
        meant = {moment for day in days for moment in _on(event, day, work)}
        exdates = tuple(sorted({*event.exdates, *meant}, key=str))
        event = replace(event, exdates=exdates)
    return replace(event, changes=_not_outdated(event, changes_of(event, entry, work), entry, work))


def _not_outdated(
    event: Event, changes: Iterable[Change], entry: Entry, work: Work
) -> tuple[Change, ...]:
    """Return the changes, as cancelled those that a newer revision of the series lacks."""
    found = list(changes)
    revisions = [fields["sequence"] for fields in entry.changes]
    revisions += [entry.sequence] * (len(found) - len(revisions))
    whole = entry.fields.get("sequence", 0)
    older = {c.at for c, revision in zip(found, revisions, strict=True) if revision < whole}
    gone = {at for at, has in occur(event, older, work) if not has}
    if gone:
        entry.warn("RECURRENCE-ID", "older than its series, which has no such time: not shown")
    return tuple(replace(c, cancelled=True) if c.at in gone else c for c in found)


def _listed(entry: Entry, *, all_day: bool) -> JsonObject:
    """Return what is left out and added, of the kind of the start."""
    fields = entry.fields
    listed: JsonObject = {}
    for name, days in (("exdates", "exdays"), ("rdates", "rdays")):
        others = [text for text in fields[name] if (len(text) == _DATE) != all_day]
        if all_day:
            listed[name] = list(dict.fromkeys(fields[days]))
        else:
            listed[name] = [text for text in fields[name] if len(text) != _DATE]
        if others and (all_day or name == "rdates"):
            entry.warn(name[:-1], "it is of another kind than DTSTART, whose kind was taken")
        if others and not all_day and name == "rdates":
            clock = wall_of(moment_of(fields["start"], zone_of(fields["timezone"]), field="start"))
            listed[name] += [f"{day}T{clock:%H:%M:%S}" for day in others]
    return listed


def _rules(texts: list[str], *, all_day: bool) -> tuple[str, ...]:
    if len(texts) > _MOST_RULES:
        raise PlanError("invalid_recurrence", "rrule", f"more than {_MOST_RULES} rules")
    checked = (checked_rule(text, all_day=all_day) for text in texts)
    return tuple(dict.fromkeys(rule for rule in checked if rule))


def _check_happens(event: Event, entry: Entry, work: Work) -> None:
    """Refuse rules whose times are not found, but for those that ended before the start."""
    try:
        first_start(event, work)
    except PlanError:
        if all(kept_rule(rule).until is None for rule in event.rules):
            raise
        entry.warn("RRULE", "it ends before the event begins: the event happens once")


def _on(event: Event, day: date, work: Work) -> Iterator[Moment]:
    """Yield when a series begins on a day of its own zone."""
    for moment in starts(event, after=absolute(day, zone_of(event.timezone)), work=work):
        begins = wall_of(moment).date()
        if begins > day:
            return
        if begins == day:
            yield moment


def changes_of(event: Event, entry: Entry, work: Work) -> Iterator[Change]:
    """Yield the changed occurrences of a series that an entry has."""
    periods = entry.fields.get("periods", [])
    if len(entry.changes) + len(periods) > MOST_EXCEPTIONS:
        reason = f"more than {MOST_EXCEPTIONS} changed occurrences"
        raise PlanError("invalid_icalendar", "recurrence-id", reason)
    zone = zone_of(event.timezone)
    named = set[datetime]()
    for fields in entry.changes:
        at = moment_of(fields["start"], zone, field="dtstart") if entry.alone else None
        at = at or _at(event, fields, entry, work)
        change = Change(
            at=at,
            title=fields["title"],
            start=moment_of(fields["start"], zone, field="dtstart", last_year=LAST_END_YEAR),
            end=moment_of(fields["end"], zone, field="dtend", last_year=LAST_END_YEAR),
            location=fields["location"],
            description=fields["description"],
            cancelled=fields["cancelled"],
            busy=None if fields["busy"] == event.busy else fields["busy"],
            lines=tuple(fields["lines"]),
        )
        named.add(instant_of(at))
        yield replace(change, following=fields["following"] and _can_follow(event, change, entry))
    for at_text, end_text in periods:
        at = moment_of(at_text, zone, field="rdate")
        end = moment_of(end_text, zone, field="rdate", last_year=LAST_END_YEAR)
        if instant_of(at) not in named and timed_after(at, end):
            yield Change(at, event.title, at, end, event.location, event.description)


def timed_after(at: Moment, end: Moment) -> bool:
    """Return whether a period of time ends after it begins, and not too late."""
    both = isinstance(at, datetime) and isinstance(end, datetime)
    return both and instant_of(at) < instant_of(end) and length_between(at, end) <= LONGEST


def _at(event: Event, fields: JsonObject, entry: Entry, work: Work) -> Moment:
    """Return which occurrence is changed, named as the series has it."""
    at = moment_of(fields["at"], zone_of(event.timezone), field="recurrence-id")
    if isinstance(at, datetime) != event.all_day:
        return at
    day = date.fromisoformat(fields["day"])
    entry.warn("RECURRENCE-ID", "it is of another kind than DTSTART: the one of that day is meant")
    if event.all_day:
        return day
    usual = at_wall(event, datetime.combine(day, wall_of(event.start).time()))
    return next(_on(event, day, work), usual)


def _can_follow(event: Event, change: Change, entry: Entry) -> bool:
    """Return whether all that follow can be moved by as much; else it is said."""
    is_same_kind = isinstance(change.start, datetime) != event.all_day
    if is_same_kind and abs(wall_of(change.start) - wall_of(change.at)) <= LONGEST:
        return True
    entry.warn("RECURRENCE-ID", "RANGE=THISANDFUTURE to another kind of time: this one is changed")
    return False
