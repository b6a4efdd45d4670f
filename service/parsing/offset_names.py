"""Zones beside offsets: abbreviations, places of mail programs, and zones that keep an offset."""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from service.parsing.zones import CITIES, US_ZONES, ZONES

# Zones spelt out; beside a time they are no place and no title.
SPELT = {
    "central european time": "Europe/Berlin", "central european summer time": "Europe/Berlin",
    "eastern european time": "Europe/Athens", "eastern european summer time": "Europe/Athens",
    "western european time": "Europe/Lisbon", "western european summer time": "Europe/Lisbon",
    "greenwich mean time": "Etc/UTC", "coordinated universal time": "Etc/UTC",
    "universal time": "Etc/UTC", "british summer time": "Europe/London",
    "india standard time": "Asia/Kolkata", "indian standard time": "Asia/Kolkata",
    "japan standard time": "Asia/Tokyo", "korea standard time": "Asia/Seoul",
    "china standard time": "Asia/Shanghai", "singapore standard time": "Asia/Singapore",
    "eastern daylight time": "America/New_York", "eastern standard time": "America/New_York",
    "central daylight time": "America/Chicago", "central standard time": "America/Chicago",
    "mountain daylight time": "America/Denver", "mountain standard time": "America/Denver",
    "pacific daylight time": "America/Los_Angeles", "pacific standard time": "America/Los_Angeles",
    "alaska time": "America/Anchorage", "hawaii time": "Pacific/Honolulu",
    "anywhere on earth": "Etc/GMT+12", "aoe": "Etc/GMT+12",
}  # fmt: skip
_AREAS = frozenset(
    ("africa", "america", "antarctica", "arctic", "asia", "atlantic", "australia", "etc", "europe",
     "indian", "pacific")
)  # fmt: skip
_LITTLE = frozenset(("of", "es", "au"))
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


@lru_cache(maxsize=500)
def iana(name: str) -> str | None:
    """Return the zone that a name in small letters is: "america/new_york"; None for no zone."""
    area, _, rest = name.partition("/")
    if area not in _AREAS or not rest:
        return None
    words = re.split("([_/])", rest)
    cased = "".join(word if word in _LITTLE else word.capitalize() for word in words)
    zone = f"{area.capitalize()}/{cased}"
    try:
        return ZoneInfo(zone).key
    except (KeyError, ValueError, OSError):
        return None


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
