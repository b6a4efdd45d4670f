"""From the fields of a request to an event, and back."""

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any, Final

from service.planning.event import Event, checked_rule, exceptions_of, times_of
from service.planning.instants import shifted
from service.planning.series import first_start
from service.planning.work import Work
from service.store.documents import text_of

_DATE: Final = len("2026-01-31")
Fields = Mapping[str, Any]  # of a checked request body, whose model has typed each
_DEFAULTS: Final[Fields] = {
    "end": None, "timezone": "UTC", "recurrence": None, "exdates": [], "location": None,
    "attendees": [], "description": "", "calendar": "default", "busy": True,
}  # fmt: skip


def new_event(owner: str, fields: Fields, *, now: datetime, work: Work | None = None) -> Event:
    """Return a new event with a random id."""
    event_id = uuid.uuid4().hex
    event = Event(
        id=event_id,
        owner=owner,
        uid=fields.get("uid") or f"{event_id}@calendar",
        version=1,
        created_at=now,
        updated_at=now,
        changes=(),
        **planned({**_DEFAULTS, **fields}),
    )
    return aligned(event, work)


def renewed(event: Event) -> Event:
    """Return the event as a new one, with an id of its own."""
    event_id = uuid.uuid4().hex
    return replace(event, id=event_id, uid=f"{event_id}@calendar", version=1)


def aligned(event: Event, work: Work | None = None) -> Event:
    """Return the event with its start at the first occurrence of its rule.

    RFC 5545 leaves open what a start means that the rule does not produce; so there is none.
    """
    if event.recurrence is None:
        return replace(event, exdates=(), changes=()) if event.exdates or event.changes else event
    first = first_start(event, work)
    if first == event.start:
        return event
    return replace(event, start=first, end=shifted(first, event.length))


def planned(fields: Fields, before: Event | None = None) -> dict[str, Any]:
    """Return the fields of an event from a checked body, their meaning checked too.

    The rule is not checked again where it and the start are as `before`.
    """
    start, end = times_of(
        fields["start"],
        fields["end"],
        all_day=fields.get("all_day"),
        timezone=fields["timezone"],
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
        "location": fields["location"] or None,
        "attendees": tuple(fields["attendees"]),
        "description": fields["description"],
        "calendar": fields["calendar"],
        "busy": fields["busy"],
    }


def _rule(text: str | None, start: datetime | date, before: Event | None) -> str | None:
    if before is not None and (text, start) == (before.recurrence, before.start):
        return text
    return checked_rule(text)


def _one_line(title: str) -> str:
    """Return a title without line breaks, which other calendars refuse."""
    return " ".join(line.strip() for line in title.splitlines() if line.strip())


def replaced(event: Event, fields: Mapping[str, Any]) -> Event:
    """Return the event with all its fields as planned anew."""
    return replace(event, **fields, changes=_still_valid(event, fields))


def patched(event: Event, wish: Fields) -> Event:
    """Return the event with the given fields changed; null stands for a field's default.

    A new start without an end moves the event and keeps its length.
    """
    fields = {**fields_of(event), **{k: v for k, v in wish.items() if v is not None}}
    fields |= {k: _DEFAULTS[k] for k, v in wish.items() if v is None and k in _DEFAULTS}
    fields["all_day"] = wish.get("all_day")
    if "start" in wish and "end" not in wish:
        fields["end"] = None
        if not {"exdates"} & wish.keys() and (len(fields["start"]) == _DATE) != event.all_day:
            fields["exdates"] = []
        start = planned(fields, event)["start"]
        if isinstance(start, datetime) == isinstance(event.start, datetime):
            fields["end"] = text_of(shifted(start, event.length))
    return replaced(event, planned(fields, event))


def _still_valid(event: Event, fields: Mapping[str, Any]) -> tuple[Any, ...]:
    """Return the changed occurrences that survive: those of a series that is not moved."""
    same = (fields["start"], fields["recurrence"], fields["timezone"]) == (
        event.start,
        event.recurrence,
        event.timezone,
    )
    return event.changes if same else ()


def fields_of(event: Event) -> dict[str, Any]:
    """Return the fields of an event as a body would give them."""
    return {
        "title": event.title,
        "start": text_of(event.start),
        "end": text_of(event.end),
        "all_day": event.all_day,
        "timezone": event.timezone,
        "recurrence": event.recurrence,
        "exdates": [text_of(moment) for moment in event.exdates],
        "location": event.location,
        "attendees": list(event.attendees),
        "description": event.description,
        "calendar": event.calendar,
        "busy": event.busy,
    }
