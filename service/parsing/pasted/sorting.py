"""Which lines of a pasted text the writer says, and which only stand in it."""

import re
from typing import NamedTuple

from service.parsing.pasted import lines as marks
from service.parsing.pasted.lines import Line
from service.parsing.patterns import later

_PREFIX = later(r"(?:(?:re|fwd?|aw|wg|antw|tr)\s?(?:\[\d+\])?:\s?)+", re.IGNORECASE)
_LOOKS_LIKE_TIME = later(
    r"\d{1,2}[:.]\d\d|\d{4}-\d\d|\b\d{1,2} ?[ap]m\b|\d/\d"
    r"|\d(?:st|nd|rd|th)?\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|tomorrow|today"
)
_FEW = 2  # header lines that make a header
_LONGEST_SIGNATURE = 14  # lines
_NEAR = 4  # lines between "… wrote:" and what was written


class Header(NamedTuple):
    """What the header of a mail says, each as a stretch of the text: subject, and when sent."""

    subject: tuple[int, int] | None = None
    sent: tuple[int, int] | None = None


class Sorted(NamedTuple):
    """The lines of a text: what is said, what closes it, what is quoted or forwarded."""

    own: list[Line]
    closing: list[Line]
    older: list[Line]
    header: Header
    older_header: Header


def sort(lines: list[Line]) -> Sorted:
    """Return the lines, each where it belongs; headers are taken out."""
    own: list[Line] = []
    older: list[Line] = []
    headers: list[Header] = []
    at, behind = 0, False
    plain = 0  # up to this line no header begins
    while at < len(lines):
        line = lines[at]
        header, size, seen = _header(lines, at) if at >= plain else (Header(), 0, 0)
        plain = max(plain, at + seen)
        if size:
            behind = behind or any(not one.empty for one in own)
            headers.append(header)
            while len(headers) < (2 if behind else 1):
                headers.insert(0, Header())
        elif size := _separator(lines, at):
            behind = behind or not _quote_follows(lines, at + size)
        else:
            (older if behind or line.quoted else own).append(line)
            size = 1
        at += size
    said, closing = _without_closing([line for line in own if not _is_furniture(line)])
    first, *rest = headers or [Header()]
    return Sorted(said, closing, _without_closing(older)[0], first, rest[0] if rest else Header())


def subject_of(header: Header, text: str) -> str:
    """Return the subject without "Re:" and "Fwd:"."""
    if header.subject is None:
        return ""
    start, end = header.subject
    return _PREFIX.sub("", text[start:end]).strip(" \t\r*")


def _header(lines: list[Line], at: int) -> tuple[Header, int, int]:
    """Return the header that begins here, its lines (0 for none), and how many were looked at."""
    names: dict[str, tuple[int, int]] = {}
    here = at
    while here < len(lines) and (match := marks.HEADER.match(lines[here].lower)):
        line = lines[here]
        names.setdefault(match[1], (line.start + match.start(2), line.end))
        if match[1] == "from" and _LOOKS_LIKE_TIME.search(match[2]):
            return Header(), 0, here - at + 1  # "From: 9:00", "To: 10:30"
        here += 1
    dated = "date" in names and any(marks.MAIL_DATE.search(line.lower) for line in lines[at:here])
    if len(names) < _FEW or (marks.OF_MAIL.isdisjoint(names) and not dated):
        return Header(), 0, here - at
    size = here - at
    return Header(names.get("subject"), names.get("sent", names.get("date"))), size, size


def _separator(lines: list[Line], at: int) -> int:
    """Return how many lines say that something older follows: "On Monday … wrote:"."""
    lower = lines[at].lower
    if not lower:
        return 0
    if marks.ATTRIBUTION.match(lower) or marks.FORWARDED.match(lower):
        return 1
    if marks.ATTRIBUTION_BEGINS.match(lower) and at + 1 < len(lines):
        return 2 if lines[at + 1].lower.endswith("wrote:") else 0
    return 0


def _quote_follows(lines: list[Line], at: int) -> bool:
    following = next((line for line in lines[at : at + _NEAR] if not line.empty), None)
    return following is not None and following.quoted


def _is_furniture(line: Line) -> bool:
    lower = line.lower
    return bool(lower) and bool(
        marks.DEVICE.match(lower)
        or marks.STAMP.fullmatch(lower)
        or marks.SALUTATION.fullmatch(lower)
        or marks.OPENING_HOURS.match(lower)
        or marks.LEGAL.match(lower)
    )


def _without_closing(lines: list[Line]) -> tuple[list[Line], list[Line]]:
    """Return what stands before "Kind regards", and what stands from there on."""
    after, closing = 0, 0
    for index in range(len(lines) - 1, 0, -1):
        after += not lines[index].empty
        if after > _LONGEST_SIGNATURE:
            break
        if lines[index].lower and marks.CLOSING.fullmatch(lines[index].lower):
            closing = index
    if not closing or all(line.empty for line in lines[:closing]):
        return lines, []
    return lines[:closing], lines[closing:]
