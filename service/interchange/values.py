"""What the service understands of an event in a file: words, people, and whether it is busy."""

import re
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Final
from urllib.parse import unquote

from service.interchange.lines import Line, plain_text
from service.planning.errors import PlanError

LONGEST: Final = {"SUMMARY": 500, "LOCATION": 500, "DESCRIPTION": 10_000, "UID": 255}
MOST_ATTENDEES: Final = 200
_LONGEST_NAME: Final = 200
_DATE_TIME: Final = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z?))?", re.IGNORECASE)
_DURATION: Final = re.compile(
    r"([+-]?)P(?:(\d{1,7})W)?(?:(\d{1,9})D)?"
    r"(?:T(?:(\d{1,7})H)?(?:(\d{1,9})M)?(?:(\d{1,9})S)?)?",
    re.IGNORECASE,
)
_SHOWN: Final = 60
Moment = datetime | date


def one(lines: Iterable[Line], name: str) -> Line | None:
    """Return the first property of a name."""
    return next((line for line in lines if line.name == name), None)


def words(lines: Iterable[Line], name: str) -> str:
    """Return the text of a property as the service shows it, "" when it is absent."""
    line = one(lines, name)
    most = LONGEST[name]
    return "" if line is None else plain_text(line.value[: 2 * most])[:most]


def title(lines: Iterable[Line]) -> str:
    """Return the one line that an event is called by."""
    text = words(lines, "SUMMARY")
    return " ".join(part.strip() for part in text.splitlines() if part.strip()) or "Event"


def attendees(lines: Iterable[Line]) -> tuple[str, ...]:
    """Return who takes part, by name."""
    names = (attendee(line) for line in lines if line.name == "ATTENDEE")
    return tuple(name for name in names if name)[:MOST_ATTENDEES]


def attendee(line: Line) -> str:
    """Return somebody's name: our own form of it, the common name, or the address."""
    text = line.value.strip()
    if text.lower().startswith("urn:calendar:"):
        return unquote(text[len("urn:calendar:") :])[:_LONGEST_NAME]
    mail = text[len("mailto:") :] if text.lower().startswith("mailto:") else text
    return (line.parameter("CN").strip() or mail)[:_LONGEST_NAME]


def is_cancelled(lines: Iterable[Line]) -> bool:
    """Return whether an event does not take place."""
    status = one(lines, "STATUS")
    return status is not None and status.value.strip().upper() == "CANCELLED"


def is_busy(lines: list[Line]) -> bool:
    """Return whether an event takes time: it is neither transparent nor cancelled."""
    shown = one(lines, "TRANSP")
    is_open = shown is not None and shown.value.strip().upper() == "TRANSPARENT"
    return not is_open and not is_cancelled(lines)


def sequence(lines: Iterable[Line]) -> int:
    """Return the number of a revision, 0 when it has none."""
    line = one(lines, "SEQUENCE")
    text = "" if line is None else line.value.strip()
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0  # noqa: PLR2004 - int() of a very long text is slow


def stamp(lines: Iterable[Line]) -> str:
    """Return when a revision was made, as text that sorts; "" when it does not say."""
    found = {line.name: line.value.strip() for line in lines}
    return found.get("LAST-MODIFIED") or found.get("DTSTAMP") or ""


def moment_in(text: str, line: Line) -> Moment:
    """Return a date, a time in UTC or the wall clock's, as it is written."""
    found = _DATE_TIME.fullmatch(text.strip())
    if found is None:
        raise _wrong(line, f"{text[:_SHOWN]!r} is neither a date nor a time")
    try:
        day = date(int(found[1]), int(found[2]), int(found[3]))
        if found[4] is None or line.parameter("VALUE").upper() == "DATE":
            return day
        second = min(int(found[6]), 59)
        zone = UTC if found[7] else None
        return datetime(
            day.year, day.month, day.day, int(found[4]), int(found[5]), second, tzinfo=zone
        )
    except ValueError as err:
        raise _wrong(line, f"{text[:_SHOWN]!r} is no date or time that exists") from err


def duration_in(text: str, line: Line) -> tuple[timedelta, timedelta]:
    """Return whole days, which are the calendar's, and the exact time beside them."""
    found = _DURATION.fullmatch(text.strip())
    if found is None or not any(found.groups()[1:]):
        raise _wrong(line, f"{text[:_SHOWN]!r} is not a duration such as PT1H30M")
    weeks, days, hours, minutes, seconds = (int(part or 0) for part in found.groups()[1:])
    try:
        whole = timedelta(weeks=weeks, days=days)
        exact = timedelta(hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError as err:
        raise _wrong(line, "longer than 732 days") from err
    return (-whole, -exact) if found[1] == "-" else (whole, exact)


def _wrong(line: Line, reason: str) -> PlanError:
    return PlanError("invalid_time", line.name.lower(), reason)
