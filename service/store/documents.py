"""An event as MongoDB keeps it, and back.

A document carries the version of its schema; without one it is of version 1. Old and new releases
run side by side, so a version may only add fields, and whoever does not know a field leaves it as
it is (docs/decisions/0008-compatibility.md).
"""

from datetime import UTC, date, datetime, timedelta
from typing import Final

from service.errors import ProblemError
from service.json_values import JsonMapping, JsonObject
from service.planning.errors import PlanError
from service.planning.event import Change, Event, Written
from service.planning.instants import instant_of, zone_of

# Events are kept in classes by how long they last, so that "everything that touches this week"
# is a short range of start times in each class however large the calendar is.
SPANS: Final = (timedelta(days=1), timedelta(days=8), timedelta(days=62), timedelta(days=740))
SERIES: Final = len(SPANS)  # recurring: found by when the whole series begins and ends
ENDLESS: Final = datetime(9000, 1, 1, tzinfo=UTC)
SCHEMA: Final = 1
_CHANGE: Final = frozenset({"at", "title", "start", "end", "location", "description"})


def span_of(event: Event) -> int:
    """Return the class of an event."""
    if event.is_series:
        return SERIES
    return next(i for i, longest in enumerate(SPANS) if event.length <= longest)


def begins_at(event: Event) -> datetime:
    """Return the earliest instant of an event: an occurrence may be moved to before the series."""
    moved = (instant_of(change.start) for change in event.changes)
    added = (instant_of(moment) for moment in event.rdates)
    return min(instant_of(event.start), *moved, *added, ENDLESS)


def document_of(event: Event, *, series_end: datetime | None = None) -> JsonObject:
    """Return the document; `series_end` is when the last occurrence of a series is over."""
    return {
        "_id": event.id,
        "schema": SCHEMA,
        "owner": event.owner,
        "span": span_of(event),
        "from": begins_at(event),
        "to": series_end or instant_of(event.end),
        "version": event.version,
        "uid": event.uid,
        "calendar": event.calendar,
        "title": event.title,
        "start": text_of(event.start),
        "end": text_of(event.end),
        "timezone": event.timezone,
        "recurrence": event.recurrence,
        "exdates": [text_of(moment) for moment in event.exdates],
        "changes": [_change_document(change) for change in event.changes],
        "location": event.location,
        "attendees": list(event.attendees),
        "description": event.description,
        "busy": event.busy,
        "created_at": event.created_at,
        "updated_at": event.updated_at,
        **_added(event),
    }


def _added(event: Event) -> JsonObject:
    """Return the fields that came after version 1.0.0, which leaves them as they are.

    What a change has beside the fields of then stands outside of it, by its `at`: within it, that
    version would drop it when it writes.
    """
    written = event.written
    return {
        "rdates": [text_of(moment) for moment in event.rdates],
        "more_rules": list(event.more_rules),
        "exrules": list(event.exrules),
        "floating": event.floating,
        "written": written
        and {"lines": list(written.lines), "version": written.version, "exact": written.exact},
        "of_changes": [
            {
                "at": _name_of(change.at),
                "cancelled": change.cancelled,
                "busy": change.busy,
                "following": change.following,
                "lines": list(change.lines),
            }
            for change in event.changes
            if change.lines or change.cancelled or change.following or change.busy is not None
        ],
    }


def update_of(document: JsonMapping) -> JsonObject:
    """Return the update that brings a kept document to this state.

    Fields that only a newer version knows stay, and so does its number.
    """
    fixed = {"_id", "schema"}
    values = {name: value for name, value in document.items() if name not in fixed}
    return {"$set": values, "$max": {"schema": document["schema"]}}


def event_of(document: JsonMapping) -> Event:
    """Return the event that a document keeps.

    Raises `newer_event` for one of a newer schema that cannot be read, or written back, whole.
    """
    schema = document.get("schema", 1)
    if schema <= SCHEMA:
        return _event_of(document)
    try:
        event = _event_of(document)
        whole = all(change.keys() <= _CHANGE for change in document["changes"])
    except (AttributeError, KeyError, TypeError, ValueError, PlanError) as err:
        raise _newer(document, schema) from err
    if not whole:
        raise _newer(document, schema)
    return event


def _newer(document: JsonMapping, schema: object) -> ProblemError:
    return ProblemError(
        "newer_event",
        f"event {document.get('_id')} is of schema {schema}; this version knows up to {SCHEMA}",
    )


def _event_of(document: JsonMapping) -> Event:
    zone = document["timezone"]
    of_changes = {one["at"]: one for one in document.get("of_changes", ())}
    return Event(
        id=document["_id"],
        owner=document["owner"],
        uid=document["uid"],
        title=document["title"],
        start=moment_from(document["start"], zone),
        end=moment_from(document["end"], zone),
        timezone=zone,
        recurrence=document["recurrence"],
        exdates=tuple(moment_from(text, zone) for text in document["exdates"]),
        changes=tuple(_change_of(change, zone, of_changes) for change in document["changes"]),
        location=document["location"],
        attendees=tuple(document["attendees"]),
        description=document["description"],
        calendar=document["calendar"],
        busy=document["busy"],
        version=document["version"],
        created_at=document["created_at"],
        updated_at=document["updated_at"],
        rdates=tuple(moment_from(text, zone) for text in document.get("rdates", ())),
        more_rules=tuple(document.get("more_rules", ())),
        exrules=tuple(document.get("exrules", ())),
        floating=document.get("floating", False),
        written=_written_of(document.get("written")),
    )


def _written_of(document: JsonMapping | None) -> Written | None:
    if document is None:
        return None
    return Written(tuple(document["lines"]), document["version"], exact=document["exact"])


def text_of(moment: datetime | date) -> str:
    """Return a date as YYYY-MM-DD, a time as RFC 3339 with its offset."""
    return moment.isoformat()


def moment_from(text: str, zone: str) -> datetime | date:
    """Return what `text_of` wrote, in its zone again."""
    if len(text) == len("2026-01-31"):
        return date.fromisoformat(text)
    return datetime.fromisoformat(text).astimezone(zone_of(zone))


def _change_document(change: Change) -> JsonObject:
    return {
        "at": text_of(change.at),
        "title": change.title,
        "start": text_of(change.start),
        "end": text_of(change.end),
        "location": change.location,
        "description": change.description,
    }


def _name_of(at: datetime | date) -> str:
    """Return what an occurrence is called in whatever zone its event is."""
    return instant_of(at).isoformat()


def _change_of(document: JsonMapping, zone: str, of_changes: JsonMapping) -> Change:
    at = moment_from(document["at"], zone)
    more = of_changes.get(_name_of(at), {})
    return Change(
        at=at,
        title=document["title"],
        start=moment_from(document["start"], zone),
        end=moment_from(document["end"], zone),
        location=document["location"],
        description=document["description"],
        cancelled=more.get("cancelled", False),
        busy=more.get("busy"),
        following=more.get("following", False),
        lines=tuple(more.get("lines", ())),
    )
