"""The times of one event in an iCalendar file, each in the zone that the file means."""

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from service.interchange.filezones import SHOWN, FileZones
from service.interchange.lines import Line
from service.interchange.names import ZONE
from service.interchange.values import Moment, duration_in, moment_in, one
from service.planning.errors import PlanError
from service.planning.event import LONGEST, MOST_EXCEPTIONS, length_between
from service.planning.instants import FIRST_YEAR, LAST_END_YEAR, normalized, shifted, zone_of

Warn = Callable[[str, str], None]
_WORK_OF_A_TIME: Final = 5
_YEARS: Final = range(FIRST_YEAR, LAST_END_YEAR + 1)
_NONE: Final = timedelta(0)


class Times:
    """The times of one VEVENT. `start` is in `zone`, the zone that the event is kept in.

    `exact` says that each was read as its line reads in a file of ours as well, `floating` that
    the start is in no zone.
    """

    def __init__(self, lines: list[Line], zones: FileZones, warn: Warn) -> None:
        self._lines, self._zones, self._warn = lines, zones, warn
        self.exact, self.floating, self._is_of_calendar = True, False, False
        line = one(lines, "DTSTART")
        if line is None:
            raise PlanError("invalid_icalendar", "dtstart", "it is missing")
        start = moment_in(line.value, line)
        self.zone = self._zone_of_start(start, line)
        self.start = self._meant(line, start)

    def one(self, name: str) -> Moment | None:
        """Return the one time of a property, None when it is not there."""
        line = one(self._lines, name.upper())
        return None if line is None else self._meant(line, moment_in(line.value, line))

    def wall(self, name: str) -> Moment | None:
        """Return the time of a property as it is written, in whatever zone."""
        line = one(self._lines, name.upper())
        return None if line is None else moment_in(line.value, line)

    def many(self, name: str) -> Iterator[tuple[Moment, Moment, Moment | None]]:
        """Yield the times that properties list: as meant, as written, and the end of a period."""
        lines = [line for line in self._lines if line.name == name.upper()]
        if sum(line.value.count(",") + 1 for line in lines) > MOST_EXCEPTIONS:
            raise PlanError("invalid_time", name, f"more than {MOST_EXCEPTIONS} times")
        for line in lines:
            for text in filter(None, (part.strip() for part in line.value.split(","))):
                self._zones.work(_WORK_OF_A_TIME)
                first, slash, last = text.partition("/")
                written = moment_in(first, line)
                begins = self._meant(line, written)
                yield begins, written, self._end_of_period(line, begins, last) if slash else None

    def end(self) -> Moment:
        """Return the exclusive end: as given, after the duration, or as RFC 5545, 3.6.1 has it.

        Without either a date is one day, and a time takes none.
        """
        timed = isinstance(self.start, datetime)
        end, line = self.one("dtend"), one(self._lines, "DURATION")
        if end is not None:
            return self._after_start(self._of_kind(end, timed=timed), "dtend")
        if line is None:
            return self.start if timed else shifted(self.start, timedelta(days=1))
        return self._after_start(self._later(line, self.start, line.value), "duration")

    def _of_kind(self, end: Moment, *, timed: bool) -> Moment:
        """Return an end of the kind of the start: a day is its midnight, a time its day."""
        if isinstance(end, datetime) == timed:
            return end
        self._warn("dtend", "it is of another kind than DTSTART, whose kind was taken")
        if isinstance(end, datetime):
            return end.astimezone(self.zone).date()
        return normalized(
            datetime(end.year, end.month, end.day, tzinfo=self.zone), self.zone
        ).astimezone(UTC)

    def _after_start(self, end: Moment, name: str) -> Moment:
        length = length_between(self.start, end)
        if length > LONGEST:
            raise PlanError("invalid_time", name, f"longer than {LONGEST.days} days")
        if length < _NONE:
            self._warn(name, "it is before the start, and was read as the start")
        if not isinstance(self.start, datetime) and length <= _NONE:
            return shifted(self.start, timedelta(days=1))
        return end if length > _NONE else self.start

    def _later(self, line: Line, start: Moment, text: str) -> Moment:
        """Return what lies a duration after a time: days are the calendar's (3.3.6)."""
        days, exact = duration_in(text, line)
        if abs(days) > LONGEST or abs(exact) > LONGEST:
            raise PlanError("invalid_time", line.name.lower(), f"longer than {LONGEST.days} days")
        if not isinstance(start, datetime):
            return start + days + exact
        wall = start.astimezone(self.zone).replace(tzinfo=None) + days
        return shifted(normalized(wall.replace(tzinfo=self.zone), self.zone), exact)

    def _end_of_period(self, line: Line, start: Moment, text: str) -> Moment:
        if text.lstrip("+-").upper().startswith("P"):
            return self._later(line, start, text)
        return self._meant(line, moment_in(text, line))

    def _zone_of_start(self, start: Moment, line: Line) -> ZoneInfo:
        if not isinstance(start, datetime):
            return zone_of("UTC")
        own = one(self._lines, ZONE.upper())  # what we wrote ourselves, beside a time in UTC
        if own is not None:
            return zone_of(own.value.strip())
        tzid = line.parameter("TZID")
        if start.tzinfo is not None:
            return zone_of("UTC")
        if tzid:
            return self._named("dtstart", tzid, start.year)
        if self._zones.default:
            zone = self._named("x-wr-timezone", self._zones.default, start.year)
            self.exact, self._is_of_calendar = False, True
            return zone
        self.floating = True
        self._warn("dtstart", "it has no time zone: it stays so, and shows times as if in UTC")
        return zone_of("UTC")

    def _meant(self, line: Line, moment: Moment) -> Moment:
        """Return a time in its zone, in that of the start where none is given."""
        name, tzid = line.name.lower(), line.parameter("TZID")
        if moment.year not in _YEARS:
            raise PlanError("invalid_time", name, f"{moment.year} is not a year from 1900 to 2199")
        if not isinstance(moment, datetime):
            return moment
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        zone = self._named(name, tzid, moment.year) if tzid else self.zone
        if self._is_of_calendar and not tzid:
            self._warn(name, f"it has no time zone; the calendar's, {zone.key}, is meant")
        return normalized(moment.replace(tzinfo=zone), zone).astimezone(UTC)

    def _named(self, name: str, tzid: str, year: int) -> ZoneInfo:
        found = self._zones.named(tzid, year)
        if found.name != tzid or found.why:
            self.exact = False
            self._warn(name, f"its time zone {tzid[:SHOWN]!r} was read as {found.name}{found.why}")
        return zone_of(found.name)


def day_of(written: Moment) -> date:
    """Return the day that a time names as it is written."""
    return written.date() if isinstance(written, datetime) else written
