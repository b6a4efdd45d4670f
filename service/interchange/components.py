"""The content lines by which an event, or one changed occurrence, is written anew."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import quote

from service.interchange.names import CALENDAR, ZONE
from service.planning.event import Change, Event
from service.planning.instants import instant_of
from service.planning.rule import kept_rule

Moment = datetime | date
_ESCAPES: Final = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n", "\r": None})
_AT_ONCE: Final = 20  # times in one line


def component(event: Event) -> list[str]:
    """Return the lines of an event, without those that begin and end it."""
    single = not event.is_series
    start = _exact(event.start) if single else _shown(event.start)
    lines = list(_common(event, event.title, event.location, event.description, busy=event.busy))
    lines.append(_timed("DTSTART", start, event))
    lines.append(_timed("DTEND", _exact(event.end), event))
    if isinstance(start, datetime) and start.tzinfo is UTC and event.timezone != "UTC":
        lines.append(f"{ZONE.upper()}:{event.timezone}")
    lines += [f"RRULE:{_with_until(rule, event)}" for rule in event.rules]
    lines += [f"EXRULE:{_with_until(rule, event)}" for rule in event.exrules]
    lines += _listed("RDATE", event.rdates, event)
    lines += _listed("EXDATE", event.exdates, event)
    return lines


def changed(event: Event, change: Change) -> list[str]:
    """Return the lines of one changed occurrence."""
    busy = event.busy if change.busy is None else change.busy
    lines = list(_common(event, change.title, change.location, change.description, busy=busy))
    text = _timed("RECURRENCE-ID", _shown(change.at), event)
    if change.following:
        text = text.replace("RECURRENCE-ID", "RECURRENCE-ID;RANGE=THISANDFUTURE", 1)
    lines.append(text)
    lines.append(_timed("DTSTART", _exact(change.start), event))
    lines.append(_timed("DTEND", _exact(change.end), event))
    if change.cancelled:
        lines.append("STATUS:CANCELLED")
    return lines


def _common(
    event: Event, title: str, location: str | None, description: str, *, busy: bool
) -> Iterator[str]:
    yield f"UID:{event.uid.translate(_ESCAPES)}"
    yield f"DTSTAMP:{event.updated_at:%Y%m%dT%H%M%SZ}"
    yield f"CREATED:{event.created_at:%Y%m%dT%H%M%SZ}"
    yield f"LAST-MODIFIED:{event.updated_at:%Y%m%dT%H%M%SZ}"
    yield f"SEQUENCE:{event.version - 1}"
    yield f"SUMMARY:{_escaped(title)}"
    if location:
        yield f"LOCATION:{_escaped(location)}"
    if description:
        yield f"DESCRIPTION:{_escaped(description)}"
    yield f"TRANSP:{'OPAQUE' if busy else 'TRANSPARENT'}"
    yield f"{CALENDAR.upper()}:{event.calendar}"
    for name in event.attendees:
        yield attendee_line(name)


def attendee_line(name: str) -> str:
    """Return somebody who is known by name, or address, only."""
    mail = "@" in name and not set(name) & set(" <>,;\"'\r\n")
    address = f"mailto:{name}" if mail else f"urn:calendar:{quote(name)}"
    # A parameter cannot hold these characters (RFC 5545, 3.2); the urn above has the exact name.
    shown = "".join(" " if c in '"\r\n' or ord(c) < ord(" ") else c for c in name)
    quoted = f'"{shown}"' if set(shown) & set(",;:") else shown
    return f"ATTENDEE;CN={quoted}:{address}"


def _escaped(text: str) -> str:
    return "".join(c for c in text.translate(_ESCAPES) if c >= " " or c == "\t")


def _listed(name: str, moments: Iterable[Moment], event: Event) -> Iterator[str]:
    texts: dict[str, list[str]] = {}
    for moment in moments:
        head, _, value = _timed(name, _shown(moment), event).rpartition(":")
        texts.setdefault(head, []).append(value)
    for head, values in texts.items():
        for begin in range(0, len(values), _AT_ONCE):
            yield f"{head}:{','.join(values[begin : begin + _AT_ONCE])}"


def _timed(name: str, moment: Moment, event: Event) -> str:
    """Return a property with a date, a floating time, one in UTC, or one of a zone."""
    if not isinstance(moment, datetime):
        return f"{name};VALUE=DATE:{moment:%Y%m%d}"
    if event.floating:
        return f"{name}:{moment:%Y%m%dT%H%M%S}"
    if moment.tzinfo is UTC:
        return f"{name}:{moment:%Y%m%dT%H%M%SZ}"
    return f"{name};TZID={moment.tzinfo}:{moment:%Y%m%dT%H%M%S}"


def _shown(moment: Moment) -> Moment:
    """Return a time in UTC as such; another keeps its zone, whose rules series need."""
    if isinstance(moment, datetime) and str(moment.tzinfo) in {"UTC", "Etc/UTC"}:
        return moment.astimezone(UTC)
    return moment


def _exact(moment: Moment) -> Moment:
    """Return a time whose wall clock says it twice, the second of the two, in UTC.

    In its zone such a time would be read as the first (RFC 5545, 3.3.5), an hour too early.
    """
    if isinstance(moment, datetime) and moment.fold:
        return moment.astimezone(UTC)
    return _shown(moment)


def _with_until(text: str, event: Event) -> str:
    """Return the rule with UNTIL of the kind RFC 5545 wants: a date, or an instant in UTC."""
    until = kept_rule(text).until
    if until is None:
        return text
    parts = [part for part in text.split(";") if not part.startswith("UNTIL=")]
    if event.all_day:
        shown = f"{until:%Y%m%d}"
    else:
        if not isinstance(until, datetime):
            until = datetime(until.year, until.month, until.day, 23, 59, 59)  # noqa: DTZ001 - the wall's
        zone = event.start.tzinfo if isinstance(event.start, datetime) else UTC
        instant = instant_of(until if until.tzinfo else until.replace(tzinfo=zone))
        shown = f"{instant:%Y%m%dT%H%M%S}" + ("" if event.floating else "Z")
    return ";".join([*parts, f"UNTIL={shown}"])
