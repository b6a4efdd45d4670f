"""Which IANA zone is meant by a name that other programs give it.

Names come as IANA's, as Windows', with a vendor's prefix before either, or as what Outlook shows to
people: "(UTC+01:00) Amsterdam, Berlin". The table of Windows' names is CLDR's windowsZones, as the
icalendar library has it; CLDR's own file has some that Windows no longer uses.
"""

import re
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import Final
from unicodedata import combining, normalize
from zoneinfo import ZoneInfo, available_timezones

from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

_RETIRED: Final = {
    "Armenian Standard Time": "Asia/Yerevan",
    "Kamchatka Standard Time": "Asia/Kamchatka",
    "Mexico Standard Time": "America/Mexico_City",
    "Mexico Standard Time 2": "America/Chihuahua",
    "Mid-Atlantic Standard Time": "Etc/GMT+2",
}
WINDOWS: Final = {name.casefold(): zone for name, zone in {**WINDOWS_TO_OLSON, **_RETIRED}.items()}
_SHOWN: Final = re.compile(
    r"\((?:UTC|GMT)\s*(?:([+-])(\d\d?)[:.]?(\d\d)?)?\)\s*(\S.*)", re.IGNORECASE
)
_OFFSET: Final = re.compile(r"(?:UTC|GMT)?\s*([+-])(\d\d?)(?::?(\d\d))?(?::?00)?", re.IGNORECASE)
_LONGEST: Final = 200

_PLACES: Final = {  # that Windows shows alone, after which IANA names no zone
    "alaska": "America/Anchorage", "arizona": "America/Phoenix", "astana": "Asia/Almaty",
    "brasilia": "America/Sao_Paulo", "cabo verde is": "Atlantic/Cape_Verde",
    "city of buenos aires": "America/Argentina/Buenos_Aires", "ekaterinburg": "Asia/Yekaterinburg",
    "hawaii": "Pacific/Honolulu", "sri jayawardenepura": "Asia/Colombo",
    "west central africa": "Africa/Lagos",
}  # fmt: skip


@lru_cache(maxsize=1024)
def zone_named(tzid: str) -> str | None:
    """Return the IANA name of what a TZID names, None when the name alone does not say it."""
    name = " ".join(tzid[:_LONGEST].strip().strip("\"'").split())
    return _known(name) or _behind_prefix(name) or _shown(name) or _fixed(name)


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return every name of the IANA database that is a zone wherever the service runs."""
    return frozenset(available_timezones()) - {"localtime", "Factory", "posixrules"}


def _known(name: str) -> str | None:
    if name in zone_names():
        return name
    folded = name.casefold()
    return WINDOWS.get(folded) or _folded().get(folded.replace(" ", "_"))


@lru_cache(maxsize=1)
def _folded() -> dict[str, str]:
    """Return every IANA name by its letters, however large."""
    return {name.casefold(): name for name in sorted(zone_names()) if "/" in name}


def _behind_prefix(name: str) -> str | None:
    """Return the zone at the end of a path, such as /mozilla.org/20050126_1/Europe/Berlin."""
    if not name.startswith("/") and "://" not in name:
        return None
    parts = name.strip("/").split("/")
    endings = ("/".join(parts[begin:]) for begin in range(len(parts)))
    return next(filter(None, map(_known, endings)), None)


def _shown(name: str) -> str | None:
    """Return the zone of a text that people are shown: an offset, then cities or a region."""
    found = _SHOWN.fullmatch(name)
    if found is None:
        return None
    sign, hours, minutes, places = found.groups()
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    offset = -offset if sign == "-" else offset
    if places.casefold() in {"coordinated universal time", "utc"}:
        return "UTC"
    region = re.sub(r"\s*\((?!Mexico)[^)]*\)", "", places)
    region = re.sub(r"\bTime\b", "Standard Time", region)
    regions = (WINDOWS.get(text.casefold()) for text in (region, f"{region} Standard Time"))
    cities = filter(None, map(_city, re.split(r"[,/;]", places)))
    known = sorted(cities, key=lambda zone: zone not in WINDOWS.values())  # Windows' own first
    fitting = (zone for zone in (*regions, *known) if zone and _standard_offset(zone) == offset)
    return next(fitting, None)


def _city(name: str) -> str | None:
    plain = "".join(c for c in normalize("NFKD", name.strip().rstrip(".")) if not combining(c))
    folded = plain.casefold()
    return _PLACES.get(folded) or _cities().get(folded.replace(" ", "_"))


@lru_cache(maxsize=1)
def _cities() -> dict[str, str]:
    """Return the zone of every city that IANA names a zone of a continent after."""
    areas = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Pacific/")
    names = sorted(name for name in zone_names() if name.startswith(areas))
    return {name.rpartition("/")[2].casefold(): name for name in names}


def _standard_offset(zone: str) -> timedelta:
    """Return the offset of a zone without daylight saving, as of this edition of the names."""
    offsets = [
        datetime(2024, month, 1, tzinfo=UTC).astimezone(ZoneInfo(zone)).utcoffset()
        for month in (1, 7)
    ]
    return min(offset or timedelta(0) for offset in offsets)


def has_no_zone(name: str) -> str:
    """Return why a bare offset is no zone, to be added to a refusal; "" for any other name."""
    found = _OFFSET.fullmatch(name.strip("()"))
    return "" if found is None else ", for IANA has no zone of this offset alone"


def _fixed(name: str) -> str | None:
    """Return the zone of a bare offset in whole hours; IANA's signs are the other way round."""
    found = _OFFSET.fullmatch(name.strip("()"))
    if found is None or name.casefold() in WINDOWS or int(found[3] or 0):
        return None
    hours = int(found[2])
    return _known(f"Etc/GMT{'-' if found[1] == '+' else '+'}{hours}") if hours else "UTC"
