# ruff: noqa: E501  # a rule, or an entry of a word list, is one row however wide
# ruff: noqa: PLR2004  # calendar numbers (12 months, 24 hours, 31 days) read best as digits
"""Stage 2, tokens: one pass of one regular expression, then one table look-up per word."""

import re
from collections.abc import Callable
from datetime import date
from itertools import islice

from service.parsing.engine import Item
from service.parsing.language import Language
from service.parsing.patterns import later
from service.parsing.values import Clock, Fields, Moment, WeekNumber
from service.parsing.zones import ZONES

MOST_ITEMS = 1_500  # words and signs: three pages; a request has about twelve
_PLAIN = r"""
(?P<word>[^\W\d_ap][^\W\d_]*(?:'[^\W\d_]+)*)
|(?P<ampm>[ap]\.?\s?m(?:\.(?!\w)|(?![^\W_])(?!'))|(?<=\d)[ap](?![^\W_])|(?<=\d)[ap]mpm(?![^\W_]))
|(?P<again>'til\b|o'clock\b|b4\b|2(?:moro|morrow|day|nite)\b|[^\W\d_]+(?:'[^\W\d_]+)*)
|(?P<iso>\d{4}-\d{1,2}-\d{1,2}(?!\d)(?:(?:t|\s{1,2})\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?(?!\s?[ap]\.?m))?|\d{8}t\d{4}(?:\d{2}(?:[.,]\d{1,9})?)?(?!\w))
|(?P<isoweek>\d{4}-w\d{2}(?:-\d)?(?!\d))
|(?P<full>\d{4}(?P<s1>[/.])\d{1,2}(?P=s1)\d{1,2}(?![\d/])|\d{1,2}(?P<s2>[/.-])\d{1,2}(?P=s2)(?:\d{4}|\d{2})(?!\d|[/-]\d|\.\d(?!\d?:\d)|:))
|(?P<dotted>(?=\d\d?\.\d)(?:0?[1-9]|[12]\d|3[01])\.(?:0?[1-9]|1[0-2])\.(?!\d))
|(?P<junk>v?\d{1,9}(?:\.\d{1,9}){2,}|\d{3}-\d{3}-\d{4}|(?!\d[0-5][05]-1[0-2][0-5][05])\d{3}-\d{4}(?!\d)|\d{1,3}(?:,\d{3})+(?!\d)|\d+%|\d{9,})
|(?P<clock>\d{1,2}:\d{2}(?!\d)(?::\d{2}(?!\d)(?:\.\d{1,9})?)?)
|(?P<hours>\d{1,2}(?:h\d{2}(?!\d)|\.\d{2}h(?!\w)))
|(?P<hour>\d{1,2}h(?![^\W_]))
|(?P<ord>\d{1,3}(?:st|nd|rd|th)(?![^\W_]))
|(?P<pair>\d{1,2}/\d{1,4}(?![\d/]))
|(?P<decimal>\d{1,6}\.\d{1,4}(?!\d))
|(?P<num>\d+)
|(?P<money>[$\u20ac\u00a3]\s?\d[\d,]{0,12}(?:\.\d{1,2})?k?)
|(?P<ref>\#\w{1,20})
|(?P<sym>[^\s])
"""
_LINK = (
    r"(?P<link>https?://\S{1,500}|www\.\S{1,300}|[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6})|"
)
# At a space one look ends the search; without it each of the alternatives would be tried.
_PLAIN_TOKEN = later(rf"(?=\S)(?:{_PLAIN})", re.VERBOSE)
_LINK_TOKEN = later(rf"(?=\S)(?:{_LINK}{_PLAIN})", re.VERBOSE)
_WEEK = (None, 0, 1, 2, 3, 4, 5, 6)
_SYMBOLS = {
    ",": "comma", "-": "dash", "/": "slash", ".": "stop", ":": "colon", "+": "plus", "&": "and",
    "@": "at", '"': "quote", "'": "quote",
}  # fmt: skip


_SHORT_UNIT = len("wk's")
_SHORTEST_YEAR = 4  # digits; shorter numbers are only numbers
# Most words begin with neither "a" nor "p" and cannot be am or pm; they are tried first.
_WORDS = frozenset(("word", "again"))


# What is counted in figures with full stops.
_NUMBERED = frozenset(
    ("section", "chapter", "version", "part", "figure", "table", "paragraph", "clause", "article",
     "appendix", "release", "exercise", "item", "rule", "page", "step", "build", "python", "v")
)  # fmt: skip


# What reaches across a space: "p m", "$ 5", a date with its time behind it.
_ACROSS = later(r"[ap]\.?\sm(?![^\W_])|\d-\d{1,2}\s|\dt\d|[$\u20ac\u00a3]\s")
_LONGEST_KEPT = 24  # characters of a piece between spaces; what is longer seldom comes again
_MOST_KEPT = 20_000  # far more than ordinary requests need; no text can fill the memory


def tokenise(lower: str, language: Language) -> list[Item]:
    """Return the items of a lower-cased text: words, numbers and signs with their classes.

    At most `MOST_ITEMS` are read, which bounds the work on any text. What stands between two spaces
    is looked at once and then known, unless the text has something that reaches across a space.
    """
    apart = " m" not in lower and "-" not in lower and "$" not in lower and lower.isascii()
    if len(lower) <= MOST_ITEMS and (apart or _ACROSS.search(lower) is None):
        items, doubtful = _known(lower, language)
    else:
        rich = "@" in lower or "://" in lower or "www." in lower
        items, doubtful = _scanned(lower, language, rich=rich)
    for index in doubtful:  # only the words around can tell
        language.settle(items, index)
    if "&" in lower:
        _initials(items)
    return items


def _known(lower: str, language: Language) -> tuple[list[Item], list[int]]:
    """Put the items together from those of each piece between spaces."""
    items: list[Item] = []
    doubtful: list[int] = []
    seen, new = language.seen, tuple.__new__  # half the cost of Item(...)
    at = 0
    for piece in lower.split(" "):
        if piece:
            known = seen.get(piece)
            if known is None:
                known = _learn(piece, language)
            parts, unsure, numbered = known
            if unsure:
                doubtful += [len(items) + index for index in unsure]
            if numbered and items and lower[items[-1].start : items[-1].end] in _NUMBERED:
                (_, start, end, _, _), *parts = parts
                items.append(Item("JUNK", at + start, at + end, piece[start:end]))
            for cls, start, end, value, rule in parts:
                items.append(new(Item, (cls, at + start, at + end, value, rule)))
        at += len(piece) + 1
    return items, doubtful


def _learn(piece: str, language: Language) -> tuple[list[Item], list[int], bool]:
    """Read a piece between spaces, and keep what it holds; the last says that figures begin it."""
    rich = "@" in piece or "://" in piece or "www." in piece
    items, doubtful = _scanned(piece, language, rich=rich)
    first = piece[: items[0].end] if items and items[0].cls == "ISO" else ""
    numbered = not first.isdigit() and (not first[:4].isdigit() or first[4] != "-") and first != ""
    known = items, doubtful, numbered
    if len(piece) <= _LONGEST_KEPT:
        if len(language.seen) >= _MOST_KEPT:
            language.seen.clear()
        language.seen[piece] = known
    return known


def _scanned(lower: str, language: Language, *, rich: bool) -> tuple[list[Item], list[int]]:
    """Return the items of a text, and where those stand that only the words around can tell."""
    pattern = _LINK_TOKEN if rich else _PLAIN_TOKEN
    items: list[Item] = []
    add = items.append
    new = tuple.__new__
    known, unsure = language.sure.get, language.doubtful
    doubtful: list[int] = []
    for match in islice(pattern.finditer(lower), MOST_ITEMS):
        start, end = match.span()
        text = lower[start:end]
        if (entry := known(text)) is not None:
            add(new(Item, (entry[0], start, end, entry[1], "")))
            continue
        kind = match.lastgroup
        if kind == "num" and end - start < _SHORTEST_YEAR:
            add(new(Item, ("NUM", start, end, int(text), "")))
            continue
        if kind in _WORDS:
            cls, value = _word(text, language)
            if text in unsure:
                doubtful.append(len(items))
            add(new(Item, (cls, start, end, value, "")))
        elif kind == "full" and items and lower[items[-1].start : items[-1].end] in _NUMBERED:
            add(Item("JUNK", start, end, text))  # "section 4.2.11"
        else:
            if text in unsure:
                doubtful.append(len(items))
            add(_other(kind or "sym", text, start, end))
    return items, doubtful


def _initials(items: list[Item]) -> None:
    """Make words of the letters in "D&D" and "Q&A", which are no days and no quarters."""
    for index in range(1, len(items) - 1):
        before, sign, after = items[index - 1 : index + 2]
        if sign.cls == "and" and before.end == sign.start and sign.end == after.start:
            for place in (index - 1, index, index + 1):
                items[place] = items[place]._replace(cls="WORD")


def _word(text: str, language: Language) -> tuple[str, object]:
    table = language.words
    entry = table.get(text)
    if entry is not None:
        return entry
    if text[-2:] == "'s" and (entry := table.get(text[:-2])) is not None and entry[0].isupper():
        short = entry[0] == "UNIT" and len(text) <= _SHORT_UNIT  # "at Mo's"
        return ("WORD", text) if short else entry
    zone = ZONES.get(text)
    if zone is not None:
        return "ZONE", zone
    if 6 <= len(text) <= 10 and (entry := language.respell(text)) is not None:
        return entry
    return "WORD", text


def _other(kind: str, text: str, start: int, end: int) -> Item:
    if (reader := _READERS.get(kind)) is not None:
        return reader(text, start, end)
    return Item("LINK" if kind == "link" else "JUNK", start, end, text)


def _symbol(text: str, start: int, end: int) -> Item:
    return Item(_SYMBOLS.get(text, "mark"), start, end, text)


def _ampm(text: str, start: int, end: int) -> Item:
    return Item("AMPM", start, end, "" if "mpm" in text else text[0] + "m")


def _ordinal(text: str, start: int, end: int) -> Item:
    return Item("ORD", start, end, int(text[:-2]))


def _pair(text: str, start: int, end: int) -> Item:
    return Item("PAIR", start, end, tuple(int(n) for n in text.split("/")))


def _decimal(text: str, start: int, end: int) -> Item:
    return Item("DECIMAL", start, end, text)


def _figures(text: str, start: int, end: int) -> Item:
    first, second, third = re.split(r"[/.-]", text)
    if "." in text and len(first) < 3 and 1 <= int(second) <= 12:  # 23.4.2027: the day is first
        return Item("ISO", start, end, (third if len(third) == 4 else f"20{third}", second, first))
    return Item("ISO", start, end, (first, second, third))


def _dotted(text: str, start: int, end: int) -> Item:
    day, month, _ = text.split(".")
    return Item("DOTTED", start, end, Fields(None, int(month), int(day)))


def _hour(text: str, start: int, end: int) -> Item:
    return Item("HOURS", start, end, int(text[:-1]))


def _iso_week(text: str, start: int, end: int) -> Item:
    year, week, *day = (int(n) for n in re.findall(r"\d+", text))
    number = WeekNumber(week, year, day[0] - 1 if day else None)
    cls = "DATE" if 1 <= week <= 53 and number.weekday in _WEEK else "JUNK"
    return Item(cls, start, end, number, "iso-week")


def _number(text: str, start: int, end: int) -> Item:
    cls, value = _figure(text, int(text) if len(text) < 9 else 0)
    return Item(cls, start, end, value)


def _figure(text: str, value: int) -> tuple[str, object]:
    """Tell years, "hhmm" clocks and "yyyymmdd" dates from plain numbers."""
    if len(text) == 4:
        if 1900 <= value <= 2100:
            return "YEAR", value
        if value // 100 < 24 and value % 100 < 60:
            half = "24" if text[0] == "0" or value >= 1300 else ""
            return "HHMM", Clock(value // 100, value % 100, 0, half)
    first, second, third = value // 10000, value // 100 % 100, value % 100
    if len(text) == 6 and first < 24 and second < 60 and third < 60:
        return "HHMM", Clock(first, second, third, "24")
    if len(text) == 8 and 1900 <= first <= 2100 and 1 <= second <= 12 and 1 <= third <= 31:
        return "ISO", (text[:4], text[4:6], text[6:])
    return ("NUM" if len(text) < 5 else "JUNK"), value


def _clock(text: str, start: int, end: int) -> Item:
    hour, minute, *rest = re.split("[:.h]", text.removesuffix("h"))
    exact = "h" in text or (len(hour) == 2 and (hour[0] == "0" or int(hour) > 12))
    second = int(float(rest[0])) if rest else 0
    return Item("CLOCK", start, end, Clock(int(hour), int(minute), second, "24" if exact else ""))


def _iso(text: str, start: int, end: int) -> Item:
    if text[4] != "-":  # the basic form
        date_said, hour = f"{text[:4]}-{text[4:6]}-{text[6:8]}", f"{text[9:11]}:{text[11:13]}"
        text = f"{date_said}t{hour}:{text[13:15] or '00'}"
    parts = re.split(r"[t\s]", text, maxsplit=1)
    year, month, day = (int(n) for n in parts[0].split("-"))
    fields = Fields(year, month, day)
    if len(parts) == 1 or not parts[1].strip():
        return Item("ISO", start, end, (str(year), str(month), str(day)))
    numbers = [int(n) for n in re.findall(r"\d+", parts[1])[:3]]
    clock = Clock(numbers[0], numbers[1], numbers[2] if parts[1].count(":") > 1 else 0, "24")
    if clock.hour > 23 or clock.minute > 59 or not _is_date(year, month, day):
        return Item("JUNK", start, end, text)
    return Item("MOMENT", start, end, Moment(fields, clock), "iso-datetime")


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


_READERS: dict[str, Callable[[str, int, int], Item]] = {
    "num": _number, "sym": _symbol, "ampm": _ampm, "clock": _clock, "hours": _clock, "ord": _ordinal,
    "pair": _pair, "decimal": _decimal, "isoweek": _iso_week, "iso": _iso, "full": _figures,
    "dotted": _dotted, "hour": _hour,
}  # fmt: skip
