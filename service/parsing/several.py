# ruff: noqa: SIM905  # a list of words is read as words, not as a column of quotes
"""Several events in one sentence: "haircut Monday at 5pm and cinema Tuesday at 8pm".

A sentence is cut only where each piece has a time of its own and words of its own; everything else
stays one event, and what it says twice is doubted.
"""

from collections.abc import Sequence
from itertools import pairwise

from service.parsing.doubts.vocabulary import WAVERING
from service.parsing.engine import Item
from service.parsing.reading import Asked, Reading, read_one, shows_24
from service.parsing.text import Clean

_MOST = 20
_CUTS = frozenset(("comma", "and", "stop"))
_CLOCKED = frozenset(("TIME", "TIMESPAN", "WEAKSPAN"))
_LEADING_TO_AN_END = frozenset(("to", "until", "by", "before", "dash"))
# What begins with one of these goes on with what was said before.
_GOING_ON = frozenset(
    (
        "that that's it it's which who this these they ends runs goes lasts lasting remind notify "
        "alert please rsvp reply register respond so because but or if when while doors where "
        "whereas i'll we'll also still back is was will are be ending until to end"
    ).split()
)


def split(reading: Reading, asked: Asked) -> list[Reading]:
    """Return the events of a sentence in their order: the reading itself where it is one."""
    second = reading.expressions.second
    if (
        not second
        or not any(map(_has_clock, second))
        or reading.wish != "create"
        or reading.expressions.reminders
    ):
        return [reading]
    if any(item.value in WAVERING or item.value == "remind" for item in reading.items):
        return [reading]
    pieces = _pieces(reading.items)
    found = _read(reading, pieces[:_MOST], asked) if len(pieces) > 1 else []
    return found if len(found) > 1 else [reading]


def _has_clock(item: Item) -> bool:
    return item.cls in _CLOCKED or (item.cls == "MOMENT" and item.value.clock is not None)


def _pieces(items: Sequence[Item]) -> list[tuple[int, int]]:
    """Return from which to which item each piece goes, a heading left out; [] for no pieces."""
    clocked = [index for index, item in enumerate(items) if _has_clock(item)]
    start = _behind_heading(items, clocked[0])
    words_first = any(map(_is_content, items[start : clocked[0]]))
    edges = [start]
    for here, there in pairwise(clocked):
        cuts = [index for index in range(here + 1, there) if _is_cut(items[index])]
        if not cuts or items[there - 1].cls in _LEADING_TO_AN_END:
            return []
        edges.append(cuts[0] if words_first else cuts[-1])
    pieces = list(pairwise([*edges, len(items)]))
    return pieces if all(_stands_alone(items[first:last]) for first, last in pieces) else []


def _behind_heading(items: Sequence[Item], first: int) -> int:
    """Return where the first event begins: behind "Agenda for tomorrow:"."""
    colons = [index for index in range(first) if items[index].cls == "colon"]
    return colons[-1] + 1 if colons else 0


def _is_cut(item: Item) -> bool:
    return item.cls in _CUTS or item.value in (";", "then", "|")


def _is_content(item: Item) -> bool:
    return item.cls in ("WORD", "MEAL") and len(str(item.value)) > 1 and item.value != "no"


def _stands_alone(piece: Sequence[Item]) -> bool:
    """Say whether a piece has words of its own that do not go on with another's."""
    rest = [item for item in piece if not _is_cut(item)]
    goes_on = bool(rest) and str(rest[0].value) in _GOING_ON
    return not goes_on and any(map(_is_content, rest))


def _read(whole: Reading, pieces: Sequence[tuple[int, int]], asked: Asked) -> list[Reading]:
    """Read the pieces; one without a day has that of the piece before, or of the first one."""
    items, said = whole.items, whole.said
    date, asked = whole.expressions.date, asked._replace(to_24=shows_24(items))
    found: list[Reading] = []
    for first, last in pieces:
        while _is_cut(items[first]):
            first += 1  # noqa: PLW2901  # the comma before a piece is no part of it
        start, end = items[first].start, items[last - 1].end
        piece = Clean(said.shown[start:end], said.lower[start:end], said.problems)
        one = read_one(piece, asked, date=date, base=whole.base + start)
        if one.timing is None or not one.roles.title:
            return []
        date = one.expressions.date
        found.append(one)
    return found
