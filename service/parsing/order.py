"""Which words count first: corrections and destinations, before what they replace."""

from itertools import pairwise

from service.parsing.engine import Item
from service.parsing.values import Clock

TIMES = frozenset(
    ("DATE", "MOMENT", "TIME", "TIMES", "DAYPARTS", "TIMESPAN", "WEAKSPAN", "SPAN",
     "REPEAT", "LENGTH", "COUNT",
     "PERIOD", "EXCEPT", "ZONE", "HHMM", "YEAR", "WEAKTIME", "DROPPED")
)  # fmt: skip
_SURE = frozenset(("DATE", "MOMENT", "TIME", "TIMESPAN", "SPAN"))
_REFUSING = frozenset(
    (
        "can't",
        "cannot",
        "cant",
        "couldn't",
        "doesn't",
        "won't",
        "bad",
        "impossible",
        "unavailable",
        "full",
        "booked",
        "taken",
        "entfällt",
    )
)
_BEHIND_FULL = frozenset(("stop", "comma", "EXCEPT", "except"))  # "Monday is full, …"
_LEADING = frozenset(("comma", "at", "on", "for", "the", "dash"))
_CORRECTIONS = frozenset(("wait", "sorry", "mean", "actually", "correction", "no"))


# What may follow "to 11" where something is moved to that hour.
_BEHIND_AN_HOUR = frozenset(("", "stop", "mark", "comma", "DATE", "MOMENT", "on", "instead"))
_HOURS = 12
_SHORTEST_CORRECTION = 2  # words: "3pm no 4"


def corrected(items: list[Item]) -> list[Item]:
    """After "no wait", "sorry" or "I mean" put what follows first: it replaces what was said."""
    for index, item in enumerate(items):
        if (
            item.cls == "WORD"
            and item.value in _CORRECTIONS
            and index
            and any(i.cls in TIMES for i in items[:index])
        ):
            after = items[index + 1 :]
            near = after[:4]
            if item.value == "no":  # "no gifts, cleanup Sunday" takes nothing back
                near = [each for each in near if each.cls not in _LEADING][:1]
            if any(each.cls in TIMES for each in near):
                return after + items[: index + 1]
    for index, item in enumerate(items):
        if item.rule == "moved-here" and any(i.cls in TIMES for i in items[:index]):
            return items[index:] + items[:index]
    return _after_refusal(items)


def with_new_hour(items: list[Item]) -> list[Item]:
    """Read "at 3, no wait, 4": a bare hour that takes the place of a time is one."""
    for index, item in enumerate(items):
        if item.cls != "NUM" or index < _SHORTEST_CORRECTION or not 1 <= item.value <= _HOURS:
            continue
        said = items[index - 2 : index]
        taken_back = [one for one in said if one.value in _CORRECTIONS]
        led = all(one.cls == "comma" or one.value in _CORRECTIONS for one in said[-1:])
        last = index + 1 == len(items) or items[index + 1].cls in _BEHIND_AN_HOUR
        if taken_back and led and last and any(i.cls in ("TIME", "MOMENT") for i in items[:index]):
            hour = item._replace(cls="TIME", value=Clock(item.value), rule="to-hour")
            return [*items[:index], hour, *items[index + 1 :]]
    return items


def _after_refusal(items: list[Item]) -> list[Item]:
    """After "can't do Friday." put what follows first."""
    if any(item.cls == "REPEAT" for item in items):
        return items
    places = [
        index
        for index, item in enumerate(items)
        if item.value in _REFUSING
        or (item.cls == "whole" and index + 1 < len(items) and items[index + 1].cls in _BEHIND_FULL)
    ]
    for index in places[:1]:
        for end in range(index + 1, len(items)):
            cut = items[end].cls in ("stop", "comma", "mark", "but")
            but = items[end].cls == "EXCEPT"  # ", but Thursday at 3 is fine"
            if but or (cut and any(item.cls in _SURE for item in items[end:])):
                return items[end:] + items[:end]
    return items


def destination_first(items: list[Item]) -> list[Item]:
    """For "move my 3pm to 4pm tomorrow" put what follows "to" first: it is the new time."""
    for index, item in enumerate(items):
        leads = items[index - 1].cls in ("to", "until", "for") if index else False
        if leads and item.cls in TIMES and any(i.cls in TIMES for i in items[: index - 1]):
            return items[index:] + items[:index]
    return items


def targets(items: list[Item]) -> list[Item]:
    """For "move my 2pm to 4pm" keep the time it moves to; "to 2-4pm" is a stretch of time."""
    found = [
        _target(item, items[index - 1].cls if index else "") for index, item in enumerate(items)
    ]
    for index, (before, item) in enumerate(pairwise(found), 1):
        after = found[index + 1].cls if index + 1 < len(found) else ""
        hour = before.cls == "to" and item.cls == "NUM" and after in _BEHIND_AN_HOUR
        if hour and 1 <= item.value <= _HOURS and "TIME" not in {one.cls for one in found}:
            found[index] = item._replace(cls="TIME", value=Clock(item.value), rule="to-hour")
    return found


def _target(item: Item, before: str) -> Item:
    if item.cls == "TIMESPAN" and before != "to":
        return item._replace(cls="TIME", value=item.value.end)
    if item.rule == "point-to-point" and before != "to":  # "from Monday to Thursday"
        return item._replace(cls="MOMENT", value=item.value.end)
    return item
