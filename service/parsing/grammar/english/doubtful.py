"""Words that are only sometimes a month, a weekday or a part of the day: "may", "march", "sun"."""

from itertools import pairwise

from service.parsing.doubts.vocabulary import NUMBERED
from service.parsing.engine import Item

_BEFORE = frozenset(
    ("on", "NEXT", "THIS", "LAST", "FOLLOWING", "every", "COMING", "past", "until", "from", "to",
    "dash", "slash", "of", "by", "past", "NUM", "ORD",
     "SECOND", "in", "WEEKDAY", "MONTH", "before", "after", "FREQ", "SMALL", "TENS", "TEEN",
     "between", "early", "late", "DATE", "ISO", "AMPM", "CLOCK", "NOON", "since", "plus",
     "DECIMAL", "HHMM")
)  # fmt: skip
_AFTER = frozenset(
    (
        "at",
        "before",
        "slash",
        "NUM",
        "CLOCK",
        "dash",
        "PART",
        "from",
        "WEEKDAY",
        "MONTH",
        "ORD",
        "YEAR",
        "between",
        "UNIT",
        "AMPM",
        "PAIR",
        "ISO",
        "DOTTED",
        "colon",
        "plus",
        "NOON",
        "HHMM",
        "DECIMAL",
        "HOURS",
    )
)
_DAYS = frozenset(("WEEKDAY", "DAY", "MONTH", "PAIR", "ISO", "TONIGHT", "ORD", "PLURALDAY"))
_WRITTEN = frozenset(("CLOCK", "HHMM", "DECIMAL", "HOURS", "AMPM"))
_MONTHLY_BEFORE = frozenset(
    (
        "in",
        "during",
        "over",
        "since",
        "of",
        "NEXT",
        "THIS",
        "LAST",
        "COMING",
        "every",
        "until",
        "from",
        "to",
        "dash",
        "by",
        "NUM",
        "ORD",
        "SECOND",
        "early",
        "late",
        "middle",
        "before",
        "after",
        "slash",
        "between",
        "WEEKDAY",
        "SMALL",
        "TENS",
        "TEEN",
        "end",
        "start",
    )
)
_MONTHLY_AFTER = frozenset(
    ("NUM", "ORD", "YEAR", "SMALL", "TENS", "TEEN", "SECOND", "dash", "to", "until", "slash")
)


_WITH_NIGHTS = frozenset(("WEEKDAY", "PLURALDAY", "weekday", "weekdays", "weekends"))


_NAMES = (4, 6, 8)  # April, June and August are people only after these words
_BEFORE_A_NAME = frozenset(
    ("with", "invite", "call", "meet", "ask", "tell", "email", "text", "see", "remind", "phone",
     "ring", "message", "ping", "friend", "sister", "brother", "cousin", "colleague", "aunt",
     "auntie", "boss", "neighbour", "neighbor", "wife", "girlfriend", "daughter", "niece",
     "uncle", "dr", "mr", "visit", "help", "drive", "join", "thank")
)  # fmt: skip
_LEADING_TO_A_NAME = frozenset(
    ("and", "slash", "for", "to", "of", "my", "comma", "at", "from", "or")
)
_BEFORE_A_QUESTION = frozenset(("", "comma", "stop", "mark", "and", "DAY", "WEEKDAY"))
_TWO_LETTERS = 2  # "tu", "th"
_FIGURES = frozenset(("CLOCK", "HHMM", "DECIMAL", "PAIR", "ISO", "DOTTED", "HOURS"))
_AFTER_TOMORROW = frozenset(("at", "CLOCK", "NUM", "HHMM", "PART", "NOON", "around", "by"))


def settle(items: list[Item], index: int) -> None:
    """Turn "may", "march", "sun", "mon" … into plain words unless a neighbour says otherwise."""
    item = items[index]
    around = [_class_at(items, index + step) for step in (-2, -1, 1, 2)]
    _, before, after, _ = around
    if item.cls == "UNIT":
        items[index] = item._replace(cls=_class_of_unit(items, index))
        return
    if item.cls in ("AMPM", "DAY"):
        if (_is_verb if item.cls == "AMPM" else _is_name)(items, index):
            items[index] = item._replace(cls="WORD")
        return
    if item.cls == "MONTH" and item.value in _NAMES:
        if after not in _MONTHLY_AFTER and index and _is_a_person(items, index):
            items[index] = item._replace(cls="WORD")
        return
    if item.cls == "WEEKDAY" and item.end - item.start == _TWO_LETTERS:
        if after not in _FIGURES or before == "NUM":
            items[index] = item._replace(cls="WORD")
        return
    good = _is_month(*around) if item.cls == "MONTH" else _is_weekday(*around)
    if after in ("to", "until"):
        good = good or around[3] == item.cls
    good = good or ((before, after, item.cls) == ("WORD", "", "WEEKDAY") and _is_the_day(items))
    if not good and (before or after):
        items[index] = item._replace(cls="WORD")


def _is_a_person(items: list[Item], index: int) -> bool:
    """Say whether April, June or August is met: "call April", "with April and June"."""
    if items[index - 1].value in _BEFORE_A_NAME:
        return True
    joined = index > 1 and items[index - 1].cls in ("and", "comma")
    return joined and items[index - 2].cls == "WORD" and items[index - 2].value in _NAMES


def _class_of_unit(items: list[Item], index: int) -> str:
    """Return the class of "nights" and of "w" and "y" beside their neighbours."""
    item, before = items[index], _class_at(items, index - 1)
    if item.end - item.start > 1:  # "Monday nights", not "two nights"
        return "PARTS" if before in _WITH_NIGHTS else "UNIT"
    at_the_y = before in ("the", "at")  # "swim at the Y", not "5 y"
    named = before == "WORD" and (
        _class_at(items, index + 1) == "WORD" or items[index - 1].value in NUMBERED
    )  # "project W kickoff", "room W 3"
    return "WORD" if at_the_y or named or _is_with(items, index) else "UNIT"


def _is_with(items: list[Item], index: int) -> bool:
    """Say whether "w" stands in "w/ Bob", not in "w/c May 3"."""
    follows = items[index + 1 : index + 3]
    joined = [other.cls for other in follows] in (["slash", "WORD"], ["slash", "DAY"])
    return joined and follows[1].start > follows[0].end


def _is_verb(items: list[Item], index: int) -> bool:
    """Take the "am" of "tomorrow, am I free" for a verb, not that of "at 9 am I leave"."""
    before, after = _class_at(items, index - 1), _class_at(items, index + 1)
    return before in _BEFORE_A_QUESTION and after == "WORD" and items[index + 1].value == "i"


def _is_name(items: list[Item], index: int) -> bool:
    """Take the "tom" of "call tom at 3pm" for a name, not that of "tom at 3pm"."""
    after = _class_at(items, index + 1)
    return after not in _AFTER_TOMORROW or not index or _leads_to_a_name(items[index - 1])


def _leads_to_a_name(item: Item) -> bool:
    """Say whether somebody is named behind an item: the "w" of "w tom" is no week."""
    if item.value in _BEFORE_A_NAME or item.cls in _LEADING_TO_A_NAME:
        return True
    return item.cls in ("WORD", "UNIT") and item.end - item.start == 1


def _is_the_day(items: list[Item]) -> bool:
    """Take the last word of "dinner at 8 with Kofi sat" for the day, as nothing else says one."""
    classes = [item.cls for item in items[:-1]]
    at_an_hour = any(pair == ("at", "NUM") for pair in pairwise(classes))
    return (at_an_hour or not _WRITTEN.isdisjoint(classes)) and _DAYS.isdisjoint(classes)


def _class_at(items: list[Item], index: int) -> str:
    return items[index].cls if 0 <= index < len(items) else ""


def _is_month(earlier: str, before: str, after: str, later: str) -> bool:
    good = before in _MONTHLY_BEFORE or after in _MONTHLY_AFTER
    if before in ("stop", "PAIR") and after != "WORD":  # "3.-6. may", "16/17 may"
        good = good or before == "PAIR" or earlier == "NUM"
    if before == "to" and after in ("in", "for", "past", "the", "on"):
        good = False  # "remind me to march in the parade"
    if before in ("and", "or", "comma"):
        good = good or earlier == "MONTH"
    if after == "and":
        good = good or later == "MONTH"
    if after == "of":
        good = good or later in ("NEXT", "LAST", "THIS")
    elif before == "":
        good = good or after in ("NEXT", "LAST", "THIS")
    if after == "the":
        good = later in ("ORD", "SECOND", "TENS")
    if after in ("stop", "comma"):
        good = good or later in ("NUM", "ORD", "YEAR")
    return good


def _is_weekday(earlier: str, before: str, after: str, later: str) -> bool:
    good = before in _BEFORE or after in _AFTER or (not before and after in ("", "comma", "stop"))
    if after == "in":
        good = good or later in ("the", "PART")
    if before == "MEAL":
        good = good or after in ("with", "in", "WORD", "comma", "")
    if before in ("comma", "and", "or"):
        good = good or earlier == "WEEKDAY"
    if after == "stop":
        good = good or later == "comma"
    if before == "comma" or not before:  # "at the flat, Sat, 8 sharp"
        good = good or (after == "comma" and later in _AFTER)
    if after == "comma":  # "date night Sat, 7:30"
        good = good or later in _WRITTEN
    if after in ("comma", "and", "or"):
        good = good or later == "WEEKDAY"
    return good
