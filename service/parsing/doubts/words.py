"""Doubts about words: what no rule took, what was said twice, what was taken back."""

from collections.abc import Callable, Iterator

from service.parsing.doubts import vocabulary as words
from service.parsing.engine import Item
from service.parsing.model import Doubt
from service.parsing.reading import Reading

_LEFT_OUT = "it was left out"


def shown(reading: Reading, item: Item) -> str:
    """Return the words of an item as they were written."""
    return " ".join(reading.said.shown[item.start : item.end].split())


def _unused(reading: Reading) -> Iterator[Doubt]:
    """Find what says something about time and was not used."""
    used = set(map(id, reading.parts.used))
    zones = [item for item in reading.parts.used if item.cls == "ZONE"]
    items = reading.items
    for index, item in enumerate(items):
        if id(item) in used or item.cls in _INNOCENT:
            continue
        if any(zone.start <= item.start and item.end <= zone.end for zone in zones):
            continue
        before, after = index and items[index - 1], index + 1 < len(items) and items[index + 1]
        near = id(before) in used, id(after) in used
        if kind := _kind(item, before or None, *near):
            yield Doubt(kind, shown(reading, item), _LEFT_OUT)


def _kind(item: Item, before: Item | None, follows: bool, leads: bool) -> str:  # noqa: FBT001
    """Return the code of an unused item that follows, or leads to, a time that is used."""
    if item.cls in words.TIME:
        return "unused_time_words"
    if item.cls in words.NUMBERS:
        return _number(before, beside=follows or leads)
    if item.value in words.WAVERING:
        return "correction"
    if item.cls in words.BINDING and (follows or leads):
        return "unused_time_words"
    if item.cls in words.LEADING and follows and not leads:
        return "unused_link"
    if item.value in words.HOLIDAYS:
        return "unknown_holiday"
    return "unused_time_words" if item.value in words.UNKNOWN and (follows or leads) else ""


def _number(before: Item | None, *, beside: bool) -> str:
    """Tell a number that may belong to a time from that of a room."""
    if before is not None and (before.cls in words.COUNTING or before.value in words.NUMBERED):
        return ""
    return "unused_number" if beside else "other_number"


_INNOCENT = frozenset(("a", "the", "on", "at", "in", "for", "of", "and", "or", "my", "is", "comma"))


def _second(reading: Reading) -> Iterator[Doubt]:
    parts = reading.parts
    for item in parts.second:
        if any(item.value == other.value for other in parts.used if other is not item):
            continue  # said twice
        kind = "second_time" if item.cls.startswith(("TIME", "WEAK")) else "second_date"
        yield Doubt(kind, shown(reading, item), "the first one counts")


def _zone(reading: Reading) -> Iterator[Doubt]:
    if reading.parts.zone_doubt:
        kind = ("offset_unclear", "zone_not_understood")[reading.parts.zone_doubt - 1]
        said = [item for item in reading.parts.used if item.rule == "offset"]
        words_of_it = shown(reading, said[0]) if said else ""
        yield Doubt(kind, words_of_it, f"the time is in {reading.placed.zone.key}")


def _cut(reading: Reading) -> Iterator[Doubt]:
    if reading.said.problems:
        yield Doubt("text_cut", "", "the rest says nothing about it")


def _misplaced(reading: Reading) -> Iterator[Doubt]:
    """Find "at" before an amount of time: "at 9h" is no stretch of nine hours."""
    lengths = [item for item in reading.parts.used if item.cls == "LENGTH"]
    for item in lengths:
        index = next((n for n, one in enumerate(reading.items) if one is item), 0)
        if index and reading.items[index - 1].cls in ("at", "around"):
            yield Doubt("length_as_time", shown(reading, item), "it is how long it takes")


OF_WORDS: tuple[Callable[[Reading], Iterator[Doubt]], ...] = (
    _unused, _second, _zone, _cut, _misplaced,
)  # fmt: skip
