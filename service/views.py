"""Events as the outside sees them."""

import orjson

from service.drafts import fields_of
from service.planning.event import Event
from service.planning.series import Occurrence
from service.store.documents import text_of


def event_view(event: Event, *, whole: bool = False) -> dict[str, object]:
    """Return the JSON form of an event; what few events have is there only where they have it.

    A `whole` one has the lines of the file that it came from.
    """
    fields = fields_of(event)
    rdates = fields.pop("rdates")
    written = event.written.lines if event.written and whole else ()
    rare = {
        "rdates": rdates,
        "more_rules": list(event.more_rules),
        "exrules": list(event.exrules),
        "floating": event.floating,
        "properties": list(written),
    }
    return {
        "id": event.id,
        "uid": event.uid,
        **fields,
        **{name: value for name, value in rare.items() if value},
        "version": event.version,
        "created_at": event.created_at.isoformat(),
        "updated_at": event.updated_at.isoformat(),
    }


def event_bytes(event: Event) -> bytes:
    """Return the JSON form as bytes."""
    return orjson.dumps(event_view(event, whole=True))


def etag_of(event: Event) -> str:
    """Return the entity tag, which changes with every change of the event."""
    return f'"{event.version}"'


def occurrence_view(found: Occurrence) -> dict[str, object]:
    """Return the JSON form of one time an event happens."""
    return {
        "event_id": found.event.id,
        "at": text_of(found.at),
        "start": text_of(found.start),
        "end": text_of(found.end),
        "title": found.title,
        "location": found.location,
        "description": found.description,
        "changed": found.is_changed,
    }
