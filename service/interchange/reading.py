"""An iCalendar text as the fields of events."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from urllib.parse import unquote

from icalendar import Calendar

from service.interchange.names import CALENDAR, ZONE
from service.planning.errors import PlanError
from service.planning.instants import zone_of

MOST_COMPONENTS: Final = 5000
_LONGEST: Final = {"title": 500, "location": 500, "description": 10_000, "uid": 255, "name": 200}


@dataclass(slots=True)
class Entry:
    """One event with its changed occurrences, as fields; `problem` says why it cannot be kept."""

    uid: str
    fields: dict[str, Any] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    problem: str = ""


def entries_of(text: bytes) -> list[Entry]:
    """Return the events of a calendar; raises `invalid_icalendar` when it is none."""
    try:
        calendar = Calendar.from_ical(text)
        components = calendar.walk("VEVENT")
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as err:
        raise PlanError("invalid_icalendar", "body", str(err)[:200] or "not a calendar") from err
    if len(components) > MOST_COMPONENTS:
        raise PlanError("invalid_icalendar", "body", f"more than {MOST_COMPONENTS} events")
    entries: dict[str, Entry] = {}
    for component in components:
        uid = str(component.get("uid", ""))[: _LONGEST["uid"]]
        entry = entries.setdefault(uid or f"missing {len(entries)}", Entry(uid))
        if not uid:
            entry.problem = "it has no UID"
            continue
        try:
            _read_into(entry, component)
        except (PlanError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as err:
            entry.problem = str(err)[:200] or "it cannot be read"
    for entry in entries.values():
        if not entry.fields and not entry.problem:
            entry.problem = "only single occurrences of it were given"
    return list(entries.values())


def _read_into(entry: Entry, component: Any) -> None:
    start = component.decoded("dtstart")
    zone = _zone_name(component, start)
    length = _length(component, start)
    fields = {
        "title": _text(component, "summary", "title") or "Event",
        "start": _moment(start),
        "end": _moment(start + length)
        if not isinstance(start, datetime)
        else _later(start, length),
        "location": _text(component, "location", "location") or None,
        "description": _text(component, "description", "description"),
    }
    if component.get("recurrence-id") is not None:
        entry.changes.append({"at": _moment(component.decoded("recurrence-id")), **fields})
        return
    if component.get("rdate") is not None:
        raise PlanError("invalid_recurrence", "rdate", "RDATE is not kept by this service")
    rule = component.get("rrule")
    if isinstance(rule, list):
        raise PlanError("invalid_recurrence", "rrule", "more than one RRULE")
    entry.fields = {
        **fields,
        "uid": entry.uid,
        "timezone": zone,
        "recurrence": rule.to_ical().decode() if rule is not None else None,
        "exdates": [_moment(moment) for moment in _exdates(component)],
        "attendees": [_name(value) for value in _many(component.get("attendee"))][:200],
        "busy": str(component.get("transp", "OPAQUE")).upper() != "TRANSPARENT",
        "calendar": _calendar(str(component.get(CALENDAR, "default"))),
    }


def _length(component: Any, start: datetime | date) -> timedelta:
    if component.get("dtend") is not None:
        end = component.decoded("dtend")
        if isinstance(end, datetime) != isinstance(start, datetime):
            raise PlanError("invalid_time", "dtend", "DTSTART and DTEND are of different kinds")
        if isinstance(end, datetime) and isinstance(start, datetime):
            return _aware(end) - _aware(start)
        return date.__sub__(end, start)
    if component.get("duration") is not None:
        length: timedelta = component.decoded("duration")
        return length
    return timedelta(hours=1) if isinstance(start, datetime) else timedelta(days=1)


def _later(start: datetime | date, length: timedelta) -> str:
    if not isinstance(start, datetime) or start.tzinfo is None:
        return (start + length).isoformat()
    return (start.astimezone(UTC) + length).isoformat()


def _aware(moment: datetime) -> datetime:
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _moment(moment: datetime | date) -> str:
    if isinstance(moment, datetime) and moment.tzinfo is not None:
        return moment.astimezone(UTC).isoformat()
    return moment.isoformat()


def _zone_name(component: Any, start: datetime | date) -> str:
    if not isinstance(start, datetime) or start.tzinfo is None:
        return "UTC"
    named = [
        str(component.get(ZONE, "")),
        str(component["dtstart"].params.get("TZID", "")),
        str(getattr(start.tzinfo, "key", "")),
    ]
    for name in named:
        try:
            return zone_of(name).key
        except PlanError:
            continue
    return "UTC"


def _exdates(component: Any) -> Iterable[datetime | date]:
    for group in _many(component.get("exdate")):
        for item in group.dts:
            yield item.dt


def _many(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _name(value: Any) -> str:
    text = str(value)
    if text.lower().startswith("urn:calendar:"):
        return unquote(text[len("urn:calendar:") :])[: _LONGEST["name"]]
    mail = text[len("mailto:") :] if text.lower().startswith("mailto:") else text
    return str(value.params.get("CN", "") or mail)[: _LONGEST["name"]]


def _text(component: Any, name: str, limit: str) -> str:
    value = component.get(name, "")
    return str(value[0] if isinstance(value, list) else value)[: _LONGEST[limit]]


def _calendar(name: str) -> str:
    plain = "".join(c for c in name if (c.isascii() and c.isalnum()) or c in "-_")[:64]
    return plain or "default"
