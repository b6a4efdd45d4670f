"""The events of lines and of sentences: lists, agendas, and the one sentence that matters."""

import re
from collections.abc import Sequence

from service.parsing.pasted.lines import BULLET, Line
from service.parsing.patterns import later
from service.parsing.reading import Asked, Reading, read_one, shows_24
from service.parsing.text import Clean
from service.parsing.values import Clock

_CLOCK = later(r"\d[:.h]\d\d|\d\s?[ap]\.?m\b|noon|midnight|o'clock|\bat \d|\d{4}-\d\d-\d\d|\d-\d")
_HINT = later(
    r"\d|day\b|\b(?:tomorrow|tonight|noon|midnight|morning|evening|week|month|mon|tue|tues|wed|thu"
    r"|thur|thurs|fri|sat|sun|easter|christmas|weekly|daily|monthly)\b"
)
_SENTENCE = later(r"(?:(?<=[a-z)]{2}[.!?])|(?<=\d[.!?])|(?<=[.!?]{2}))\s+(?=[A-Z\d])")
_ABBREVIATED = later(
    r"\b(?:mr|mrs|ms|dr|st|prof|no|sat|sun|mon|tue|wed|thu|fri|jan|feb|mar|apr|jun|jul|aug|sept?"
    r"|oct|nov|dec|approx|ext|tel|vs|bldg|rm|ave|jr|sr|inc|dept)\.$"
)
_MOST_READ = 60  # sentences or lines that say when
_SHORT = 400  # characters: a note is read as one request
_LONGEST_ENTRY = 160  # characters of a line in a list
_FEW = 2


def entries(lines: Sequence[Line], said: Clean, asked: Asked) -> list[Reading]:
    """Return the events of a list, one a line; [] where the lines are no list."""
    filled = [line for line in lines if not line.empty]
    bullets = sum(BULLET.match(line.lower) is not None for line in filled)
    hinted = [line for line in filled if _HINT.search(line.lower)]
    if len(hinted) < _FEW or any(len(line.lower) > _LONGEST_ENTRY for line in hinted):
        return []
    read = [_line(line, said, asked) for line in hinted[:_MOST_READ]]
    timed = [one for one in read if one.timing is not None and one.expressions.timed]
    clear = [one for one in timed if one.roles.title and not _goes_on(one)]
    enough = len(clear) >= _FEW and len(clear) * 2 >= len(filled) - 1
    if not (enough or (bullets >= _FEW and len(_dated(read)) >= _FEW)):
        return []
    if any(shows_24(one.items) for one in read):
        asked = asked._replace(to_24=True)
        pairs = zip(hinted, read, strict=False)
        read = [_line(line, said, asked) if _is_open(one) else one for line, one in pairs]
    return _to_come(_in_turn(read, said, asked, bulleted=bullets >= _FEW))


def _to_come(found: list[Reading]) -> list[Reading]:
    """Leave out whole days behind us, as in the heading of minutes, where others are to come."""
    ahead = [
        one
        for one in found
        if one.timing is None or not one.timing.all_day or one.timing.end > one.frame.now
    ]
    return ahead or found


def _is_open(one: Reading) -> bool:
    clock = one.expressions.clock
    return isinstance(clock, Clock) and not clock.half


def _line(line: Line, said: Clean, asked: Asked, date: object = None) -> Reading:
    bullet = BULLET.match(line.lower)
    start = line.start + (bullet.end() if bullet else 0)
    return _unit(start, line.end, said, asked, date)


def _unit(start: int, end: int, said: Clean, asked: Asked, date: object = None) -> Reading:
    piece = Clean(said.shown[start:end], said.lower[start:end], said.problems)
    return read_one(piece, asked, date=date, base=start)


def _goes_on(one: Reading) -> bool:
    first = one.said.lower.split(maxsplit=1)
    return not first or first[0].rstrip(":") in (
        "ends",
        "end",
        "until",
        "doors",
        "or",
        "and",
        "rsvp",
    )


def _dated(read: Sequence[Reading]) -> list[Reading]:
    return [one for one in read if one.timing is not None and one.roles.title]


def _in_turn(
    read: Sequence[Reading], said: Clean, asked: Asked, *, bulleted: bool
) -> list[Reading]:
    """Give each line without a day that of the heading, or of the line, above it."""
    found: list[Reading] = []
    date = _said_below(read)
    for index, one in enumerate(read):
        if one.timing is None:
            continue
        following = read[index + 1] if index + 1 < len(read) else None
        if not one.expressions.timed and _heads(one, following, bulleted=bulleted):
            date = one.expressions.date
            continue
        if one.expressions.date is None and date is not None:
            start, end = one.base, one.base + len(one.said.shown)
            one = _unit(start, end, said, asked, date)  # noqa: PLW2901  # the same line, dated
        date = one.expressions.date
        if one.timing is not None and one.roles.title:
            found.append(one)
    return found


def _said_below(read: Sequence[Reading]) -> object:
    """Return the only day that lines of times name, which may stand below them; None otherwise."""
    days = [one for one in read if one.expressions.date is not None]
    alone = len(days) == 1 and not days[0].expressions.timed and not days[0].roles.title
    return days[0].expressions.date if alone else None


def _heads(one: Reading, following: Reading | None, *, bulleted: bool) -> bool:
    """Say whether a line with a day is only the heading of those below."""
    if one.said.lower.rstrip().endswith(":") or not one.roles.title:
        return True
    below = (
        following is not None and following.expressions.timed and following.expressions.date is None
    )
    return below or not bulleted


def sentences(lines: Sequence[Line], said: Clean) -> list[tuple[int, int]]:
    """Return from where to where each sentence goes; an empty line ends one."""
    found: list[tuple[int, int]] = []
    for first, last in _paragraphs(lines):
        at = first
        for match in _SENTENCE.finditer(said.shown, first, last):
            if not _ABBREVIATED.search(said.lower, max(first, match.start() - 8), match.start()):
                found.append((at, match.start()))
                at = match.end()
        found.append((at, last))
    return found


def _paragraphs(lines: Sequence[Line]) -> list[tuple[int, int]]:
    found: list[tuple[int, int]] = []
    open_paragraph = False
    for line in lines:
        if line.empty:
            open_paragraph = False
        elif open_paragraph:
            found[-1] = (found[-1][0], line.end)
        else:
            found.append((line.start, line.end))
            open_paragraph = True
    return found


def prose(lines: Sequence[Line], said: Clean, asked: Asked) -> list[Reading]:
    """Return the events of running text: the first sentence that says day and time, and others."""
    filled = [line for line in lines if not line.empty]
    if not filled:
        return []
    first, last = filled[0].start, filled[-1].end
    short = last - first <= _SHORT
    whole = _unit(first, last, said, asked) if short else None
    if whole is not None and (whole.timing is None or not whole.expressions.second):
        return [whole] if whole.timing is not None else []
    spans = sentences(lines, said)
    full = [one for one in _those(_CLOCK, spans, said, asked) if _is_full(one)]
    if full:
        return _different(full)
    if whole is not None:
        return [whole]
    timed = _those(_HINT, spans, said, asked)
    ahead = [one for one in timed if one.timing and one.timing.end > one.frame.now]
    return (ahead or timed)[:1]


def _those(
    hint: re.Pattern[str], spans: Sequence[tuple[int, int]], said: Clean, asked: Asked
) -> list[Reading]:
    """Read the sentences that hold a hint, and keep those that say when."""
    hinted = [span for span in spans if hint.search(said.lower, *span)]
    read = [_unit(*span, said, asked) for span in hinted[:_MOST_READ]]
    return [one for one in read if one.timing is not None and one.wish != "query"]


def _is_full(one: Reading) -> bool:
    """Say whether a sentence says day and time, and speaks of what is to come."""
    expressions = one.expressions
    day = (
        expressions.date is not None
        or expressions.span is not None
        or expressions.repeat is not None
    )
    ahead = one.timing is not None and (
        expressions.repeat is not None or one.timing.end > one.frame.now
    )
    return day and expressions.timed and ahead


def _different(found: Sequence[Reading]) -> list[Reading]:
    """Return the events without those that are said again."""
    first, *others = found
    seen = {first.placed.start}
    kept = [first]
    for one in others:
        if one.placed.start not in seen and one.roles.title and one.wish == "create":
            seen.add(one.placed.start)
            kept.append(one)
    return kept
