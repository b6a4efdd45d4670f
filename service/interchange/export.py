"""Events as an iCalendar text."""

from collections.abc import Iterable, Iterator
from typing import Final

from icalendar import Timezone, vDDDLists

from service.interchange.asfound import as_found
from service.interchange.components import changed, component
from service.interchange.lines import folded, line_of
from service.planning.event import Event
from service.planning.work import Work, unlimited
from service.planning.zonenames import zone_names

_HEAD: Final = (
    "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//calendar-sre//calendar assistant//EN\r\n"
)
_TAIL: Final = "END:VCALENDAR\r\n"
_WORK_OF_A_COMPONENT: Final = 200
_WORK_OF_A_TIME: Final = 5
_WORK_OF_A_ZONE: Final = 5000


def icalendar_of(events: Iterable[Event], work: Work = unlimited) -> bytes:
    """Return a calendar with these events, their series, exceptions and time zones.

    What came from a file is given back as it was there, but for what has been changed since.
    """
    zones: set[str] = set()
    texts: list[bytes] = []
    for lines in _components(events, work):
        zones |= _zones_of(lines)
        texts.append("".join(map(folded, ["BEGIN:VEVENT", *lines, "END:VEVENT"])).encode())
    return b"".join([_HEAD.encode(), *_zone_texts(zones, work), *texts, _TAIL.encode()])


def _components(events: Iterable[Event], work: Work) -> Iterator[list[str]]:
    for event in events:
        written = event.written
        is_as_found = written is not None and written.version == event.version
        times = len(event.exdates) + len(event.rdates)
        work(_WORK_OF_A_COMPONENT + _WORK_OF_A_TIME * times)
        work(len(written.lines) if written else 0)
        yield as_found(event, None, component(event))
        for change in event.changes:
            work(_WORK_OF_A_COMPONENT + len(change.lines or (written.lines if written else ())))
            if not is_as_found or change.lines or (written and not written.exact):
                yield as_found(event, change, changed(event, change))


def _zones_of(lines: Iterable[str]) -> set[str]:
    """Return the zones that the times of a component are in."""
    found = (line_of(text) for text in lines if "TZID" in text[:200].upper())
    names = {line.parameter("TZID") for line in found if line is not None}
    return {name for name in names if name in zone_names() and name not in {"UTC", "Etc/UTC"}}


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
