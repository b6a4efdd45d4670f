"""The times of one event in an iCalendar file, each in the zone that the file means."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from service.interchange.filezones import SHOWN, FileZones
from service.interchange.names import ZONE
from service.planning.errors import PlanError
from service.planning.event import DEFAULT_LENGTH, LONGEST
from service.planning.instants import FIRST_YEAR, LAST_END_YEAR, normalized, shifted, zone_of

Moment = datetime | date
Warn = Callable[[str, str], None]
_WORK_OF_A_TIME: Final = 5
_YEARS: Final = range(FIRST_YEAR, LAST_END_YEAR + 1)


class Times:
    """The times of one VEVENT. `start` is in `zone`, the zone that the event is kept in."""

    def __init__(self, component: Any, zones: FileZones, warn: Warn) -> None:
        self._component, self._zones, self._warn = component, zones, warn
        start, tzid = self._written("dtstart")
        self.zone = self._zone_of_start(start, tzid)
        self.start = self._meant("dtstart", start, tzid)

    def one(self, name: str) -> Moment:
        """Return the one time of a property."""
        return self._meant(name, *self._written(name))

    def many(self, name: str) -> Iterator[Moment]:
        """Yield the times of a property that may be there often and list several."""
        groups = self._component.get(name)
        for group in groups if isinstance(groups, list) else [groups] if groups else []:
            tzid = str(group.params.get("TZID", ""))
            for item in group.dts:
                self._zones.work(_WORK_OF_A_TIME)
                yield self._meant(name, item.dt, tzid)

    def end(self) -> Moment:
        """Return the exclusive end: as given, or after the duration, an hour or a day."""
        timed = isinstance(self.start, datetime)
        length = DEFAULT_LENGTH if timed else timedelta(days=1)
        if self._component.get("dtend") is not None:
            end = self.one("dtend")
            if isinstance(end, datetime) != timed:
                raise PlanError("invalid_time", "dtend", "DTSTART and DTEND are of different kinds")
            return end
        if self._component.get("duration") is not None:
            length = self._component["duration"].td
            if length > LONGEST:
                raise PlanError("invalid_time", "duration", f"longer than {LONGEST.days} days")
        return shifted(self.start, length)

    def _written(self, name: str) -> tuple[Moment, str]:
        """Return a time as it is written, and its TZID."""
        value = self._component.get(name)
        if value is None:
            raise PlanError("invalid_icalendar", name, "it is missing")
        moment = getattr(value, "dt", None)
        if not isinstance(moment, date):
            raise PlanError("invalid_icalendar", name, "it is not one date or time")
        return moment, str(value.params.get("TZID", ""))

    def _zone_of_start(self, start: Moment, tzid: str) -> ZoneInfo:
        if not isinstance(start, datetime):
            return zone_of("UTC")
        own = str(self._component.get(ZONE, ""))  # what we wrote ourselves, beside a time in UTC
        if own:
            return zone_of(own)
        if start.tzinfo is not None:
            return zone_of("UTC")
        if tzid:
            return self._named("dtstart", tzid, start.year)
        if self._zones.default:
            return self._named("x-wr-timezone", self._zones.default, start.year)
        self._warn("dtstart", "it has no time zone and was read as UTC")
        return zone_of("UTC")

    def _meant(self, name: str, moment: Moment, tzid: str) -> Moment:
        """Return a time in its zone, in that of the start where none is given."""
        if moment.year not in _YEARS:
            raise PlanError("invalid_time", name, f"{moment.year} is not a year from 1900 to 2199")
        if not isinstance(moment, datetime):
            return moment
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        zone = self._named(name, tzid, moment.year) if tzid else self.zone
        return normalized(moment.replace(tzinfo=zone), zone).astimezone(UTC)

    def _named(self, name: str, tzid: str, year: int) -> ZoneInfo:
        found = self._zones.named(tzid, year)
        if found.name != tzid or found.why:
            self._warn(name, f"its time zone {tzid[:SHOWN]!r} was read as {found.name}{found.why}")
        return zone_of(found.name)
