"""The lines of a component that came from a file, with what has been changed since.

Whatever the service does not understand is given back as it was written. So is what it does
understand, as long as the line still says what the event says.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Final

from service.interchange import values
from service.interchange.lines import Line, line_of, own_lines
from service.interchange.names import CALENDAR, OF_SERIES, ZONE
from service.planning.errors import PlanError
from service.planning.event import Change, Event, length_between
from service.planning.instants import instant_of
from service.planning.recurring import at_wall, wall_of
from service.planning.rule import plain_rule

TIMES: Final = frozenset({"DTSTART", "DTEND", "RECURRENCE-ID", "EXDATE", "RDATE", ZONE.upper()})
_OWN_CALENDAR: Final = CALENDAR.upper()
_STAMPS: Final = frozenset({"DTSTAMP", "LAST-MODIFIED"})
_MOST_INHERITED: Final = 8_000_000  # characters, by all changed occurrences of a series
_DAY: Final = timedelta(days=1)


def as_found(event: Event, change: Change | None, anew: list[str]) -> list[str]:
    """Return the lines of an event, or of one changed occurrence; `anew` is how we write it."""
    written, texts = event.written, _basis(event, change)
    if written is None or not texts:
        return anew
    fresh: dict[str, list[str]] = {}
    for text in anew:
        line = line_of(text)
        if line is not None:
            fresh.setdefault(line.name, []).append(text)
    if event.calendar == "default" or change is not None:
        fresh.pop(_OWN_CALENDAR, None)
    if _says_its_length(event, change, texts):
        fresh.pop("DTEND", None)
    if written.version != event.version or (change is not None and not change.lines):
        taken = _changed_since(event, change, texts, fresh)
    elif written.exact:
        taken = {_OWN_CALENDAR}
    else:
        taken = {*TIMES, _OWN_CALENDAR}
    if "DTEND" in fresh and "DTEND" in taken:
        taken.add("DURATION")
    return list(_merged(texts, {name: fresh.get(name, []) for name in taken}))


def _basis(event: Event, change: Change | None) -> tuple[str, ...]:
    """Return the lines of a file that are to be given back, where they still hold."""
    if event.written is None or change is None:
        return event.written.lines if event.written else ()
    return change.lines or _inherited(event.written.lines, len(event.changes))


def _inherited(lines: tuple[str, ...], times: int) -> tuple[str, ...]:
    """Return what an occurrence has from its series: all but when that happens.

    Nothing where so many of them would make a file that is far larger than what was imported.
    """
    if times * sum(map(len, lines)) > _MOST_INHERITED:
        return ()
    kept, depth = [], 0
    for text in lines:
        line = line_of(text)
        name = "" if line is None else line.name
        depth += name == "BEGIN"
        if depth or name not in OF_SERIES:
            kept.append(text)
        depth -= name == "END"
    return tuple(kept)


def _merged(texts: Iterable[str], instead: dict[str, list[str]]) -> Iterator[str]:
    """Yield the lines in their order, with those of some names replaced where the first stood."""
    depth, left = 0, dict(instead)
    for text in texts:
        line = line_of(text)
        name = "" if line is None else line.name
        if depth == 0 and name == "BEGIN":  # properties come before inner components
            yield from (one for lines in left.values() for one in lines)
            left = {}
        depth += (name == "BEGIN") - (name == "END")
        if depth == 0 and name in instead:
            yield from left.pop(name, [])
            continue
        yield text
    for lines in left.values():
        yield from lines


def _says_its_length(event: Event, change: Change | None, texts: tuple[str, ...]) -> bool:
    """Return whether a file says how long it lasts without DTEND, and that is still so."""
    lines = list(own_lines(texts))
    start, end = (change.start, change.end) if change else (event.start, event.end)
    length = length_between(start, end)
    duration = values.one(lines, "DURATION")
    if duration is not None:
        try:
            days, exact = values.duration_in(duration.value, duration)
            later = at_wall(event, wall_of(start) + days)
            return instant_of(later) + exact == instant_of(end)
        except (PlanError, OverflowError):
            return False
    usual = timedelta(0) if isinstance(start, datetime) else _DAY
    return values.one(lines, "DTEND") is None and length == usual


def _changed_since(
    event: Event, change: Change | None, texts: tuple[str, ...], fresh: dict[str, list[str]]
) -> set[str]:
    """Return the names of which our lines are taken, of an event that has been changed."""
    lines = list(own_lines(texts))
    told = change or event
    written = event.written
    since = event.version - written.version if written else 0
    fresh["SEQUENCE"] = [f"SEQUENCE:{values.sequence(lines) + since}"]
    taken = {*TIMES, *_STAMPS, "SEQUENCE", _OWN_CALENDAR}
    if values.title(lines) != told.title:
        taken.add("SUMMARY")
    if values.words(lines, "LOCATION") != (told.location or ""):
        taken.add("LOCATION")
    if values.words(lines, "DESCRIPTION") != told.description:
        taken.add("DESCRIPTION")
    busy = event.busy if change is None or change.busy is None else change.busy
    if values.is_busy(lines) != busy:
        taken |= {"TRANSP", "STATUS"} if values.is_cancelled(lines) else {"TRANSP"}
    if change is not None and change.cancelled:
        taken.add("STATUS")
    if change is None or not change.lines:
        taken |= _people(event, lines, fresh)
    if change is None:
        taken |= _rules(event, lines)
    return taken


def _people(event: Event, lines: list[Line], fresh: dict[str, list[str]]) -> set[str]:
    if values.attendees(lines) == event.attendees:
        return set()
    known = {values.attendee(line): line.text for line in lines if line.name == "ATTENDEE"}
    pairs = zip(event.attendees, fresh.get("ATTENDEE", []), strict=False)
    fresh["ATTENDEE"] = [known.get(name, text) for name, text in pairs]
    return {"ATTENDEE"}


def _rules(event: Event, lines: list[Line]) -> set[str]:
    taken: set[str] = set()
    for name, rules in (("RRULE", event.rules), ("EXRULE", event.exrules)):
        before = tuple(plain_rule(line.value) for line in lines if line.name == name)
        if before != rules:
            taken.add(name)
    return taken
