"""Which window a person means by the options of `sre report`."""

from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from kit.pure.errors import BadInputError
from kit.pure.moments import Day, at_wall, in_range, in_utc, local, local_at, midnight
from reports.period.window import (
    Kind,
    Window,
    compared,
    containing,
    last_complete,
    read_weekday,
    span,
)


def read_zone(name: str) -> ZoneInfo:
    """Return a time zone by its IANA name; BadInputError for one that is not known."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as err:
        raise BadInputError(
            f"no time zone is called {name!r}", hint="write one such as Europe/Berlin or UTC"
        ) from err


def choose(
    kind: Kind,
    *,
    zone: ZoneInfo,
    now: datetime,
    week_start: str = "monday",
    of: str | None = None,
    since: str | None = None,
    until: str | None = None,
    compare: str | None = None,
) -> Window:
    """Return the window: the last complete one, the one that holds `of`, or `since` to `until`.

    `compare` is a date in an earlier window of the same kind. Raises BadInputError for texts that
    are no dates and for combinations that mean nothing.
    """
    first = read_weekday(week_start)
    if (since is None) != (until is None):
        raise BadInputError("--from and --to belong together", hint="give both, or --of a date")
    if since is not None and until is not None:
        if of is not None:
            raise BadInputError("--of and --from exclude each other", hint="give one of them")
        found = span(read_moment(since, zone, now), read_moment(until, zone, now), zone)
    elif of is not None:
        found = containing(kind, _day(of), zone, week_start=first)
    else:
        found = last_complete(kind, now, zone, week_start=first)
    if compare is None:
        return found
    return compared(found, _other(found, compare, zone, first))


def _other(window: Window, compare: str, zone: ZoneInfo, first: int) -> Window:
    if window.kind is not Kind.SPAN:
        return containing(window.kind, _day(compare), zone, week_start=first)
    start = midnight(_day(compare), zone)
    end = local_at(start.timestamp() + window.seconds, zone)
    return replace(window, start=start, end=end)


def _day(text: str) -> date:
    try:
        found = date.fromisoformat(text)
    except ValueError as err:
        raise BadInputError(f"{text!r} is no date", hint="write YYYY-MM-DD") from err
    return _in_range(found, text)


def _in_range(day: Day, text: str) -> Day:
    try:
        return in_range(day)
    except ValueError as err:
        raise BadInputError(f"{text!r} {err}", hint="give a year from 1971 to 9998") from err


def read_moment(text: str, zone: ZoneInfo, now: datetime) -> datetime:
    """Return the moment of a date, a time (in `zone` unless it says another) or `now`."""
    if text == "now":
        return now
    try:
        found = datetime.fromisoformat(text)
        moment = at_wall(found, zone) if found.tzinfo is None else local(in_utc(found), zone)
    except (ValueError, OverflowError) as err:
        raise BadInputError(
            f"{text!r} is no time", hint="write YYYY-MM-DD, YYYY-MM-DDTHH:MM, or now"
        ) from err
    return _in_range(moment, text)
