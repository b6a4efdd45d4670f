"""Times as people write them: RFC 3339 with an offset, a span before now, or `now`."""

from datetime import UTC, datetime, timedelta
from typing import Final

from kit.pure.durations import parse_prometheus
from kit.pure.errors import BadInputError

_HINTS: Final = {
    "is not a time": "write 2h, 90m, or 2026-11-01T14:05:00Z",
    "has no offset from UTC": "write Z at its end",
}


def read_moment(text: str) -> datetime:
    """Return the moment of a text in RFC 3339, in UTC.

    Raises ValueError with what is wrong: it `is not a time`, or `has no offset from UTC`.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as err:
        raise ValueError("is not a time") from err
    return in_utc(moment)


def in_utc(moment: datetime) -> datetime:
    """Return a moment in UTC; ValueError as in `read_moment`."""
    if moment.tzinfo is None:
        raise ValueError("has no offset from UTC")
    try:
        return moment.astimezone(UTC)
    except OverflowError as err:  # at the ends of the calendar
        raise ValueError("is not a time") from err


def moment_of(text: str, now: datetime) -> datetime:
    """Return a moment in UTC: `now`, a span before now (`2h`, `90m`), or RFC 3339.

    Raises BadInputError when it is none of these.
    """
    if text == "now":
        return now
    try:
        return now - timedelta(seconds=parse_prometheus(text))
    except (ValueError, OverflowError):
        pass
    try:
        return read_moment(text)
    except ValueError as err:
        raise BadInputError(f"{text!r} {err}", hint=_HINTS[str(err)]) from err
