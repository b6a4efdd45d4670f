"""Zones beside offsets: abbreviations, places of mail programs, and zones that keep an offset."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from service.parsing.zones import CITIES, US_ZONES, ZONES

_LETTERS = 4  # "pacific" and "zulu" are also words: a name alone is an abbreviation
NAMED = {word: zone for word, zone in (ZONES | US_ZONES).items() if len(word) <= _LETTERS}
# "(UTC+01:00) Amsterdam, Berlin, Bern, Rome" and "(UTC-08:00) Pacific Time (US & Canada)".
PLACE = r"[a-z.']+(?:\s(?:time\b|standard\stime\b))?(?:,\s[a-z.']+){0,6}(?:\s\([a-z&,\s]{2,20}\))?"
# Offsets that are no whole hours have no zone of their own; these places keep theirs all the year.
_KEPT = {
    210: "Asia/Tehran", 270: "Asia/Kabul", 330: "Asia/Kolkata", 345: "Asia/Kathmandu",
    390: "Asia/Yangon", 525: "Australia/Eucla", 570: "Australia/Darwin", -570: "Pacific/Marquesas",
}  # fmt: skip
_WINTERS = (datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
_HOUR = 60


def named_offset(place: str, minutes: int) -> str | None:
    """Return the zone of a place that mail programs put after its standard offset."""
    for word in re.findall("[a-z]+", place):
        zone = CITIES.get(word)
        if zone is not None and _standard(zone) == timedelta(minutes=minutes):
            return zone
    return None


def _standard(zone: str) -> timedelta:
    there = ZoneInfo(zone)
    return min(when.astimezone(there).utcoffset() or timedelta(0) for when in _WINTERS)


def zone_keeping(minutes: int) -> str | None:
    """Return the IANA zone that has this offset all the year, or None."""
    if minutes == 0:
        return "Etc/UTC"
    hours, rest = divmod(minutes, _HOUR)
    return f"Etc/GMT{-hours:+d}" if not rest else _KEPT.get(minutes)
