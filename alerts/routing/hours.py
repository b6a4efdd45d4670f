"""When tickets are looked at: days, from, to and a time zone."""

import re
from dataclasses import dataclass
from typing import Final
from zoneinfo import available_timezones

from kit.pure.fields import Field
from slo.timewindow import closest_zone

_DAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_TIME: Final = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]|24:00")


@dataclass(frozen=True, slots=True)
class Hours:
    """Business hours: `days` such as `monday:friday`, times such as `09:00`."""

    days: str
    start: str
    end: str
    time_zone: str


def read_hours(field: Field) -> Hours:
    """Return the hours of a receivers file, as Alertmanager takes them."""
    field.only("days", "from", "to", "time_zone")
    days, start, end, zone = (field.need(key) for key in ("days", "from", "to", "time_zone"))
    for place in (start, end):
        if not _TIME.fullmatch(place.text()):
            raise place.wrong("is no time of the day", 'write for example "09:00"')
    if start.text() >= end.text():
        raise end.wrong(f"is not after {start.text()}", "hours end on the day on which they begin")
    if zone.text() not in available_timezones():
        raise zone.wrong("is no time zone", closest_zone(zone.text()))
    return Hours(_weekdays(days), start.text(), end.text(), zone.text())


def _weekdays(place: Field) -> str:
    """Return a day or a range of days, the first before the last; the week begins on Sunday."""
    names = place.text().lower().split(":")
    order = [(_DAYS.index(name) + 1) % 7 for name in names if name in _DAYS]
    if len(names) > 2 or len(order) < len(names):  # noqa: PLR2004 -- a range has two ends
        raise place.wrong("is no range of days", "write for example monday:friday")
    if order != sorted(order):
        raise place.wrong("ends before it begins", "the week begins on Sunday: sunday:thursday")
    return ":".join(names)
