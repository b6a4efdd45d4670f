"""Events as an iCalendar text."""

from collections.abc import Iterable
from datetime import UTC, date, datetime
from urllib.parse import quote

from icalendar import Calendar, Timezone, vCalAddress, vDDDLists, vRecur
from icalendar import Event as Component

from service.interchange.names import CALENDAR, ZONE
from service.planning.event import Change, Event
from service.planning.instants import instant_of
from service.planning.rule import kept_rule


def icalendar_of(events: Iterable[Event]) -> bytes:
    """Return a calendar with these events, their series, exceptions and time zones."""
    result = Calendar()
    result.add("prodid", "-//calendar-sre//calendar assistant//EN")
    result.add("version", "2.0")
    for event in events:
        result.add_component(_component(event))
        for change in event.changes:
            result.add_component(_changed(event, change))
    result.add_missing_timezones()
    for zone in result.timezones:
        _one_date_a_line(zone)
    return bytes(result.to_ical())


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
