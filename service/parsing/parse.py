"""From a text to a decision, one stage after the other."""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from service.parsing.model import Decision, Event, Intent, Preferences

DEFAULTS = Preferences()
DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_DAY = r"(?P<day>monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
_CLOCK = re.compile(r"\b(?:at\s+)?(?P<h>\d{1,2})(?::(?P<m>\d\d))?\s?(?P<ap>[ap]m)\b|\b(?:at\s+)?(?P<h24>\d{1,2}):(?P<m24>\d\d)\b|\b(?P<noon>noon|midnight)\b", re.I)
_LENGTH = re.compile(r"\bfor\s+(?P<n>\d+|an?|half an)\s*(?P<u>minute|min|hour|hr|h)s?\b", re.I)
_RULE = re.compile(rf"\b(?:every\s+(?:{_DAY}|(?P<unit>day|week|month|year|weekday))s?|(?P<adv>daily|weekly|monthly|yearly))\b", re.I)
_DATES: tuple[tuple[re.Pattern[str], Callable[[re.Match[str], date], date | None]], ...] = ()


def _iso(m: re.Match[str], _: date) -> date | None:
    try:
        return date(int(m["y"]), int(m["mo"]), int(m["d"]))
    except ValueError:
        return None


def _relative(m: re.Match[str], today: date) -> date:
    return today + timedelta(days={"today": 0, "tonight": 0, "tomorrow": 1, "yesterday": -1}[m[0].lower()])


def _weekday(m: re.Match[str], today: date) -> date:
    ahead = (DAYS.index(m["day"].lower()) - today.weekday()) % 7
    return today + timedelta(days=ahead or 7)


def _month_day(m: re.Match[str], today: date) -> date | None:
    month = MONTHS.index(m["mon"].lower()) + 1
    for year in (today.year, today.year + 1):
        try:
            day = date(int(m["y"] or year), month, int(m["d"]))
        except ValueError:
            return None
        if day >= today or m["y"]:
            return day
    return None


_DATES = (
    (re.compile(r"\b(?:on\s+)?(?P<y>\d{4})-(?P<mo>\d\d)-(?P<d>\d\d)\b"), _iso),
    (re.compile(r"\b(?:today|tonight|tomorrow|yesterday)\b", re.I), _relative),
    (re.compile(rf"\b(?:on\s+)?(?P<mon>{'|'.join(MONTHS)})[a-z]*\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:,?\s+(?P<y>\d{{4}}))?\b", re.I), _month_day),
    (re.compile(rf"\b(?:on\s+|next\s+|this\s+)?{_DAY}\b", re.I), _weekday),
)


def parse(text: str, *, now: datetime, zone: ZoneInfo, preferences: Preferences = DEFAULTS) -> Decision:
    """Return what `text` asks of a calendar, seen from `now` in `zone`."""
    today, rest = now.astimezone(zone).date(), text
    rule, rest = _recurrence(rest)
    length, rest = _duration(rest)
    day: date | None = None
    for pattern, read in _DATES:
        if (m := pattern.search(rest)) and (day := read(m, today)):
            rest = rest[: m.start()] + rest[m.end() :]
            break
    clock, rest = _time(rest)
    who = re.search(r"\bwith\s+([A-Z]\w+(?:(?:,\s*|\s+and\s+)[A-Z]\w+)*)", rest)
    rest = rest.replace(who[0], "") if who else rest
    where = re.search(r"\b(?:at|in)\s+((?:the\s+)?[\w' ]+?)\s*$", rest)
    rest = rest.replace(where[0], "") if where else rest
    start, end = _span(day, clock, length, today, zone, preferences, repeats=rule is not None)
    title = re.sub(r"\s+", " ", re.sub(r"^(?:please\s+)?(?:set up|schedule|create|add|book|make)\s+(?:an?\s+|the\s+|my\s+)?", "", rest.strip(), flags=re.I)).strip(" .,")
    intent: Intent = "create" if start else "none"
    event = Event(title, start, end, start is not None and not isinstance(start, datetime), zone.key, rule,
                  where[1] if where else None, tuple(re.split(r",\s*|\s+and\s+", who[1])) if who else ())
    sure = 0.8 if start else 0.1
    return Decision(event, sure, MappingProxyType({"start": sure}), intent, problems=() if start else ("no date or time found",))


def _recurrence(text: str) -> tuple[str | None, str]:
    if not (m := _RULE.search(text)):
        return None, text
    rest = text[: m.start()] + text[m.end() :]
    if m["day"]:
        return f"FREQ=WEEKLY;BYDAY={CODES[DAYS.index(m['day'].lower())]}", rest
    unit = (m["unit"] or m["adv"]).lower()
    if unit == "weekday":
        return "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", rest
    return "FREQ=" + {"da": "DAILY", "we": "WEEKLY", "mo": "MONTHLY", "ye": "YEARLY"}[unit[:2]], rest


def _duration(text: str) -> tuple[timedelta | None, str]:
    if not (m := _LENGTH.search(text)):
        return None, text
    n = {"a": 1.0, "an": 1.0, "half an": 0.5}.get(m["n"].lower()) or float(m["n"])
    minutes = n * (60 if m["u"].lower().startswith("h") else 1)
    return timedelta(minutes=minutes), text[: m.start()] + text[m.end() :]


def _time(text: str) -> tuple[tuple[int, int] | None, str]:
    m = _CLOCK.search(text)
    if not m:
        return None, text
    if m["noon"]:
        clock = (12 if m["noon"].lower() == "noon" else 0, 0)
    elif m["h24"]:
        clock = (int(m["h24"]), int(m["m24"]))
    else:
        clock = (int(m["h"]) % 12 + (12 if m["ap"].lower() == "pm" else 0), int(m["m"] or 0))
    if clock[0] > 23 or clock[1] > 59:
        return None, text
    return clock, text[: m.start()] + text[m.end() :]


def _span(day: date | None, clock: tuple[int, int] | None, length: timedelta | None, today: date, zone: ZoneInfo, preferences: Preferences, *, repeats: bool) -> tuple[datetime | date | None, datetime | date | None]:
    if day is None and clock is None and not repeats:
        return None, None
    day = day or today
    if clock is None:
        return day, day + timedelta(days=1)
    start = datetime(day.year, day.month, day.day, *clock, tzinfo=zone)
    return start, start + (length or timedelta(minutes=preferences.default_minutes))
