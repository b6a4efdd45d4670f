"""Changing one occurrence of a series, or one and all that follow."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import takewhile

from service.json_values import JsonMapping
from service.planning.carrying import carried
from service.planning.errors import PlanError
from service.planning.event import LONGEST, MOST_EXCEPTIONS, Change, Event, length_between
from service.planning.instants import instant_of, shifted
from service.planning.recurring import Moment, ruled
from service.planning.rule import kept_rule
from service.planning.series import Occurrence
from service.planning.work import Work


def with_change(event: Event, occurrence: Occurrence, wish: JsonMapping) -> Event:
    """Return the series with one occurrence changed as `wish` says (fields of Change)."""
    at = instant_of(occurrence.at)
    others = tuple(change for change in event.changes if instant_of(change.at) != at)
    if len(others) >= MOST_EXCEPTIONS:
        raise PlanError("invalid_time", "at", f"more than {MOST_EXCEPTIONS} changed occurrences")
    start, end = _times(event, occurrence, wish)
    old = next((change for change in event.changes if instant_of(change.at) == at), None)
    fields = {
        "title": wish.get("title") or occurrence.title,
        "start": start,
        "end": end,
        "location": wish.get("location", occurrence.location),
        "description": wish.get("description") or occurrence.description,
    }
    change = replace(old, **fields) if old else Change(at=occurrence.at, **fields)
    return replace(event, changes=(*others, change))


def _times(event: Event, occurrence: Occurrence, wish: JsonMapping) -> tuple[Moment, Moment]:
    """Return the checked times that an occurrence is to have."""
    start = wish.get("start") or occurrence.start
    end = wish.get("end") or shifted(start, length_between(occurrence.start, occurrence.end))
    if isinstance(start, datetime) == event.all_day or isinstance(end, datetime) == event.all_day:
        raise PlanError("invalid_time", "start", "one occurrence cannot change to or from all-day")
    length = length_between(start, end)
    was_empty = instant_of(occurrence.start) == instant_of(occurrence.end)
    if length < timedelta(0) or (not length and not was_empty):
        raise PlanError("invalid_time", "end", "the end must be after the start; it is exclusive")
    if length > LONGEST:
        raise PlanError("invalid_time", "end", f"longer than {LONGEST.days} days")
    return start, end


def without(event: Event, occurrence: Occurrence) -> Event:
    """Return the series with one occurrence left out."""
    if len(event.exdates) >= MOST_EXCEPTIONS:
        raise PlanError("invalid_time", "at", f"more than {MOST_EXCEPTIONS} left out")
    at = instant_of(occurrence.at)
    changes = tuple(c for c in event.changes if instant_of(c.at) != at or c.following)
    exdates = tuple(sorted({*event.exdates, occurrence.at}, key=str))
    return replace(event, exdates=exdates, changes=changes)


def ended_before(event: Event, occurrence: Occurrence) -> Event:
    """Return the series up to, and without, an occurrence that is not its first."""
    at, earlier = occurrence.at, instant_of(occurrence.at)
    if isinstance(at, datetime):
        until = f"{earlier - timedelta(seconds=1):%Y%m%dT%H%M%SZ}"
    else:
        until = f"{at - timedelta(days=1):%Y%m%d}"
    ended = tuple(f"{_without_end(rule)};UNTIL={until}" for rule in event.rules)
    return replace(
        event,
        recurrence=ended[0] if ended else None,
        more_rules=ended[1:],
        exdates=tuple(m for m in event.exdates if instant_of(m) < earlier),
        rdates=tuple(m for m in event.rdates if instant_of(m) < earlier),
        changes=tuple(c for c in event.changes if instant_of(c.at) < earlier),
    )


def rest_from(
    event: Event, occurrence: Occurrence, wish: JsonMapping, work: Work | None = None
) -> tuple[Event, Event]:
    """Return the series from an occurrence on, as it is and as `wish` (fields of Change) has it.

    Its COUNT is what is left of the whole. It goes on as the series does, not as this occurrence
    was changed, unless the wish gives a time; what was done to later ones moves with it.
    """
    rest, old = _as_it_is(event, occurrence, work), occurrence
    if "start" not in wish and "end" in wish:
        wish = {**wish, "end": shifted(old.at, length_between(old.start, wish["end"]))}
    pattern = replace(old, start=old.at, end=shifted(old.at, rest.length))
    start, end = _times(event, pattern, wish)
    by = length_between(old.at, rest.start)  # of an added time, the rule's own comes later
    after = replace(
        rest,
        title=wish.get("title") or rest.title,
        start=shifted(start, by),
        end=shifted(shifted(start, by), length_between(start, end)),
        location=wish.get("location", rest.location),
        description=wish.get("description") or rest.description,
    )
    at = instant_of(old.at)
    changes = (
        replace(change, title=rest.title) if instant_of(change.at) == at and wish.get("title")
        else change
        for change in rest.changes
        if instant_of(change.at) != at or not wish.get("start")
    )  # fmt: skip
    rest = replace(rest, changes=tuple(changes))
    return rest, carried(rest, after)


def _as_it_is(event: Event, occurrence: Occurrence, work: Work | None) -> Event:
    """Return the series from an occurrence on, unchanged."""
    at = occurrence.at
    later = instant_of(at)
    rules = tuple(_rest_of(event, rule, at, work) for rule in event.rules)
    left = [rule for rule in rules if rule]
    firsts = [next(_from(event, rule, at, work), None) for rule in event.rules if rule]
    start = min((m for m in firsts if m is not None), key=instant_of, default=at)
    added = (at,) if instant_of(start) != later else ()
    following = [c for c in event.changes if c.following and instant_of(c.at) < later]
    if following:  # their pattern goes on
        last = max(following, key=lambda change: instant_of(change.at))
        event = replace(event, changes=(*event.changes, _begun(last, occurrence)))
    return replace(
        event,
        start=start,
        end=shifted(start, event.length),
        recurrence=left[0] if left else None,
        more_rules=tuple(left[1:]),
        exdates=tuple(m for m in event.exdates if instant_of(m) >= later),
        rdates=tuple(m for m in event.rdates if instant_of(m) > later) + added,
        changes=tuple(c for c in event.changes if instant_of(c.at) >= later),
    )


def _begun(pattern: Change, occurrence: Occurrence) -> Change:
    """Return the change by which a pattern goes on from a later occurrence."""
    return replace(pattern, at=occurrence.at, start=occurrence.start, end=occurrence.end, lines=())


def _rest_of(event: Event, rule: str, at: Moment, work: Work | None) -> str:
    """Return what is left of a rule from a moment on; "" when nothing is."""
    count = kept_rule(rule).count
    if count is None:
        return rule if next(_from(event, rule, at, work), None) is not None else ""
    later = instant_of(at)
    before = takewhile(lambda m: instant_of(m) < later, ruled(event, rule, work=work))
    left = count - sum(1 for _ in before)
    return f"{_without_end(rule)};COUNT={left}" if left > 0 else ""


def _from(event: Event, rule: str, at: Moment, work: Work | None) -> Iterator[Moment]:
    """Return the times of a rule at or after a moment."""
    later = instant_of(at)
    return (m for m in ruled(event, rule, after=later, work=work) if instant_of(m) >= later)


def _without_end(rule: str) -> str:
    parts = rule.split(";")
    return ";".join(part for part in parts if not part.startswith(("COUNT=", "UNTIL=")))
