"""An iCalendar text as the fields of events."""

from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import unquote

from service.interchange.filezones import FileZones
from service.interchange.names import CALENDAR
from service.interchange.plain import parsed
from service.interchange.times import Times
from service.planning.errors import PlanError
from service.planning.work import Work, unlimited

MOST_COMPONENTS: Final = 5000
_WORK_OF_AN_EVENT: Final = 100
_LONGEST: Final = {"title": 500, "location": 500, "description": 10_000, "uid": 255, "name": 200}


@dataclass(slots=True)
class Entry:
    """One event with its changed occurrences, as fields; `problem` says why it cannot be kept."""

    uid: str
    fields: dict[str, Any] = field(default_factory=dict)
    changes: list[dict[str, Any]] = field(default_factory=list)
    problem: str = ""
    warnings: list[dict[str, str]] = field(default_factory=list)

    def warn(self, name: str, reason: str) -> None:
        """Note, once, what was read otherwise than it is written."""
        warning = {"uid": self.uid, "property": name.upper(), "reason": reason}
        if warning not in self.warnings:
            self.warnings.append(warning)


def entries_of(text: bytes, work: Work = unlimited) -> list[Entry]:
    """Return the events of a calendar; raises `invalid_icalendar` when it is none."""
    try:
        calendar = parsed(text, work)
        components = calendar.walk("VEVENT")
        zones = FileZones(calendar, work)
    except (ValueError, KeyError, IndexError, TypeError, AttributeError, RecursionError) as err:
        raise PlanError("invalid_icalendar", "body", str(err)[:200] or "not a calendar") from err
    if len(components) > MOST_COMPONENTS:
        raise PlanError("invalid_icalendar", "body", f"more than {MOST_COMPONENTS} events")
    entries: dict[str, Entry] = {}
    for component in components:
        work(_WORK_OF_AN_EVENT)
        uid = str(component.get("uid", ""))[: _LONGEST["uid"]]
        entry = entries.setdefault(uid or f"missing {len(entries)}", Entry(uid))
        if not uid:
            entry.problem = "it has no UID"
            continue
        try:
            _read_into(entry, component, Times(component, zones, entry.warn))
        except (PlanError, ValueError, KeyError, TypeError, AttributeError, OverflowError) as err:
            entry.problem = str(err)[:200] or "it cannot be read"
    for entry in entries.values():
        if not entry.fields and not entry.problem:
            entry.problem = "only single occurrences of it were given"
    return list(entries.values())


def _read_into(entry: Entry, component: Any, times: Times) -> None:
    fields = {
        "title": _text(component, "summary", "title") or "Event",
        "start": times.start.isoformat(),
        "end": times.end().isoformat(),
        "location": _text(component, "location", "location") or None,
        "description": _text(component, "description", "description"),
    }
    if component.get("recurrence-id") is not None:
        entry.changes.append({"at": times.one("recurrence-id").isoformat(), **fields})
        return
    if component.get("rdate") is not None:
        raise PlanError("invalid_recurrence", "rdate", "RDATE is not kept by this service")
    rule = component.get("rrule")
    if isinstance(rule, list):
        raise PlanError("invalid_recurrence", "rrule", "more than one RRULE")
    entry.fields = {
        **fields,
        "uid": entry.uid,
        "timezone": times.zone.key,
        "recurrence": rule.to_ical().decode() if rule is not None else None,
        "exdates": [moment.isoformat() for moment in times.many("exdate")],
        "attendees": [_name(value) for value in _many(component.get("attendee"))][:200],
        "busy": str(component.get("transp", "OPAQUE")).upper() != "TRANSPARENT",
        "calendar": _calendar(str(component.get(CALENDAR, "default"))),
    }


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
