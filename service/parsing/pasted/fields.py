# ruff: noqa: E501  # a pattern is one row however wide
"""Labelled fields: "When: Friday 3pm", "Where: Room 2", "Organizer: Ana"."""

import re
from itertools import pairwise
from typing import NamedTuple

from service.parsing.pasted.lines import Line
from service.parsing.patterns import later

_LABELS = {
    "date": "next meeting|next session|next date|next appointment|new date|event date|meeting date"
    "|appointment date|when|date|day|dates|date and time|date & time|date/time|datum|scheduled for",
    "time": "time|times|at",
    "begin": "scheduled start|planned start|start date/time|start date and time|start|starts|begin|begins|from|start date|start time|starting|starts at|dtstart|check-in",
    "end": "scheduled end|planned end|end date/time|end date and time|end|ends|until|till|to|finish|end date|end time|ending|ends at|dtend|check-out",
    "length": "duration|length|how long",
    "repeat": "repeats|repeat|recurrence|recurring|frequency",
    "zone": "time zone|timezone|tz",
    "title": "create event|new event|add event|create meeting|new meeting|event title|what|title|subject|event|topic|summary|meeting|name|re|event name|meeting title|purpose|invitation|invitation to|appointment",
    "place": "resource|room name|where|location|place|venue|room|address|meeting room|at location",
    "link": "link|meeting link|join|url|zoom|meet|teams|video call|video",
    "who": "who|with|attendees|participants|guests|invitees|required|optional|people|attending",
    "host": "organizer|organiser|host|hosted by|chair",
    "other": "note|notes|description|details|agenda|phone|password|passcode|id|meeting id|rsvp|reminder"
    "|calendar|cost|price|fee|contact|status|dial-in|dress code",
}  # fmt: skip
_KIND = {label: kind for kind, labels in _LABELS.items() for label in labels.split("|")}
_NAMES = "|".join(sorted(map(re.escape, _KIND), key=len, reverse=True))
# With iCalendar's parameters, and with a tab in place of the colon, as tables are pasted.
_LABEL = later(
    rf"[^\w\s]{{0,4}}\s?({_NAMES})[*_]{{0,2}}(?:;tzid=(?P<zone>[^:;\n]{{3,40}}))?(?:;[^:\n]{{0,40}})?"
    r"(?:\s?:[*_]{0,2}(?!//)\s?|\t\s*|\s{3,})"
)
# On one line only these begin a new field, for "to:" and "at:" stand in sentences too.
_INLINE = later(
    r"(?<=[\s,;|])(?:when|where|what|date|time|location|place|venue|title|subject|start|end|starts|ends"
    r"|organizer|attendees|duration|who)\s?:(?!\d)"
)
_WHEN = later(
    r"\d|day\b|\b(?:noon|midnight|tomorrow|tonight|morning|afternoon|evening|now|mon|tue|wed|thu|fri"
    r"|sat|sun|week|month|easter|christmas|open|tbd)\b"
)
_MOST = 40  # events
_MOST_FIELDS = 40  # of one event
_TIMES = frozenset(("date", "time", "begin", "end"))
_DATED = frozenset(("date", "time", "begin"))
_NEW = frozenset(("title", "date", "begin", "time"))  # a second one begins another event


class Field(NamedTuple):
    """A label's kind, from where to where its value goes, and where the label begins."""

    kind: str
    start: int
    end: int
    label: int


class Block(NamedTuple):
    """The fields of one event."""

    fields: tuple[Field, ...]

    def all(self, *kinds: str) -> list[Field]:
        """Return the fields of these kinds, in the order of the text."""
        return [field for field in self.fields if field.kind in kinds and field.start < field.end]

    def text(self, text: str, *kinds: str) -> str:
        """Return the first value of these kinds."""
        return next((text[one.start : one.end].strip(" *_\t\r,;|") for one in self.all(*kinds)), "")


def blocks_of(lines: list[Line]) -> tuple[list[Block], list[Line]]:
    """Return the events that are stated in fields, and the lines that are no field."""
    blocks: list[list[Field]] = [[]]
    rest: list[Line] = []
    waiting = ""
    for line in _split(lines):
        match = _LABEL.match(line.lower)
        if match is None:
            if waiting and not line.empty:
                blocks[-1].append(Field(waiting, line.start, line.end, line.start))
                waiting = ""
            else:
                rest.append(line)
            continue
        kind, value = _KIND[match[1]], line.lower[match.end() :]
        if kind in _TIMES and value and not _WHEN.search(value):
            rest.append(line)  # "BEGIN:VEVENT", "From: Ana"
            continue
        if len(blocks[-1]) >= _MOST_FIELDS:
            break
        if kind in _NEW and any(field.kind == kind for field in blocks[-1]) and _dated(blocks[-1]):
            blocks.append([])
        if match["zone"]:
            where = line.start + match.start("zone"), line.start + match.end("zone")
            blocks[-1].append(Field("zone", *where, line.start))
        start = line.start + match.end()
        waiting = "" if start < line.end else kind
        if not waiting:
            blocks[-1].append(Field(kind, start, line.end, line.start))
    return [Block(tuple(block)) for block in blocks[:_MOST] if _dated(block)], rest


def _dated(fields: list[Field]) -> bool:
    return any(field.kind in _DATED for field in fields)


def _split(lines: list[Line]) -> list[Line]:
    """Return the lines, one with several fields as several lines."""
    found = []
    for line in lines:
        cuts = [match.start() for match in _INLINE.finditer(line.lower)]
        if not cuts or not _LABEL.match(line.lower):
            found.append(line)
            continue
        edges = [0, *cuts, len(line.lower)]
        for first, last in pairwise(edges):
            piece = line.lower[first:last].rstrip(" ,;|.")
            found.append(Line(line.start + first, line.start + first + len(piece), piece))
    return found
