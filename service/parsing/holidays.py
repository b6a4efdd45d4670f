# ruff: noqa: E501  # a rule, or an entry of a word list, is one row however wide
"""Holidays by name and by rule: fixed dates, nth weekdays, and days counted from Easter."""

from datetime import date, timedelta

from service.parsing import other_calendars
from service.parsing.engine import Item
from service.parsing.patterns import later
from service.parsing.sieve import Sieve
from service.parsing.values import Holiday

# The month and day of each.
_FIXED = {
    "orthodox christmas": (1, 7), "nowruz": (3, 21),
    "new year": (1, 1), "epiphany": (1, 6), "groundhog day": (2, 2), "valentine": (2, 14),
    "pi day": (3, 14), "ides of march": (3, 15), "st patrick": (3, 17), "april fools": (4, 1), "earth day": (4, 22),
    "may day": (5, 1), "star wars day": (5, 4), "cinco de mayo": (5, 5), "harvey milk day": (5, 22),
    "flag day": (6, 14), "juneteenth": (6, 19), "canada day": (7, 1), "independence day": (7, 4),
    "bastille day": (7, 14), "purple heart day": (8, 7), "assumption": (8, 15),
    "womens equality day": (8, 26), "halloween": (10, 31), "all saints day": (11, 1),
    "all souls day": (11, 2), "guy fawkes": (11, 5), "veterans day": (11, 11),
    "st nicholas": (12, 6), "christmas eve": (12, 24), "christmas": (12, 25), "boxing day": (12, 26),
    "kwanzaa": (12, 26), "new years eve": (12, 31), "anzac day": (4, 25), "australia day": (1, 26),
    "womens day": (3, 8), "st george": (4, 23), "st andrew": (11, 30), "st david": (3, 1),
    "burns night": (1, 25), "liberation day": (5, 5), "german unity day": (10, 3), "day of the dead": (11, 2),
    "republic day": (1, 26), "inauguration day": (1, 20), "teachers day": (10, 5), "childrens day": (11, 20),
    "tax day": (4, 15), "d-day": (6, 6), "pearl harbor day": (12, 7),
    "spring equinox": (3, 20), "summer solstice": (6, 21), "autumn equinox": (9, 22),
    "winter solstice": (12, 21), "patriot day": (9, 11), "lincolns birthday": (2, 12), "stephens day": (12, 26), "walpurgis": (4, 30),
}  # fmt: skip
# Month, weekday (0 to 6) and which one of the month; -1 is the last.
_NTH = {
    "mlk day": (1, 0, 3), "presidents day": (2, 0, 3), "mothers day": (5, 6, 2), "memorial day": (5, 0, -1),
    "fathers day": (6, 6, 3), "labor day": (9, 0, 1), "columbus day": (10, 0, 2), "thanksgiving": (11, 3, 4),
    "canadian thanksgiving": (10, 0, 2), "super bowl": (2, 6, 2), "armed forces day": (5, 5, 3),
    "arbor day": (4, 4, -1), "last saturday of april": (4, 5, -1),
    "bank holiday": (8, 0, -1),
}  # fmt: skip
# name: days after Easter Sunday
_EASTER = {
    "mardi gras": -47, "ash wednesday": -46, "palm sunday": -7, "maundy thursday": -3,
    "good friday": -2, "mothering sunday": -21, "easter eve": -1, "easter saturday": -1, "easter sunday": 0, "holy saturday": -1, "easter": 0, "easter monday": 1, "ascension day": 39,
    "pentecost": 49, "whit monday": 50, "trinity sunday": 56, "corpus christi": 60,
}  # fmt: skip
# Another day of a rule, and so many days after it.
_AFTER = {
    "black friday": ("thanksgiving", 1),
    "cyber monday": ("thanksgiving", 4),
    "small business saturday": ("thanksgiving", 2),
    "giving tuesday": ("thanksgiving", 5),
    "grandparents day": ("labor day", 6),
    "administrative day": ("last saturday of april", -3),
}  # in its last whole week
# Days that a law puts where no table has a place for them.
_BY_LAW = ("election day", "victoria day")
_ALSO = {
    "new years": "new year", "new years day": "new year", "new year day": "new year", "new year's day": "new year",
    "new year eve": "new years eve", "nye": "new years eve", "valentines": "valentine", "valentines day": "valentine",
    "valentine day": "valentine", "st valentines day": "valentine", "st patricks day": "st patrick",
    "saint patricks day": "st patrick", "st paddys day": "st patrick", "saint patrick": "st patrick",
    "st patricks": "st patrick", "saint patricks": "st patrick", "st patrick day": "st patrick", "saint patrick day": "st patrick",
    "april fools day": "april fools", "april fool day": "april fools", "all fools day": "april fools",
    "4th of july": "independence day", "fourth of july": "independence day", "july 4th holiday": "independence day",
    "xmas": "christmas", "xmas eve": "christmas eve", "christmas day": "christmas", "x-mas": "christmas", "xmas day": "christmas",
    "martin luther king day": "mlk day", "martin luther king jr day": "mlk day", "mlk": "mlk day",
    "martin luther king junior day": "mlk day", "washingtons birthday": "presidents day", "president day": "presidents day",
    "mother day": "mothers day", "father day": "fathers day", "labour day": "labor day", "thanksgiving day": "thanksgiving",
    "turkey day": "thanksgiving", "easter sunday": "easter", "easter day": "easter", "shrove tuesday": "mardi gras",
    "fat tuesday": "mardi gras", "whitsun": "pentecost", "halloween night": "halloween", "hallowe'en": "halloween",
    "all hallows eve": "halloween", "all saints": "all saints day", "all hallows": "all saints day", "all souls": "all souls day",
    "veteran day": "veterans day", "remembrance day": "veterans day", "armistice day": "veterans day",
    "st stephens day": "stephens day", "international womens day": "womens day", "guy fawkes night": "guy fawkes",
    "guy fawkes day": "guy fawkes", "bonfire night": "guy fawkes", "superbowl sunday": "super bowl", "super bowl sunday": "super bowl",
    "indigenous peoples day": "columbus day", "groundhogs day": "groundhog day", "ground hog day": "groundhog day",
    "international workers day": "may day", "workers day": "may day", "may the fourth": "star wars day",
    "ascension": "ascension day", "all saint day": "all saints day", "freedom day": "juneteenth", "st nicholas day": "st nicholas",
    "st georges day": "st george", "st andrews day": "st andrew", "st davids day": "st david", "day of the dead": "day of the dead",
    "fall equinox": "autumn equinox", "administrative professionals day": "administrative day",
    "vday": "valentine", "v-day": "valentine", "yuandan": "new year", "teacher day": "teachers day", "children day": "childrens day",
    "us independence day": "independence day", "american independence day": "independence day",
}  # fmt: skip


def _names() -> dict[str, list[tuple[tuple[str, ...], str]]]:
    names: dict[str, list[tuple[tuple[str, ...], str]]] = {}
    every = {name: name for table in (_FIXED, _NTH, _EASTER, _AFTER, _BY_LAW) for name in table}
    every |= {name: name for name in other_calendars.NAMES} | other_calendars.ALSO | _ALSO
    for said, name in every.items():
        words = tuple(said.replace("-", " - ").split())  # as the tokens are
        names.setdefault(words[0], []).append((words, name))
    for choices in names.values():
        choices.sort(key=lambda choice: -len(choice[0]))
    return names


_BY_FIRST_WORD = _names()
_FIRST_WORDS = frozenset(_BY_FIRST_WORD) | {f"{word}s" for word in _BY_FIRST_WORD}
# Classes that the name of a holiday can begin with.
_MAY_BEGIN = frozenset(
    ("WORD", "MONTH", "ORD", "WEEKDAY", "NEXT", "MEAL", "UNIT", "ordnoun", "times", "all", "SEASON")
)


# Their new years come by the moon or by an office; no rule here knows them.
_OTHER_YEARS = frozenset(("islamic", "hijri", "persian", "fiscal", "school", "tax"))


def _may_name_one(piece: str) -> bool:
    """Say whether a piece of a text may hold the first word of a holiday's name."""
    words = _WORD.findall(piece)
    return not _FIRST_WORDS.isdisjoint([*words, *[word.replace("'", "") for word in words]])


_WORD = later(r"[^\W\d_]+(?:'[^\W\d_]+)*|(?<!\d)\d+[^\W\d_]+")
_FESTIVE = Sieve(_may_name_one)


def mark(items: list[Item], lower: str) -> list[Item]:
    """Return the items with each holiday's words joined into one HOLIDAY item."""
    if _FESTIVE.is_free(lower.split()):
        return items
    for item in items:
        if item.cls not in _MAY_BEGIN:
            continue
        value = lower[item.start : item.end]
        if value in _FIRST_WORDS or ("'" in value and value.replace("'", "") in _FIRST_WORDS):
            return _mark(items, lower)
    return items


def _mark(whole: list[Item], lower: str) -> list[Item]:
    items = [
        i
        for n, i in enumerate(whole)
        if not (i.cls == "quote" and n and i.value == "'" and whole[n - 1].end == i.start)
        and not (
            i.cls == "stop" and n and lower[whole[n - 1].start : whole[n - 1].end] in ("st", "jr")
        )
    ]
    words = [lower[i.start : i.end].replace("'", "") for i in items]
    done: list[Item] = []
    at = 0
    while at < len(items):
        name, size = _at(words, at)
        if name == "new year" and at and words[at - 1] in _OTHER_YEARS:
            size = 0
        if size:
            done.append(
                Item("HOLIDAY", items[at].start, items[at + size - 1].end, Holiday(name), "holiday")
            )
            at += size
        else:
            done.append(items[at])
            at += 1
    return done if any(item.cls == "HOLIDAY" for item in done) else whole


def _at(words: list[str], at: int) -> tuple[str, int]:
    for first in (words[at], words[at][:-1]) if words[at].endswith("s") else (words[at],):
        for choice, name in _BY_FIRST_WORD.get(first, ()):
            size = len(choice)
            heard = tuple(words[at : at + size])
            if heard[1:] == choice[1:] or (
                size > 1
                and [w.rstrip("s") for w in heard[1:]] == [w.rstrip("s") for w in choice[1:]]
            ):
                return name, size
    return "", 0


# The day on which a season begins in the sky.
SEASONS = {
    "spring": "spring equinox", "summer": "summer solstice", "autumn": "autumn equinox",
    "winter": "winter solstice",
}  # fmt: skip


def easter(year: int) -> date:
    """Return Western Easter Sunday (the anonymous Gregorian algorithm)."""
    a, b, c = year % 19, year // 100, year % 100
    d, e = divmod(b, 4)
    f = (b + 8) // 25
    g = (b - f + 1) // 3
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, day = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, day + 1)


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    """Return the nth (negative: from the end) weekday of a month."""
    if n > 0:
        first = date(year, month, 1)
        return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))
    after = date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)
    return after - timedelta(days=(after.weekday() - weekday) % 7 + 7 * (-n - 1))


def yearly(name: str) -> tuple[tuple[str, str], ...] | None:
    """Return the RFC 5545 parts of a holiday that one rule can say, else None."""
    if name in _FIXED:
        month, day = _FIXED[name]
        return (("BYMONTH", str(month)), ("BYMONTHDAY", str(day)))
    if name in _NTH:
        month, weekday, n = _NTH[name]
        return (
            ("BYDAY", f"{n}{('MO', 'TU', 'WE', 'TH', 'FR', 'SA', 'SU')[weekday]}"),
            ("BYMONTH", str(month)),
        )
    return None


def on(name: str, year: int) -> date:
    """Return the day of a holiday in `year`."""
    if name in _FIXED:
        return date(year, *_FIXED[name])
    if name in _NTH:
        month, weekday, n = _NTH[name]
        return nth_weekday(year, month, weekday, n)
    if name in _EASTER:
        return easter(year) + timedelta(days=_EASTER[name])
    if name in other_calendars.NAMES:
        return other_calendars.on(name, year)
    return _after_another(name, year)


def _after_another(name: str, year: int) -> date:
    if name == "election day":
        return nth_weekday(year, 11, 0, 1) + timedelta(days=1)
    if name == "victoria day":  # the Monday before May 25th
        return date(year, 5, 24) - timedelta(days=date(year, 5, 24).weekday())
    base, days = _AFTER[name]
    return on(base, year) + timedelta(days=days)
