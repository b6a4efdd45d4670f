"""Events as an iCalendar text."""

from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from typing import Final
from urllib.parse import quote

from icalendar import Calendar, Timezone, vCalAddress, vDDDLists, vRecur
from icalendar import Event as Component

from service.interchange.names import CALENDAR, ZONE
from service.planning.event import Change, Event
from service.planning.instants import instant_of
from service.planning.rule import kept_rule
from service.planning.work import Work, unlimited

_WORK_OF_A_COMPONENT: Final = 200
_WORK_OF_A_TIME: Final = 5
_WORK_OF_A_ZONE: Final = 5000


def icalendar_of(events: Iterable[Event], work: Work = unlimited) -> bytes:
    """Return a calendar with these events, their series, exceptions and time zones."""
    calendar = Calendar()
    calendar.add("prodid", "-//calendar-sre//calendar assistant//EN")
    calendar.add("version", "2.0")
    head, end, _ = calendar.to_ical().rpartition(b"END:VCALENDAR")
    zones: set[str] = set()
    texts: list[bytes] = []
    for component in _components(events, work):
        zones |= _zones_of(component)
        texts.append(component.to_ical())
    return b"".join([head, *_zone_texts(zones, work), *texts, end, b"\r\n"])


def _components(events: Iterable[Event], work: Work) -> Iterator[Component]:
    for event in events:
        work(_WORK_OF_A_COMPONENT + _WORK_OF_A_TIME * len(event.exdates))
        yield _component(event)
        for change in event.changes:
            work(_WORK_OF_A_COMPONENT)
            yield _changed(event, change)


def _zones_of(component: Component) -> set[str]:
    names = (getattr(value, "params", {}).get("TZID") for _, value in component.property_items())
    return {name for name in names if name and name != "UTC"}


def _zone_texts(names: Iterable[str], work: Work) -> Iterator[bytes]:
    for name in sorted(names):
        work(_WORK_OF_A_ZONE)
        zone = Timezone.from_tzid(name)
        _one_date_a_line(zone)
        yield zone.to_ical()


def _one_date_a_line(zone: Timezone) -> None:
    """Write each change of a zone's clocks as a property of its own.

    Of an RDATE that lists several, ical.js, which Thunderbird reads calendars with, takes the
    first and so loses daylight saving.
    """
    for observance in zone.subcomponents:
        dates = observance.get("rdate")
        if isinstance(dates, vDDDLists):
            observance["rdate"] = [vDDDLists([one.dt]) for one in dates.dts]


def _component(event: Event) -> Component:
    component = _common(event, event.title, event.location, event.description)
    single = event.recurrence is None
    start = _exact(event.start) if single else _shown(event.start)
    component.add("dtstart", start)
    component.add("dtend", _exact(event.end))
    if isinstance(start, datetime) and start.tzinfo is UTC and event.timezone != "UTC":
        component.add(ZONE, event.timezone)
    if event.recurrence is not None:
        component.add("rrule", vRecur.from_ical(_utc_until(event)))
    if event.exdates:
        component.add("exdate", [_shown(moment) for moment in event.exdates])
    return component


def _changed(event: Event, change: Change) -> Component:
    component = _common(event, change.title, change.location, change.description)
    component.add("recurrence-id", _shown(change.at))
    component.add("dtstart", _exact(change.start))
    component.add("dtend", _exact(change.end))
    return component


def _common(event: Event, title: str, location: str | None, description: str) -> Component:
    component = Component()
    component.add("uid", event.uid)
    component.add("dtstamp", event.updated_at)
    component.add("created", event.created_at)
    component.add("last-modified", event.updated_at)
    component.add("sequence", event.version - 1)
    component.add("summary", title)
    if location:
        component.add("location", location)
    if description:
        component.add("description", description)
    component.add("transp", "OPAQUE" if event.busy else "TRANSPARENT")
    component.add(CALENDAR, event.calendar)
    for name in event.attendees:
        component.add("attendee", _address(name))
    return component


def _address(name: str) -> vCalAddress:
    mail = "@" in name and not set(name) & set(" <>,;\"'\r\n")
    address = vCalAddress(f"mailto:{name}" if mail else f"urn:calendar:{quote(name)}")
    # A parameter cannot hold these characters (RFC 5545, 3.2); the urn above has the exact name.
    address.params["CN"] = "".join(" " if c in '"\r\n' or ord(c) < ord(" ") else c for c in name)
    return address


def _shown(moment: datetime | date) -> datetime | date:
    """Return a time in UTC as such; another keeps its zone, whose rules series need."""
    if isinstance(moment, datetime) and str(moment.tzinfo) in {"UTC", "Etc/UTC"}:
        return moment.astimezone(UTC)
    return moment


def _exact(moment: datetime | date) -> datetime | date:
    """Return a time whose wall clock says it twice, the second of the two, in UTC.

    In its zone such a time would be read as the first (RFC 5545, 3.3.5), an hour too early.
    """
    if isinstance(moment, datetime) and moment.fold:
        return moment.astimezone(UTC)
    return _shown(moment)


def _utc_until(event: Event) -> str:
    """Return the rule with UNTIL of the kind RFC 5545 wants: a date, or an instant in UTC."""
    text = event.recurrence or ""
    until = kept_rule(text).until
    if until is None or not isinstance(until, date):
        return text
    parts = [part for part in text.split(";") if not part.startswith("UNTIL=")]
    if event.all_day:
        shown = f"{until:%Y%m%d}"
    elif isinstance(until, datetime):
        zone = until.tzinfo or event.start.tzinfo if isinstance(event.start, datetime) else UTC
        shown = f"{instant_of(until.replace(tzinfo=zone)):%Y%m%dT%H%M%SZ}"
    else:
        zone = event.start.tzinfo if isinstance(event.start, datetime) else UTC
        last = datetime(until.year, until.month, until.day, 23, 59, 59, tzinfo=zone)
        shown = f"{instant_of(last):%Y%m%dT%H%M%SZ}"
    return ";".join([*parts, f"UNTIL={shown}"])
