"""Over which time an objective is kept: OpenSLO's timeWindow."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

from kit.pure.durations import parse_openslo, split_openslo
from kit.pure.fields import Field, closest
from slo.period import Calendar

_FORM: Final = "%Y-%m-%d %H:%M:%S"
_EXAMPLE: Final = '"2026-01-01 00:00:00"'


@dataclass(frozen=True, slots=True)
class TimeWindow:
    """A length, and when it begins; it rolls when `calendar` is None.

    A calendar month counts as 30 days where a length is wanted, a quarter 90, a year 365.
    """

    length: timedelta
    calendar: Calendar | None


def read_window(listed: Field) -> TimeWindow:
    """Return the one window of an SLO."""
    windows = list(listed.items())
    if len(windows) != 1:
        raise listed.wrong("must have exactly one element", "keep one window")
    window = windows[0]
    window.only("duration", "isRolling", "calendar")
    duration = window.need("duration", "add `duration: 30d`")
    length = parse_openslo(duration.text())
    if length is None:
        raise duration.wrong(
            "is not a duration of up to ten years", "write a number and one of m h d w M Q Y: 30d"
        )
    rolling, calendar = window.get("isRolling"), window.get("calendar")
    rolls = rolling.flag() if rolling else None
    if calendar is None:
        if not rolls:
            raise window.wrong(
                "neither rolls nor has a calendar", "add `isRolling: true`, or a calendar"
            )
        return TimeWindow(length, None)
    if rolls:
        raise calendar.wrong("stands beside isRolling: true", "keep one of them")
    count, unit = split_openslo(duration.text()) or (1, "d")
    return TimeWindow(length, _calendar(calendar, count, unit))


def _calendar(place: Field, count: int, unit: str) -> Calendar:
    place.only("startTime", "timeZone")
    zone = place.need("timeZone", "add `timeZone: Etc/UTC`, or another of IANA's names")
    if zone.text() not in available_timezones():
        raise zone.wrong("is no time zone", closest_zone(zone.text()))
    start = place.need("startTime", f"add `startTime: {_EXAMPLE}`")
    return Calendar(_wall_clock(start), ZoneInfo(zone.text()), count, unit)


def closest_zone(name: str) -> str:
    """Return advice that offers the nearest time zone, or says what they look like."""
    advice = closest(name, available_timezones())
    return advice if advice.startswith("did you mean") else "write for example Europe/Zurich"


def _wall_clock(place: Field) -> datetime:
    """Return a time without a zone; YAML makes one of a text that stands without quotes."""
    if isinstance(place.value, datetime) and place.value.tzinfo is None:
        return place.value.replace(microsecond=0)
    try:
        return datetime.strptime(str(place.value), _FORM)  # noqa: DTZ007 -- the zone stands beside it
    except ValueError as err:
        problem = "is not a time of the form YYYY-MM-DD HH:MM:SS"
        raise place.wrong(problem, f"write {_EXAMPLE}") from err
