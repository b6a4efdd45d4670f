# ruff: noqa: PLR2004  # calendar numbers (24 hours, 60 minutes) read best as digits
"""Stage 1b, offsets: "+02:00", "UTC-3" and "Z" leave the text, and their zone is kept.

They stand where a time stands and would lie between it and what it belongs to ("14:00 UTC+2 to
15:00 UTC+2 on Friday"), so they are taken out before the grammar: spaces take their place, and no
character moves. A minus is the hard part: "14:00-15:00" is a stretch of time, "14:00 -0500" is not.
"""

import re
from functools import cache
from typing import NamedTuple

from service.parsing.offset_names import NAMED, PLACE, SPELT, iana, named_offset
from service.parsing.patterns import later

_MOST = 40  # places are looked at, which bounds the work on any text
_LONGEST = 12 * 60  # minutes; what is longer is rather an offset than a night: "14:00-05:00"
_WEST, _EAST = -12 * 60, 14 * 60  # the offsets there are


class Said(NamedTuple):
    """A zone that was said, and where: an IANA name, minutes east of UTC, or None if unknown.

    `doubt` is "" or a sentence with a gap for the words: what else they may mean.
    """

    start: int
    end: int
    zone: str | int | None
    doubt: str = ""


_CLOCK = r"(?:\d{1,2}:\d\d(?::\d\d(?:[.,]\d{1,9})?)?|\d{6}(?:[.,]\d{1,9})?|\d{4})"
_HALF = r"\s?[ap]\.?\s?m\b\.?"
_NAMES = "|".join(sorted(NAMED, key=len, reverse=True))
_TIME_WORD = (
    r"on|in|at|for|with|every|each|today|tomorrow|next|this"
    r"|(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:days?)?"
)
_COUNTED = "guest|people|person|other|more|min|h(?:ou)?r|day|week|month|year|pax"
_PLAIN = rf"""
    [+-](?:\d\d:\d\d|\d{{4}})(?!\d|[:.]\d|\s?[ap]\.?m\b)
  | [+-]0\d(?!\d|[:.]\d|\s?(?:{_COUNTED}|h\b))
  | [+-]\d(?![\w:.])
  | \+1[0-4](?=\s*(?:$|[,;.!?)/-]|(?:{_TIME_WORD})\b))
"""
# Behind an offset the place that has it is said again: "+0100 (CET)", "+01:00[Europe/Paris]".
_SAME = (
    rf"(?:\s?(?:[(\[](?:{_NAMES}|[a-z]{{4,10}}/[a-z_/]{{2,30}})[)\]]"
    r"|(?:europe|asia|america|africa|australia)/[a-z_/]{2,30}))"
)
# Anywhere in the text: a base makes a number an offset.
_BASED = rf"""
(?P<based>\(?(?<![a-z\d])(?:utc|gmt)
  (?:\s?(?P<sign>[+-])(?=\d)|\s(?P<spoken>\+|plus|minus)\s)
  (?P<amount>\d{{1,2}}(?:\.\d{{1,2}}(?!\d)|:?\d\d)?)(?!\d|:\d|\s?[ap]\.?m\b|\s?(?:utc|gmt)\b)h?\b\)?
  (?:(?P<place>(?<=\))\s{{1,2}}{PLACE})|{_SAME})?)
"""
# After a time of day: an offset without a base, Z, another letter, or a zone before the other end.
_AFTER_CLOCK = rf"""
(?:(?<![\w:.$\#])|(?<=\dt))(?P<clock>{_CLOCK}(?:{_HALF})?|\d{{1,2}}{_HALF})
(?:(?P<gap>\s?)\(?(?P<plain>{_PLAIN})\)?(?P<same>{_SAME})?
  |\s?(?P<zulu>\(?z(?![\w']|-[a-z])\)?)
  |(?P<letter>[b-gi-lnoq-y])(?!\w)
  |\s?(?P<named>\((?:{_NAMES})\)|(?:{_NAMES})(?=\s?(?:-\s|to\b|until\b|and\b)\s?\d|-\d\d?(?::|\s?[ap]\.?m))))
"""
# The base alone, apart from the time: before it, in brackets, or as the last word.
_ALONE = r"""
(?P<alone>\((?:utc|gmt)\)|(?<![\w])(?:utc|gmt)(?=\s\d{1,2}(?::\d\d|\s?[ap]m))
  |(?<![\w])(?:in\s)?(?:utc|gmt)(?=[.!?]?\s*$))
"""
_LONG_NAMES = "|".join(sorted(SPELT, key=len, reverse=True)).replace(" ", r"\s")
# A zone by its name: "Europe/Berlin", "Central European Time", "anywhere on earth".
_SPELT = rf"""
(?P<spelt>[(\[]?(?<![\w/])(?:(?P<iana>[a-z]{{3,10}}/[a-z_]{{2,30}}(?:/[a-z_]{{2,30}})?)
  |{_LONG_NAMES})(?![\w/])(?:\stime\b)?[)\]]?
  (?:\s-\s[a-z]{{3,20}}(?=\s*$))?)
"""
_ANY = f"{_BASED}|{_AFTER_CLOCK}|{_ALONE}|{_SPELT}"
# One look tells nearly every request apart that says none.
_NEAR = later(
    r"[0-9] ?(?:[ap]\.?m\.? ?)?"
    rf"(?:\(?[+-]\d|\(?z\b|[b-gi-lnoq-y]\b|\(?(?:{_NAMES})(?:\)| ?(?:-|to|until|and)))"
)
_NAMES_A_ZONE = later(
    r"utc|gmt|(?:pean|mean|sal|ard|ern|ght|ummer|stern) time|on earth|\baoe\b|[a-z]/[a-z]"
)
_HAS_CLOCK = later(r"\d:\d\d|\d\s?[ap]\.?m\b|\b(?:noon|midnight|midday)\b|\bat \d|\dt\d{4}")
_OTHER_CLOCK = later(r"\d:\d\d|\d\s?[ap]\.?m\b|\dt\d{4}")
_LAST_CLOCK = later(rf"{_CLOCK}(?:{_HALF})?(?=\s?$)")
_BARE_HOUR = later(r"(?<![\d:./-])\d{1,2}\s?$")
_ISO_BEFORE = later(r"\d{4}-?\d\d-?\d\dt$")
_AT_BEFORE = later(r"(?:\b(?:at|by|from|until|till)|@)\s?$")


@cache
def _expression(source: str) -> re.Pattern[str]:
    """Compile one of the long expressions when a text first needs it."""
    return re.compile(source, re.VERBOSE)


def take(lower: str) -> tuple[str, tuple[Said, ...]]:
    """Return the text with spaces for the offsets in it, and what they said, in their order."""
    near = "utc" in lower or "gmt" in lower or "/" in lower or " time" in lower or "on e" in lower
    named = (near or "aoe" in lower) and _NAMES_A_ZONE.search(lower) is not None
    if not named and _NEAR.search(lower) is None:
        return lower, ()
    found: list[Said] = []
    at = 0
    for _ in range(_MOST):
        match = _expression(_ANY).search(lower, at)
        if match is None:
            break
        said = _read(match, lower)
        at = match.end() if said else match.end("clock") if match["clock"] else match.end()
        if said:
            found.append(said)
            lower = _without(lower, match, said)
    return lower, tuple(found)


def _read(match: re.Match[str], lower: str) -> Said | None:
    if match["based"]:
        return _based(match, lower)
    if match["plain"]:
        return _plain(match, lower)
    if match["zulu"]:
        return Said(*match.span("zulu"), "Etc/UTC") if _is_clock(match["clock"]) else None
    if match["named"]:
        based = _expression(_BASED).match(lower, match.start("named"))  # "11:20 UTC-09:30"
        named = NAMED[match["named"].strip("()")]
        return None if based else Said(*match.span("named"), named)
    if match["alone"] or match["spelt"]:
        zone = "Etc/UTC" if match["alone"] else _spelt(match)
        clocked = zone and _HAS_CLOCK.search(lower) is not None
        return Said(*match.span(), zone) if clocked else None
    return _lettered(match, lower)


def _spelt(match: re.Match[str]) -> str | None:
    """Return the zone of "Europe/Berlin" or "Greenwich Mean Time", None for "and/or"."""
    if match["iana"]:
        return iana(match["iana"])
    return SPELT[re.split(r" -|[)\]]", match["spelt"].lstrip("(["))[0].strip()]


def _based(match: re.Match[str], lower: str) -> Said | None:
    """Read "UTC+5:30" and the place that mail programs put after "(UTC+05:30)"."""
    minus = match["sign"] == "-" or match["spoken"] == "minus"
    minutes = _amount(match["amount"], minus=minus)
    start = match.start()
    if minutes is None and minus and _ends_later(match["amount"], lower[:start]):
        return Said(start, match.start("sign"), "Etc/UTC")  # "14:00 UTC-16:00" is a stretch
    if match["place"] and minutes is not None:
        zone = named_offset(match["place"], minutes)
        if zone is not None:
            return Said(start, match.end(), zone)
        return Said(start, match.start("place"), minutes)
    return Said(start, match.end(), minutes)


def _ends_later(amount: str, before: str) -> bool:
    """Say whether a number is rather the end of a stretch from the time before it."""
    clock = _LAST_CLOCK.search(before[-16:])
    if clock is None or "." in amount or not _is_clock(amount):
        return False
    return _clock_minutes(amount) > _clock_minutes(clock[0])


def _plain(match: re.Match[str], lower: str) -> Said | None:
    """Read an offset without a base, unless it is rather the end of a stretch of time."""
    digits, clock = match["plain"][1:], match["clock"]
    iso = _ISO_BEFORE.search(_before(match, lower)) is not None
    exact = iso or clock.count(":") == 2
    if not _is_clock(clock) or not (exact or _may_have_offset(match)):
        return None
    minus = match["plain"][0] == "-"
    minutes = _amount(digits, minus=minus)
    start, end = match.start("plain"), match.end("same" if match["same"] else "plain")
    if minutes is None and re.match(r"[\s-]\d", lower[end:]):
        return None  # "+4930 1234" is a telephone
    mail = ":" in clock and match["gap"] and len(digits) == 4  # "16:00 -0500"
    if not minus or exact or mail:
        return Said(start, end, minutes)
    return _minus(match, minutes, end)


def _before(match: re.Match[str], lower: str) -> str:
    """Return the last characters before the time: no date and no preposition is longer."""
    start = match.start("clock")
    return lower[max(0, start - 11) : start]


def _may_have_offset(match: re.Match[str]) -> bool:
    """Say whether it is no date ("2026-09"), no year and no guest ("19:00 +1")."""
    clock = match["clock"]
    compact = clock.isdigit()
    year = compact and 1900 <= int(clock) <= 2100
    return len(match["plain"]) > 2 and not year and (not compact or bool(match["gap"]))


def _minus(match: re.Match[str], minutes: int | None, end: int) -> Said | None:
    """Tell "22:00-06:00", a night, from "14:00-05:00", which nobody stays for."""
    start = match.start("plain")
    length = _clock_minutes(match["plain"][1:]) - _clock_minutes(match["clock"])
    if match["gap"]:
        if length <= 0:
            return Said(start, end, minutes)
        return None
    if length % 1440 <= _LONGEST or minutes is None:
        return None
    return Said(start, end, minutes, "{} was read as an offset from UTC, not as an end")


def _lettered(match: re.Match[str], lower: str) -> Said | None:
    """Doubt "0900R": a letter of the military's zones, which people also use for rooms."""
    clock = match["clock"]
    if not _is_clock(clock) or len(clock) > 5:
        return None
    led = clock[0] == "0" or _AT_BEFORE.search(_before(match, lower))
    if ":" not in clock and (not led or _OTHER_CLOCK.search(lower)):
        return None
    return Said(match.start("clock"), match.end(), None)


def _without(lower: str, match: re.Match[str], said: Said) -> str:
    """Blank what was said; "0900z" becomes "09:00", which is as long and surely a time."""
    start, end = said[:2]
    if match["zulu"] or match["letter"]:
        begin, start = match.start("clock"), match.end("clock")
        if start - begin == 4 and end - start == 1:
            return f"{lower[: begin + 2]}:{lower[begin + 2 : start]}{lower[end:]}"
    if match["based"] and _BARE_HOUR.search(lower, max(0, start - 4), start):
        start = match.start("sign" if match["sign"] else "spoken")  # "15 UTC" is a time by its zone
    after = lower[end:]
    if after[:1] == "/" and after[1:5].isdigit():  # ISO 8601's interval
        after = "-" + after[1:]
    return f"{lower[:start]}{' ' * (end - start)}{after}"


def _amount(text: str, *, minus: bool) -> int | None:
    """Return an offset in minutes east of UTC, or None where no zone has such a one."""
    if "." in text:
        minutes = round(float(text) * 60)
    else:
        digits = text.replace(":", "")
        hours, rest = (digits, "0") if len(digits) < 3 else (digits[:-2], digits[-2:])
        minutes = int(hours) * 60 + int(rest)
        if int(rest) > 59:
            return None
    minutes = -minutes if minus else minutes
    return minutes if _WEST <= minutes <= _EAST and minutes % 15 == 0 else None


def _is_clock(text: str) -> bool:
    numbers = [int(n) for n in re.findall(r"\d\d?", text)[:2]] if ":" in text else _split(text)
    return numbers[0] < 24 and numbers[-1] < 60


def _split(text: str) -> list[int]:
    digits = re.match(r"\d+", text)
    number = digits[0] if digits else "99"
    return [int(number)] if len(number) < 3 else [int(number[:2]), int(number[2:4])]


def _clock_minutes(text: str) -> int:
    """Return the minutes of a time of day since midnight."""
    numbers = [int(n) for n in re.findall(r"\d\d?", text)[:2]] if ":" in text else _split(text)
    hour, minute = numbers[0], numbers[1] if len(numbers) > 1 else 0
    half = re.search("[ap]", text)
    if half:
        hour = hour % 12 + (12 if half[0] == "p" else 0)
    return hour * 60 + minute
