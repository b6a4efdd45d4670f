"""Points in time: from text to an aware instant, right across daylight-saving changes."""

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Final
from zoneinfo import ZoneInfo

from service.planning.errors import PlanError
from service.planning.zonenames import zone_named, zone_names

FIRST_YEAR: Final = 1900
LAST_YEAR: Final = 2199
LAST_END_YEAR: Final = LAST_YEAR + 3  # an event of two years may begin on the last day
_FIRST_INSTANT: Final = datetime.min.replace(tzinfo=UTC)
_LAST_INSTANT: Final = datetime.max.replace(tzinfo=UTC)
_DATE_LENGTH: Final = len("2026-01-31")


@lru_cache(maxsize=1024)
def zone_of(name: str) -> ZoneInfo:
    """Return the IANA zone of that name, else raise `invalid_timezone`."""
    if name not in zone_names():
        meant = zone_named(name)
        hint = f"; use {meant!r}" if meant else ""
        reason = f"{name[:64]!r} is not an IANA time zone{hint}"
        raise PlanError("invalid_timezone", "timezone", reason)
    return ZoneInfo(name)


def moment_of(
    text: str, zone: ZoneInfo, *, field: str, last_year: int = LAST_YEAR
) -> datetime | date:
    """Return a plain date for `YYYY-MM-DD`, else an aware time in `zone`.

    A time with an offset is that instant; one without is the wall clock of `zone`. Of a wall
    clock time that happens twice the first is meant; one that is skipped is as much later as
    the clocks were moved (RFC 5545, 3.3.5). The year, in `zone`, is one the service keeps.
    """
    wrong = PlanError(
        "invalid_time", field, f"{text[:40]!r} is neither YYYY-MM-DD nor an RFC 3339 time"
    )
    if len(text) != _DATE_LENGTH and text[10:11] not in {"T", "t", " "}:
        raise wrong
    try:
        if len(text) == _DATE_LENGTH:
            return _in_range(date.fromisoformat(text), text, field, last_year)
        moment = datetime.fromisoformat(text.upper())
        found = normalized(moment if moment.tzinfo else moment.replace(tzinfo=zone), zone)
        return _in_range(found, text, field, last_year)
    except (ValueError, OverflowError) as err:
        raise wrong from err


def normalized(moment: datetime, zone: ZoneInfo) -> datetime:
    """Return the same instant as a time that exists on the clocks of `zone`."""
    return moment.astimezone(UTC).astimezone(zone)


def instant_of(moment: datetime | date) -> datetime:
    """Return a time in UTC; of a plain date its midnight there.

    What would lie beyond the ends of the calendar is its end: "for ever" is 9999-12-31 in any zone.
    """
    if isinstance(moment, datetime):
        try:
            return moment.astimezone(UTC)
        except OverflowError:
            return _FIRST_INSTANT if moment.year == 1 else _LAST_INSTANT
    return datetime(moment.year, moment.month, moment.day, tzinfo=UTC)


def absolute(moment: datetime | date, zone: ZoneInfo, *, floating: bool = False) -> datetime:
    """Return an instant in UTC, which alone can be compared when the clocks show an hour twice.

    A date is the midnight that begins it in `zone`; a floating time is what the clocks of `zone`
    show.
    """
    if isinstance(moment, datetime):
        return moment.replace(tzinfo=zone).astimezone(UTC) if floating else instant_of(moment)
    return datetime(moment.year, moment.month, moment.day, tzinfo=zone).astimezone(UTC)


def shifted(moment: datetime | date, by: timedelta) -> datetime | date:
    """Return the moment that much later: elapsed time for times, days for dates."""
    if isinstance(moment, datetime):
        return (moment.astimezone(UTC) + by).astimezone(moment.tzinfo)
    return moment + by


def _in_range(day: date, text: str, field: str, last_year: int) -> date:
    if not FIRST_YEAR <= day.year <= last_year:
        raise PlanError(
            "invalid_time", field, f"{text[:40]!r} is not between {FIRST_YEAR} and {last_year}"
        )
    return day
