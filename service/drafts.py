"""From the fields of a request to an event, and back."""

import uuid
from collections.abc import Collection
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from service.errors import ProblemError
from service.json_values import JsonMapping, JsonObject
from service.planning.carrying import carried, lost, without_lost
from service.planning.event import Event, checked_rule, exceptions_of, times_of
from service.planning.instants import shifted
from service.planning.recurring import first_start
from service.planning.work import Work
from service.store.documents import text_of

_DATE: Final = len("2026-01-31")
Fields = JsonMapping  # of a checked request body, whose model has typed each
_DEFAULTS: Final[Fields] = {
    "end": None, "timezone": "UTC", "recurrence": None, "exdates": [], "location": None,
    "attendees": [], "description": "", "calendar": "default", "busy": True, "rdates": [],
}  # fmt: skip


def new_event(owner: str, fields: Fields, *, now: datetime, work: Work | None = None) -> Event:
    """Return a new event with a random id."""
    return aligned(unaligned(owner, fields, now=now), work)


def unaligned(owner: str, fields: Fields, *, now: datetime) -> Event:
    """Return a new event whose start may be beside its rule."""
    event_id = uuid.uuid4().hex
    return Event(
        id=event_id,
        owner=owner,
        uid=fields.get("uid") or f"{event_id}@calendar",
        version=1,
        created_at=now,
        updated_at=now,
        changes=(),
        **planned({**_DEFAULTS, **fields}),
    )


def renewed(event: Event) -> Event:
    """Return the event as a new one, with an id of its own."""
    event_id = uuid.uuid4().hex
    written = event.written and replace(event.written, version=0, exact=False)
    return replace(event, id=event_id, uid=f"{event_id}@calendar", version=1, written=written)


def aligned(event: Event, work: Work | None = None) -> Event:
    """Return the event with its start at the first occurrence of its rule.

    RFC 5545 leaves open what a start means that the rule does not produce; so there is none.
    """
    if not event.is_series:
        return replace(event, exdates=(), changes=()) if event.exdates or event.changes else event
    first = first_start(event, work)
    if first == event.start:
        return event
    return replace(event, start=first, end=shifted(first, event.length))


def planned(fields: Fields, before: Event | None = None) -> JsonObject:
    """Return the fields of an event from a checked body, their meaning checked too.

    The rule is not checked again where it and the start are as `before`.
    """
    start, end = times_of(
        fields["start"],
        fields["end"],
        all_day=fields.get("all_day"),
        timezone=fields["timezone"],
        may_be_empty="lines" in fields or (before is not None and not before.length),
    )
    whole_days = not isinstance(start, datetime)
    return {
        "title": _one_line(fields["title"]),
        "start": start,
        "end": end,
        "timezone": fields["timezone"],
        "recurrence": _rule(fields["recurrence"], start, before),
        "exdates": exceptions_of(
            fields["exdates"], timezone=fields["timezone"], all_day=whole_days
        ),
        "rdates": exceptions_of(
            fields.get("rdates") or (),
            timezone=fields["timezone"],
            all_day=whole_days,
            field="rdates",
        ),
        "location": fields["location"] or None,
        "attendees": tuple(fields["attendees"]),
        "description": fields["description"],
        "calendar": fields["calendar"],
        "busy": fields["busy"],
    }


def _rule(text: str | None, start: datetime | date, before: Event | None) -> str | None:
    if before is not None and (text, start) == (before.recurrence, before.start):
        return text
    return checked_rule(text, all_day=not isinstance(start, datetime))


def _one_line(title: str) -> str:
    """Return a title without line breaks, which other calendars refuse."""
    return " ".join(line.strip() for line in title.splitlines() if line.strip())


def replaced(event: Event, fields: Fields, given: Collection[str] = ("exdates", "rdates")) -> Event:
    """Return the event with all its fields as planned anew, and its exceptions carried over.

    What was left out and added is taken as it is only where it was given, and another than before.
    """
    after = replace(event, **fields)
    if not isinstance(after.start, datetime) or after.timezone != event.timezone:
        after = replace(after, floating=False)
    return carried(
        event,
        after,
        exdates="exdates" not in given or after.exdates == event.exdates,
        rdates="rdates" not in given or after.rdates == event.rdates,
    )


def put(event: Event, body: Fields) -> Event:
    """Return the event as a body has it; added times that it does not name stay."""
    given = {name for name, value in body.items() if value is not None}
    return replaced(event, planned(_filled(event, body, given), event), given)


def patched(event: Event, wish: Fields) -> Event:
    """Return the event with the given fields changed; null stands for a field's default.

    A new start without an end moves the event and keeps its length.
    """
    fields = {**fields_of(event), **{k: v for k, v in wish.items() if v is not None}}
    fields |= {k: _DEFAULTS[k] for k, v in wish.items() if v is None and k in _DEFAULTS}
    fields["all_day"] = wish.get("all_day")
    fields = _filled(event, fields, wish.keys())
    if "start" in wish and "end" not in wish:
        fields["end"] = None
        start = planned(fields, event)["start"]
        if isinstance(start, datetime) == isinstance(event.start, datetime):
            fields["end"] = text_of(shifted(start, event.length))
    return replaced(event, planned(fields, event), wish.keys())


def kept_or_refused(before: Event, after: Event, *, force: bool, work: Work) -> Event:
    """Return a changed series unless changed occurrences would be lost: `exceptions_lost`.

    With `force` it is the series without them.
    """
    is_moved = (after.start, after.rules) != (before.start, before.rules)
    gone = lost(before, after, aligned(after, work) if is_moved else after, work)
    if gone and not force:
        found = [{"at": text_of(change.at), "title": change.title} for change in gone]
        many = f"{len(gone)} changed occurrences have no place in it" if len(gone) > 1 else (
            "a changed occurrence has no place in it"
        )  # fmt: skip
        raise ProblemError("exceptions_lost", f"{many}; `force=true` drops them", errors=found)
    return without_lost(after, gone, before) if gone else after


def _filled(event: Event, fields: Fields, given: Collection[str]) -> JsonObject:
    """Return the fields with what was left out and added before where none is given.

    Between times and whole days neither can be said in the other's words; it is carried over.
    """
    is_same_kind = (len(fields["start"]) == _DATE) == event.all_day
    kept = {name: getattr(event, name) if is_same_kind else () for name in ("exdates", "rdates")}
    texts = {name: [text_of(m) for m in kept[name]] for name in kept if name not in given}
    return {**fields, **texts}


def fields_of(event: Event) -> JsonObject:
    """Return the fields of an event as a body would give them."""
    return {
        "title": event.title,
        "start": text_of(event.start),
        "end": text_of(event.end),
        "all_day": event.all_day,
        "timezone": event.timezone,
        "recurrence": event.recurrence,
        "exdates": [text_of(moment) for moment in event.exdates],
        "rdates": [text_of(moment) for moment in event.rdates],
        "location": event.location,
        "attendees": list(event.attendees),
        "description": event.description,
        "calendar": event.calendar,
        "busy": event.busy,
    }
