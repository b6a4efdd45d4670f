"""Doubts about words: what no rule took, what was said twice, what was taken back."""

from service.parsing.doubts import vocabulary as words
from service.parsing.engine import Item
from service.parsing.model import Doubt
from service.parsing.reading import Reading
from service.parsing.values import (
    DateSpan,
    Fields,
    moment_of,
)

_FIRST = "the first one counts"
_LEFT_OUT = "it was left out"


def shown(reading: Reading, item: Item) -> str:
    """Return the words of an item as they were written."""
    return " ".join(reading.said.shown[item.start : item.end].split())


def of_words(reading: Reading) -> list[Doubt]:
    """Return the doubts about the words of a reading."""
    expressions = reading.expressions
    found = _unused(reading)
    if expressions.second:
        found += _second(reading)
    found += _either(reading)
    found += _beside_span(reading)
    found += [
        Doubt("correction", shown(reading, item), "that day is meant")
        for item in expressions.used
        if item.cls == "EXCEPT" and expressions.repeat is None
    ]
    found += _two_meanings(reading)
    if expressions.zone_doubt:
        found.append(_zone(reading))
    if reading.said.problems:
        found.append(Doubt("text_cut", "", "the rest says nothing about it"))
    if expressions.clocks and expressions.repeat is None:
        clock = expressions.clocks[0]
        found.append(Doubt("second_time", f"{clock.hour}:{clock.minute:02}", _FIRST))
    if expressions.length is not None:
        found += _misplaced(reading)
    return found


def _unused(reading: Reading) -> list[Doubt]:
    """Find what says something about time and was not used."""
    suspects = [
        item
        for item in reading.left
        if item.cls in _SUSPECT or (item.value in _NOTABLE and item.cls not in _INNOCENT)
    ]
    return _left_out(reading, suspects) if suspects else []


def _left_out(reading: Reading, suspects: list[Item]) -> list[Doubt]:
    """Doubt those of the suspects that what stands around them does not excuse."""
    used, items, found = reading.used, reading.items, []
    places = {id(item): index for index, item in enumerate(items)}
    for item in suspects:
        if _in_zone(item, reading):
            continue
        index = places[id(item)]
        before, after = index and items[index - 1], index + 1 < len(items) and items[index + 1]
        near = id(before) in used, id(after) in used
        if item.cls in words.NUMBERS and not any(near) and counts(item, after or None, reading):
            continue
        if item.rule in _PASSED_OVER or _is_half_term(before or None, item, after or None):
            continue
        if item.cls == "UNIT" and _is_of_a_name(before or None, item, reading):
            continue
        if (before and before.cls == "all") or (item.cls == "UNIT" and _is_with(item, reading)):
            continue  # "all day", "w/ Bob"
        follows, leads = near
        if kind := _kind(item, before or None, reading, follows=follows, leads=leads):
            found.append(Doubt(kind, shown(reading, item), _LEFT_OUT))
    return found


def _is_half_term(before: Item | None, item: Item, after: Item | None) -> bool:
    """Say whether an item is of the name of a school's holiday: "half-term"."""
    near = [other.value for other in (before, after) if other is not None]
    return (item.value == "term" and before is not None and before.cls in ("half", "dash")) or (
        item.cls == "half" and ("term" in near or (after is not None and after.cls == "dash"))
    )


def _is_of_a_name(before: Item | None, unit: Item, reading: Reading) -> bool:
    """Say whether a unit of time ends a name: "sports day", "vitamin D"."""
    word = reading.said.shown[unit.start : unit.end]
    if word in _LETTERS or before is None or before.cls != "WORD":
        return word in _LETTERS
    return len(word) > 1 and word[-1] != "s" and before.value not in words.UNKNOWN


def _in_zone(item: Item, reading: Reading) -> bool:
    """Say whether an item is one of the words of a zone that was used."""
    start, end = item.start, item.end
    return any(
        zone.start <= start and end <= zone.end
        for zone in reading.expressions.used
        if zone.cls == "ZONE"
    )


def _is_with(item: Item, reading: Reading) -> bool:
    return reading.said.lower[item.start : item.end + 1] == "w/"


def _is_code(number: Item, before: Item | None, reading: Reading) -> bool:
    """Say whether a number goes with the letters before it: "ICE 603", "LH 400"."""
    if before is None or before.cls != "WORD" or number.end - number.start < _SHORTEST_CODE:
        return False
    expressions = reading.expressions
    if expressions.clock is None and expressions.clock_span is None and _is_face(number.value):
        return False  # "MRI 930 Friday"
    letters = reading.said.shown[before.start : before.end]
    return (
        letters.isupper()
        and len(letters) in _LETTERS_OF_A_CODE
        and (not reading.said.shown.isupper())
    )


def _is_face(figures: object) -> bool:
    """Say whether figures are as a clock shows them: 930, and not 603."""
    if not isinstance(figures, int):
        return False
    return 1 <= figures // 100 <= _HOURS and figures % 100 < _MINUTES and figures % 5 == 0


def _kind(item: Item, before: Item | None, reading: Reading, *, follows: bool, leads: bool) -> str:
    """Return the code of an unused item that follows, or leads to, a time that is used."""
    cls, value = item.cls, item.value
    flight = cls == "HHMM" or item.rule == "compact-before-day"  # "flight 1440"
    if cls in words.NUMBERS or (flight and not _number(before, beside=True)):
        return "" if _is_code(item, before, reading) else _number(before, beside=follows or leads)
    if value in words.WAVERING:
        return "correction"
    if value in words.UNSURE:
        return "writer_unsure"
    if value in words.HOLIDAYS:
        return "unknown_holiday"
    if cls in words.LEADING:
        return "unused_link" if follows and not leads else ""
    bound = (cls in words.BINDING or value in words.UNKNOWN) and (follows or leads)
    return "unused_time_words" if bound or cls in words.TIME else ""


def counts(number: Item, after: Item | None, reading: Reading) -> bool:
    """Say whether a number is joined to letters ("M25", "50mg") or counts things ("12 eggs")."""
    lower = reading.said.lower
    if lower[number.start - 1 : number.start].isalpha():
        return True
    if after is None or after.cls != "WORD" or after.value in words.WAVERING:
        return False
    return bool(number.value) and lower[number.end : number.end + 1] != ","


def _number(before: Item | None, *, beside: bool) -> str:
    """Tell a number that may belong to a time from that of a room."""
    if before is not None and (before.cls in words.COUNTING or before.value in words.NUMBERED):
        return ""
    return "unused_number" if beside else "other_number"


# What the composition has looked at and left to the title, or taken for a filler.
_PASSED_OVER = frozenset(
    ("frequency", "now", "right-now", "the-week", "q-number", "glued-half-year", "in-half-year",
     "half-year", "half-a-unit")
)  # fmt: skip
_LETTERS = frozenset("DHMSWY")
_SHORTEST_CODE = 3  # figures
_HOURS, _MINUTES = 12, 60
_QUARTER = 15  # minutes
_CHEAP = 6
# Figures with a full stop that no word of time leads to.
_PRICED = frozenset(("decimal-between-commas", "decimal-before-day", "DECIMAL", ""))
_LETTERS_OF_A_CODE = (2, 3)
_INNOCENT = frozenset(("a", "the", "on", "at", "in", "for", "of", "and", "or", "my", "is", "comma"))
_SUSPECT = words.NUMBERS | words.LEADING | words.BINDING | words.TIME
_NOTABLE = words.WAVERING | words.UNSURE | words.HOLIDAYS | words.UNKNOWN


def _second(reading: Reading) -> list[Doubt]:
    expressions, found = reading.expressions, []
    for item in expressions.second:
        if any(item.value == other.value for other in expressions.used if other is not item):
            continue  # said twice
        kind = "second_time" if item.cls.startswith(("TIME", "WEAK")) else "second_date"
        found.append(Doubt(kind, shown(reading, item), _FIRST))
    return found


def _two_meanings(reading: Reading) -> list[Doubt]:
    """Find what may be said of two things: "tue and fri", "10 to 9", "coffee, 2.50"."""
    found = []
    for item in reading.expressions.used:
        if item.rule == "two-weekdays":
            found.append(Doubt("once_or_each", shown(reading, item), "it is on both, each week"))
        elif item.rule == "minutes-to-or-hours":
            found.append(Doubt("spoken_clock", shown(reading, item), "one time is meant"))
        elif item.rule == "nth-weekday-of-unit" and _is_of_a_club(reading):
            found.append(Doubt("once_or_each", shown(reading, item), "it is meant once"))
        elif item.rule in _PRICED and _is_like_a_price(shown(reading, item)):
            found.append(Doubt("price_as_time", shown(reading, item), "it is a time of day"))
    if reading.expressions.weekly:
        words_of_it = " ".join(
            shown(reading, item) for item in reading.expressions.used if item.cls == "SPAN"
        )
        found.append(Doubt("once_or_each", words_of_it, "it is on each of these days, every week"))
    return found


def _is_of_a_club(reading: Reading) -> bool:
    """Say whether who meets on "the last Friday of the month" rather does so in each."""
    once = reading.expressions.repeat is None
    return once and not words.CLUBS.isdisjoint([item.value for item in reading.left])


def _is_like_a_price(figures: str) -> bool:
    """Say whether figures are small and have no quarter of an hour: "2.50"."""
    whole, _, part = figures.partition(".")
    if not whole.isdigit() or not part.isdigit():
        return False
    return int(whole) <= _CHEAP and int(part) % _QUARTER > 0


def _either(reading: Reading) -> list[Doubt]:
    """Find a choice, and steps that no calendar counts: "three paydays from now"."""
    items = reading.items
    found: list[Doubt] = []
    if "time" in reading.classes:
        found += _elsewhere(reading)
    if reading.said.shown.rstrip()[-1:] == "?":
        found += [
            Doubt("second_date", shown(reading, item), _FIRST)
            for item in items
            if item.rule == "slashed-days"
        ]
    if "or" not in reading.classes and words.STEPPING.isdisjoint(reading.classes):
        return found
    for before, item, after in zip(items, items[1:], items[2:], strict=False):
        chosen = id(before) in reading.used or (after.cls == "TIME" and reading.expressions.timed)
        if item.cls == "or" and chosen and after.cls in words.WHEN:
            found.append(Doubt("second_date", shown(reading, after), _FIRST))
        steps = item.cls == "WORD" and before.cls in words.STEPPING
        if steps and reading.said.lower[after.start : after.end].startswith(words.STEPS):
            span = before._replace(end=after.end)
            found.append(Doubt("unused_time_words", shown(reading, span), _LEFT_OUT))
    return found


def _elsewhere(reading: Reading) -> list[Doubt]:
    """Find a time by clocks of which nobody says where they are: "9am their time"."""
    for before, whose, time in zip(
        reading.items, reading.items[1:], reading.items[2:], strict=False
    ):
        said = reading.said.lower[whose.start : whose.end]
        if time.cls == "time" and said in words.ELSEWHERE and id(before) in reading.used:
            span = whose._replace(end=time.end)
            assumed = f"the time is in {reading.placed.zone.key}"
            kind = "zone_not_understood" if said in words.OF_OTHERS else "offset_unclear"
            return [Doubt(kind, shown(reading, span), assumed)]
    return []


def _beside_span(reading: Reading) -> list[Doubt]:
    """Find a day that a stretch of days leaves out: "the 1st, 2nd and 3rd of April"."""
    span, date = reading.expressions.span, reading.expressions.date
    if not isinstance(span, DateSpan) or not isinstance(date, Fields) or date.day is None:
        return []
    ends = [moment_of(end).date for end in (span.start, span.end)]
    if None in ends or date in ends:
        return []
    said = next((item for item in reading.expressions.used if item.value == date), None)
    return [Doubt("second_date", shown(reading, said), _LEFT_OUT)] if said else []


def _zone(reading: Reading) -> Doubt:
    kind = ("offset_unclear", "zone_not_understood")[reading.expressions.zone_doubt - 1]
    said = [item for item in reading.expressions.used if item.rule == "offset"]
    words_of_it = shown(reading, said[0]) if said else ""
    return Doubt(kind, words_of_it, f"the time is in {reading.placed.zone.key}")


def _misplaced(reading: Reading) -> list[Doubt]:
    """Find an amount of time that may be when: "at 9h", "a month on Friday"."""
    items, found = reading.items, []
    for index, item in enumerate(items):
        if item.cls != "LENGTH" or item not in reading.expressions.used:
            continue
        before = items[index - 1].cls if index else ""
        after = items[index + 1].cls if index + 1 < len(items) else ""
        day = not item.value.is_clock and before != "for" and after in ("on", "DATE")
        if before in ("at", "around") or day:
            found.append(Doubt("length_as_time", shown(reading, item), "it is how long it takes"))
    return found
