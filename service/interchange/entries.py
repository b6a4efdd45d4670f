"""An iCalendar text as the fields of events."""

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Final

from service.interchange import values
from service.interchange.filezones import FileZones
from service.interchange.lines import (
    LONGEST_LINE,
    MOST_READ,
    Block,
    Line,
    blocks_of,
    encoding_of,
    line_of,
)
from service.interchange.names import CALENDAR, OF_SERIES
from service.interchange.times import Times, day_of
from service.json_values import JsonObject
from service.planning.errors import PlanError
from service.planning.work import Work, unlimited

MOST_COMPONENTS: Final = 20_000
MOST_CHARACTERS: Final = 262_144
"""What is kept of one event of a file, its lines and those of its changed occurrences."""
_MOST_WARNINGS: Final = 1000
_WORK_OF_AN_EVENT: Final = 100
_CHARACTERS_A_STEP: Final = 20
_OURS: Final = frozenset({"VERSION", "PRODID", "CALSCALE"})
_REFUSED_BY: Final = (PlanError, ValueError, OverflowError)


@dataclass(slots=True)
class Entry:
    """One event with its changed occurrences, as fields; `problem` says why it cannot be kept.

    `sequence` is the number of its revision. `alone` says that the file has single occurrences of
    a series only, of which `fields` are then made up.
    """

    uid: str
    fields: JsonObject = field(default_factory=dict)
    changes: list[JsonObject] = field(default_factory=list)
    problem: str = ""
    warnings: list[dict[str, str]] = field(default_factory=list)
    sequence: int = 0
    alone: bool = False
    said: set[tuple[str, str, str]] = field(default_factory=set)

    def warn(self, name: str, reason: str, *, uid: str = "") -> None:
        """Note, once, what was not taken, or read otherwise than it is written."""
        key = uid or self.uid, name.upper(), reason
        if key in self.said or len(self.said) > _MOST_WARNINGS:
            return
        self.said.add(key)
        if len(self.said) > _MOST_WARNINGS:
            key = self.uid, "VEVENT", f"more than {_MOST_WARNINGS} notes; the others are left out"
        self.warnings.append(dict(zip(("uid", "property", "reason"), key, strict=True)))


@dataclass(frozen=True, slots=True)
class Found:
    """One VEVENT of a file: where its zones are, and whether its calendar cancels it."""

    block: Block
    zones: FileZones
    is_cancelled: bool


@dataclass(frozen=True, slots=True)
class File:
    """The events of a file, those of one UID together, and what of it belongs to none."""

    events: tuple[tuple[str, tuple[Found, ...]], ...]
    warnings: tuple[dict[str, str], ...]


def file_of(text: bytes, work: Work = unlimited) -> File:
    """Return what is in a file; raises `invalid_icalendar` when it holds no calendar."""
    encoding = encoding_of(text, work)
    blocks = blocks_of(text, work, encoding)
    calendars = [block for block in blocks if block.name == "VCALENDAR"]
    if not calendars:
        raise PlanError("invalid_icalendar", "body", "it has no VCALENDAR")
    whole, events = Entry(""), dict[str, list[Found]]()
    if encoding != "utf-8":
        whole.warn("VCALENDAR", "it is not UTF-8 and was read as Windows-1252")
    for calendar in calendars:
        zones, method = FileZones(calendar, work), _noted(calendar, whole)
        for block in calendar.inner:
            work(_work_of(block))
            if block.name == "VEVENT":
                uid = values.words(block.lines(), "UID").strip()
                found = Found(block, zones, is_cancelled=method == "CANCEL")
                events.setdefault(uid or _made_up(block), []).append(found)
            elif block.name != "VTIMEZONE":
                uid = values.words(block.lines(), "UID")
                whole.warn(block.name, "only events are kept", uid=uid)
    if sum(map(len, events.values())) > MOST_COMPONENTS:
        raise PlanError("invalid_icalendar", "body", f"more than {MOST_COMPONENTS} events")
    grouped = tuple((uid, tuple(found)) for uid, found in events.items())
    return File(grouped, tuple(whole.warnings))


def _work_of(block: Block) -> int:
    return _WORK_OF_AN_EVENT + 2 * len(block.texts) + block.size // _CHARACTERS_A_STEP


def _made_up(block: Block) -> str:
    """Return an id for an event that has none: the same for the same event."""
    text = "\n".join(block.texts)
    return f"{hashlib.sha256(text.encode('utf-8', 'replace')).hexdigest()[:32]}@calendar"


def _noted(calendar: Block, whole: Entry) -> str:
    """Note what belongs to the calendar as a whole; return its method."""
    method = ""
    for line in calendar.lines():
        if line.name == "METHOD":
            method = line.value.strip().upper()
        if line.name not in _OURS:
            whole.warn(line.name, "it is the calendar's as a whole, of which nothing is kept")
    return method


def entries_of(text: bytes, work: Work = unlimited) -> list[Entry]:
    """Return the events of a calendar; raises `invalid_icalendar` when it is none."""
    return [entry_of(uid, found, work) for uid, found in file_of(text, work).events]


def entry_of(uid: str, found: Iterable[Found], work: Work = unlimited) -> Entry:
    """Return what components of one UID say, of each occurrence its newest revision."""
    entry = Entry(uid)
    newest: dict[str, tuple[Found, list[Line]]] = {}
    for one in found:
        one.zones.work = work  # the calculation that read the file may be over
        work(_work_of(one.block))
        _keep_newest(entry, newest, one, list(one.block.lines()))
    if len(newest) == 1:  # some programs name an occurrence in what is a series of its own
        (one, lines) = next(iter(newest.values()))
        if any(line.name in {"RRULE", "RDATE"} for line in lines):
            if "" not in newest:
                entry.warn("RECURRENCE-ID", "what has it is a series itself, and was read as that")
            newest = {"": (one, lines)}
    try:
        for name, (one, lines) in newest.items():
            _read_into(entry, one, lines, is_change=bool(name))
        _check_size(entry)
        if not entry.fields and entry.changes:
            _make_up(entry)
    except _REFUSED_BY as err:
        entry.problem, entry.fields, entry.changes = str(err)[:200] or "cannot be read", {}, []
    return entry


def _keep_newest(
    entry: Entry, newest: dict[str, tuple[Found, list[Line]]], one: Found, lines: list[Line]
) -> None:
    """Keep a component unless there is a newer one of the same occurrence; say what is left."""
    again = values.one(lines, "RECURRENCE-ID")
    name = "" if again is None else f"{again.parameter('TZID')}:{again.value.strip()}"
    if name in newest:
        of = f" for {again.value.strip()[:40]}" if again else ""
        entry.warn("UID", f"the file has it more than once{of}; the newest SEQUENCE was taken")
        if _revision(newest[name][1]) > _revision(lines):
            return
    newest[name] = (one, lines)


def _revision(lines: list[Line]) -> tuple[int, str]:
    return values.sequence(lines), values.stamp(lines)


def _read_into(entry: Entry, found: Found, lines: list[Line], *, is_change: bool) -> None:
    times = Times(lines, found.zones, entry.warn)
    texts = _kept(entry, found, lines)
    if values.one(lines, "UID") is None:
        texts.append(f"UID:{entry.uid}")
        entry.warn("UID", "it has none; one was made from what it says")
    if is_change:
        for line in lines:
            if line.name in OF_SERIES:
                entry.warn(line.name, "of one changed occurrence it says nothing")
    fields = {
        "title": values.title(lines),
        "start": times.start.isoformat(),
        "end": times.end().isoformat(),
        "location": values.words(lines, "LOCATION") or None,
        "description": values.words(lines, "DESCRIPTION"),
        "lines": texts,
        "timezone": times.zone.key,
        "floating": times.floating,
    }
    entry.sequence = max(entry.sequence, values.sequence(lines))
    is_cancelled = found.is_cancelled or values.is_cancelled(lines)
    for name, most in values.LONGEST.items():
        longer = (line for line in lines if line.name == name and len(line.value) > most)
        if any(len(line.text) <= LONGEST_LINE for line in longer):
            entry.warn(name, f"the first {most} characters are shown; it is kept and given whole")
    if is_change:
        entry.changes.append(
            {**fields, **_names_of(times, lines, entry), "cancelled": is_cancelled,
             "sequence": values.sequence(lines),
             "busy": values.is_busy(lines) and not found.is_cancelled}
        )  # fmt: skip
        entry.fields |= {"exact": entry.fields["exact"] and times.exact} if entry.fields else {}
        return
    exdates, rdates = list(times.many("exdate")), list(times.many("rdate"))
    entry.fields = {
        **fields,
        "uid": entry.uid,
        "recurrence": None,
        **_rules(lines),
        "exdates": [moment.isoformat() for moment, _, _ in exdates],
        "rdates": [moment.isoformat() for moment, _, _ in rdates],
        "exdays": [day_of(written).isoformat() for _, written, _ in exdates],
        "rdays": [day_of(written).isoformat() for _, written, _ in rdates],
        "periods": [(m.isoformat(), end.isoformat()) for m, _, end in rdates if end],
        "attendees": list(values.attendees(lines)),
        "busy": values.is_busy(lines) and not found.is_cancelled,
        "calendar": _calendar(lines),
        "exact": times.exact and all(change["exact"] for change in entry.changes),
        "sequence": values.sequence(lines),
    }


def _names_of(times: Times, lines: list[Line], entry: Entry) -> JsonObject:
    """Return which occurrence is changed, and whether those that follow are as well."""
    line = values.one(lines, "RECURRENCE-ID")
    ranged = "" if line is None else line.parameter("RANGE").upper()
    if ranged == "THISANDPRIOR":
        entry.warn("RECURRENCE-ID", "RANGE=THISANDPRIOR is no longer valid: this one is changed")
    at, written = times.one("recurrence-id"), times.wall("recurrence-id")
    if at is None or written is None:
        raise PlanError("invalid_icalendar", "recurrence-id", "it is missing")
    return {
        "at": at.isoformat(),
        "day": day_of(written).isoformat(),
        "following": ranged == "THISANDFUTURE",
        "exact": times.exact,
    }


def _rules(lines: list[Line]) -> JsonObject:
    rules = [line.value.strip() for line in lines if line.name == "RRULE" and line.value.strip()]
    exrules = [line.value.strip() for line in lines if line.name == "EXRULE" and line.value.strip()]
    return {"recurrence": rules[0] if rules else None, "more_rules": rules[1:], "exrules": exrules}


def _kept(entry: Entry, found: Found, lines: list[Line]) -> list[str]:
    """Return the lines to keep of a component; each that is not is said."""
    if found.block.size > MOST_READ:
        raise _too_large()
    kept = []
    for text in found.block.texts:
        line = line_of(text)
        if line is None:
            entry.warn(text[:40], "it is not a content line, and was left out")
        elif len(text) > LONGEST_LINE:
            entry.warn(line.name, f"it is longer than {LONGEST_LINE} characters; left out")
        else:
            kept.append(text)
    if found.is_cancelled and not values.is_cancelled(lines):
        kept.append("STATUS:CANCELLED")
        entry.warn("METHOD", "the file cancels it: it is kept, and takes no time")
    return kept


def _check_size(entry: Entry) -> None:
    size = sum(map(len, _all_lines(entry)))
    if size > MOST_CHARACTERS:
        raise _too_large()


def _too_large() -> PlanError:
    return PlanError("invalid_icalendar", "vevent", f"more than {MOST_CHARACTERS} characters")


def _all_lines(entry: Entry) -> Iterator[str]:
    yield from entry.fields.get("lines", ())
    for change in entry.changes:
        yield from change["lines"]


def _make_up(entry: Entry) -> None:
    """Have single occurrences of a series that is not there be a series of their own."""
    first = entry.changes[0]
    entry.alone = True
    entry.warn("RECURRENCE-ID", "the series is not in the file: its occurrences are kept alone")
    entry.fields = {
        **{name: first[name] for name in ("title", "start", "end", "location", "description",
                                          "lines", "timezone", "floating", "busy")},
        "uid": entry.uid, "recurrence": None, "more_rules": [], "exrules": [], "exdates": [],
        "exdays": [], "periods": [], "calendar": "default", "attendees": [],
        "rdates": [change["start"] for change in entry.changes[1:]],
        "rdays": [change["start"][:10] for change in entry.changes[1:]],
        "exact": first["exact"] and len(entry.changes) == 1,
    }  # fmt: skip


def _calendar(lines: list[Line]) -> str:
    line = values.one(lines, CALENDAR.upper())
    name = "" if line is None else line.value
    plain = "".join(c for c in name if (c.isascii() and c.isalnum()) or c in "-_")[:64]
    return plain or "default"
