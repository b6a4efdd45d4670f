"""Days on which nobody is expected, as an iCalendar file (RFC 5545) lists them."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dateutil.rrule import rrulestr
from icalendar import Calendar, Component

from kit.pure.errors import BadInputError
from kit.pure.moments import local, midnight

_DAY = timedelta(days=1)
_HINT = "name an iCalendar file with an all-day event for each day off"


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole days off from `first`, `days` long, which come again by `rule` but on `without`."""

    first: date
    days: int
    rule: Any = None  # Any: how it ends, which its types keep to themselves, is asked
    without: frozenset[date] = frozenset()

    def holds(self, day: date) -> bool:
        """Say whether a day is one of them."""
        if self.rule is None:
            return self.first <= day < self.first + self.days * _DAY
        since = _midnight(day - (self.days - 1) * _DAY)
        found = self.rule.between(since, _midnight(day), inc=True)
        return any(each.date() not in self.without for each in found)

    def end(self) -> date | None:
        """Return the day after the last one; None where they never end."""
        if self.rule is None:
            return self.first + self.days * _DAY
        if self.rule._until is None and self.rule._count is None:  # noqa: SLF001 -- not told otherwise
            return None
        last = self.rule.before(_midnight(date.max))
        return (last.date() if last else self.first) + self.days * _DAY


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days off in a time zone."""

    zone: ZoneInfo
    stretches: tuple[Stretch, ...]

    def is_off(self, now: datetime) -> bool:
        """Say whether a moment lies on a day off."""
        today = local(now, self.zone).date()
        return any(each.holds(today) for each in self.stretches)

    def end(self) -> float:
        """Return the moment, since the epoch, after which the file says nothing.

        That is the end of the last day that is listed: days that come again for ever do not make
        up for others, such as Easter, that nobody has entered. Infinite where there are no others.
        """
        ends = [end for each in self.stretches if (end := each.end()) is not None]
        if not ends:
            return float("inf")
        return midnight(max(ends), self.zone).timestamp()


def read_days_off(source: str, text: bytes) -> DaysOff:
    """Return the all-day events of a calendar; BadInputError where it is none, or has none.

    The zone is the file's `X-WR-TIMEZONE`, else UTC. What has a time of day is no day off.
    """
    try:
        calendar = Calendar.from_ical(text)
        zone = ZoneInfo(str(calendar.get("X-WR-TIMEZONE", "UTC")))
        found = tuple(each for event in calendar.walk("VEVENT") for each in _stretches(event))
    except (ValueError, KeyError, IndexError, TypeError, ZoneInfoNotFoundError) as err:
        raise BadInputError(f"{source} is no calendar of days off: {err}", hint=_HINT) from err
    if not found:
        raise BadInputError(f"{source} lists no day off", hint=_HINT)
    return DaysOff(zone, found)


def _stretches(event: Component) -> Iterator[Stretch]:
    dates: Any = event  # its properties are dates, times or spans, and the types name them all
    first = dates["DTSTART"].dt
    if isinstance(first, datetime) or str(event.get("STATUS", "")).upper() == "CANCELLED":
        return
    length = dates["DURATION"].dt if "DURATION" in event else _DAY
    last = dates["DTEND"].dt if "DTEND" in event else first + length
    days = max(1, (last - first).days)
    rule = dates.get("RRULE")
    if rule is None:
        yield Stretch(first, days)
        return
    text = rule.to_ical().decode().replace("Z", "")
    yield Stretch(first, days, rrulestr(text, dtstart=_midnight(first)), frozenset(_without(event)))


def _without(event: Component) -> Iterator[date]:
    given: Any = event.get("EXDATE", [])
    for listed in given if isinstance(given, list) else [given]:
        for each in listed.dts:
            yield each.dt.date() if isinstance(each.dt, datetime) else each.dt


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
