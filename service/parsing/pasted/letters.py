"""What a pasted text asks for: its own words first, then what it quotes or forwards."""

import re
from datetime import datetime, timedelta

from service.parsing.model import Doubt
from service.parsing.pasted.fields import blocks_of
from service.parsing.pasted.invitations import read_blocks
from service.parsing.pasted.lines import CHAT, HOURS_ALONE, Line, lines_of
from service.parsing.pasted.sorting import Header, Sorted, sort, subject_of
from service.parsing.pasted.units import entries, prose
from service.parsing.patterns import later
from service.parsing.reading import Asked, Reading, read_one
from service.parsing.several import split
from service.parsing.text import Clean
from service.parsing.values import DayShift, Offset, Period, Rolling, WeekdayRef

# One line is no letter, unless it begins with the label of a field.
_LABELLED = later(
    r"\s{0,4}(?:when|what|where|date|start|starts|title|subject|event|location"
    r"|(?:create|add|new) (?:event|meeting))\s?:",
    re.IGNORECASE,
)
_COUNTED = DayShift, Offset, Period, Rolling, WeekdayRef
_LONGEST_TITLE = 80  # characters of a line that stands over the fields
_LONGEST_WAY = timedelta(days=60)  # of a mail: what is older is not counted from its date


def may_be_one(text: str) -> bool:
    """Say whether a text is more than one plain sentence."""
    return "\n" in text or (
        ":" in text and (_LABELLED.match(text) is not None or CHAT.match(text.lower()) is not None)
    )


def read(text: str, said: Clean, asked: Asked) -> list[Reading] | None:
    """Return the events of a pasted text; None where it has no structure that says any."""
    lines = lines_of(text[: len(said.shown)])
    letter = sort(lines)
    vague: list[Reading] | None = None
    for part, header, doubts in _parts(letter):
        found = _events(part, header, said, asked)
        if found:
            first, *others = found
            known = (*first.known, *doubts, *_counted(first, asked))
            found = [first._replace(known=known), *others]
            if not _is_vague(first):
                return found
            vague = vague or found
    return vague


def _is_vague(one: Reading) -> bool:
    """Say whether only a part of the day is said, as in "Parents evening" over a mail."""
    expressions = one.expressions
    return (
        expressions.part is not None
        and expressions.clock is None
        and expressions.clock_span is None
        and expressions.date is None
        and expressions.span is None
        and expressions.repeat is None
    )


def _counted(one: Reading, asked: Asked) -> tuple[Doubt, ...]:
    """Doubt a day that was counted from when a mail was sent: "tomorrow", "on Friday"."""
    now = asked.now.astimezone(asked.zone)
    if one.frame.now.date() == now.date() or not isinstance(one.expressions.date, _COUNTED):
        return ()
    day = one.frame.now.date().isoformat()
    return (Doubt("counted_from_mail", "", f"the day is counted from {day}"),)


def _parts(letter: Sorted) -> list[tuple[list[Line], Header, tuple[Doubt, ...]]]:
    """Return what to look at, one after the other until a time is found."""
    quoted = Doubt("from_quoted_text", "", "what is quoted or forwarded is meant")
    older_header = letter.older_header
    hours = [line for line in letter.own if HOURS_ALONE.fullmatch(line.lower)]
    first = [(_without(hours, letter.own), letter.header, ())] if hours else []
    return [
        *first,
        (letter.own, letter.header, ()),
        (letter.older, older_header if older_header != Header() else letter.header, (quoted,)),
        ([*letter.own, *letter.closing], letter.header, ()),
    ]


def _without(some: list[Line], lines: list[Line]) -> list[Line]:
    """Leave out lines that may be when a shop is open."""
    return [line for line in lines if line not in some]


def _events(lines: list[Line], header: Header, said: Clean, asked: Asked) -> list[Reading]:
    """Return the events of one part of a letter: of its fields, its list or its sentences."""
    seen = _as_of(header, said, asked)
    title = subject_of(header, said.shown)
    said = _only(lines, said)
    blocks, rest = blocks_of(lines)
    if blocks and (found := read_blocks(blocks, said, seen, title=title)):
        return [_titled(found[0], rest, said, seen), *found[1:]]
    found = entries(lines, said, seen)
    if not found:
        found = prose(lines, said, seen)
        found = split(found[0], seen) if len(found) == 1 else found
        if found and title:
            found[0] = found[0]._replace(
                roles=found[0].roles._replace(title=title, title_rule="label")
            )
    return found


def _only(lines: list[Line], said: Clean) -> Clean:
    """Return the text with everything blanked that is not in these lines."""
    shown: list[str] = []
    lower: list[str] = []
    at = 0
    for line in lines:
        if line.start < at:
            continue
        blank = " " * (line.start - at)
        shown += blank, said.shown[line.start : line.end]
        lower += blank, said.lower[line.start : line.end]
        at = line.end
    return Clean("".join(shown), "".join(lower), said.problems)


def _titled(one: Reading, rest: list[Line], said: Clean, asked: Asked) -> Reading:
    """Take the title from the first line beside the fields where none has a label."""
    if one.roles.title:
        return one
    for line in rest:
        if not line.empty:
            piece = Clean(said.shown[line.start : line.end], line.lower, ())
            short = len(piece.shown) <= _LONGEST_TITLE
            title = piece.shown.rstrip(" .:!") if short else read_one(piece, asked).roles.title
            return one._replace(roles=one.roles._replace(title=title, title_rule="label"))
    return one


def _as_of(header: Header, said: Clean, asked: Asked) -> Asked:
    """Return the asker at the time a mail was sent: its "tomorrow" is counted from there."""
    if header.sent is None:
        return asked
    start, end = header.sent
    sent = read_one(Clean(said.shown[start:end], said.lower[start:end], ()), asked).placed.start
    if isinstance(sent, datetime) and timedelta(0) < asked.now - sent < _LONGEST_WAY:
        return asked._replace(now=sent)
    return asked
