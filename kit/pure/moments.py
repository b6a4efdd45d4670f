"""Times as people write them: RFC 3339 with an offset, a span before now, or `now`.

Python subtracts and compares aware datetimes of one zone by the wall clock: from 02:30 to 02:20 an
hour after is minus ten minutes. So a moment for people to read is made here, by `local`, and keeps
its offset instead of its zone: its differences and its order are those of UTC.
"""

from datetime import UTC, date, datetime, time, timedelta, timezone
from typing import Final, TypeVar
from zoneinfo import ZoneInfo

from kit.pure.durations import parse_prometheus
from kit.pure.errors import BadInputError

Day = TypeVar("Day", bound=date)
_HINTS: Final = {
    "is not a time": "write 2h, 90m, or 2026-11-01T14:05:00Z",
    "has no offset from UTC": "write Z at its end",
    "is out of range": "give a year from 1971 to 9998",
}
_YEARS: Final = range(1971, 9999)
"""In which something may have been measured, with room for a zone and a year on either side."""


def local(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return an aware moment as the clock of a zone shows it, with its offset and no zone.

    Where the clock shows the same time twice its `tzname()` is the zone's abbreviation, else it
    is the offset: `is_doubled` tells which.
    """
    shown = moment.astimezone(zone)
    offset = shown.utcoffset() or timedelta()
    first, second = (shown.replace(fold=fold) for fold in (0, 1))
    fixed = timezone(offset) if offset else UTC
    if first.astimezone(UTC) < second.astimezone(UTC):
        fixed = timezone(offset, shown.tzname() or str(fixed))
    return shown.replace(tzinfo=fixed, fold=0)


def local_at(seconds: float, zone: ZoneInfo) -> datetime:
    """Return seconds since the epoch as the clock of a zone shows them, see `local`."""
    return local(datetime.fromtimestamp(seconds, UTC), zone)


def at_wall(wall: datetime, zone: ZoneInfo) -> datetime:
    """Return when a clock of a zone shows a time: the first of two, see `local`.

    One that the clocks leap over is as much later as they leap (PEP 495).
    """
    return local(wall.replace(tzinfo=zone, fold=0).astimezone(UTC), zone)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return when a day of a zone begins; where midnight is skipped, the first instant after."""
    return at_wall(datetime.combine(day, time()), zone)


def is_doubled(moment: datetime) -> bool:
    """Say whether the clock of a moment made by `local` shows its time twice."""
    return not (moment.tzname() or "UTC").startswith("UTC")


def read_moment(text: str) -> datetime:
    """Return the moment of a text in RFC 3339, in UTC.

    Raises ValueError with what is wrong: it `is not a time`, `has no offset from UTC`, or `is out
    of range`.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as err:
        raise ValueError("is not a time") from err
    return in_range(in_utc(moment))


def in_range(moment: Day) -> Day:
    """Return a day or moment that somebody gave; ValueError where it `is out of range`."""
    if moment.year not in _YEARS:
        raise ValueError("is out of range")
    return moment


def written(text: object, *, naive_is_utc: bool = True) -> datetime | None:
    """Return the moment that a program wrote, in UTC; None for what is none.

    Programs that write no offset write UTC; else, without `naive_is_utc`, it is no moment.
    """
    try:
        found = datetime.fromisoformat(str(text))
        if found.tzinfo is None and naive_is_utc:
            found = found.replace(tzinfo=UTC)
        return in_utc(found)
    except ValueError:
        return None


def in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC; ValueError as in `read_moment`."""
    if moment.tzinfo is None:
        raise ValueError("has no offset from UTC")
    try:
        return moment.astimezone(UTC)
    except OverflowError as err:  # at the ends of the calendar
        raise ValueError("is not a time") from err


def moment_of(text: str, now: datetime) -> datetime:
    """Return a moment in UTC: `now`, a span before now (`2h`, `90m`), or RFC 3339.

    Raises BadInputError when it is none of these.
    """
    if text == "now":
        return now
    try:
        return in_range(now - timedelta(seconds=parse_prometheus(text)))
    except (ValueError, OverflowError):
        pass
    try:
        return read_moment(text)
    except ValueError as err:
        raise BadInputError(f"{text!r} {err}", hint=_HINTS[str(err)]) from err
