"""A calendar entry as a value, and its checks."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from service.planning.errors import PlanError
from service.planning.instants import LAST_END_YEAR, moment_of, shifted, zone_of
from service.planning.rule import plain_rule, rule_of

DEFAULT_LENGTH: Final = timedelta(hours=1)
LONGEST: Final = timedelta(days=366 * 2)
MOST_EXCEPTIONS: Final = 1000


@dataclass(frozen=True, slots=True)
class Change:
    """One occurrence that differs from its series; `at` is when the series would have it."""

    at: datetime | date
    title: str
    start: datetime | date
    end: datetime | date
    location: str | None
    description: str
    cancelled: bool = False
    busy: bool | None = None
    """None is as the series."""
    following: bool = False
    """Whether all that follow are moved by as much (RANGE=THISANDFUTURE)."""
    lines: tuple[str, ...] = ()
    """What a file says of it, line by line, unfolded."""


@dataclass(frozen=True, slots=True)
class Written:
    """How a file has an event: every content line of its component, unfolded.

    `version` is the event's as which it was imported; `exact` says that each time means in a file
    of ours what it means there, so that its line may be given back as it is.
    """

    lines: tuple[str, ...]
    version: int
    exact: bool


@dataclass(frozen=True, slots=True)
class Event:
    """An entry. `start` and `end` (exclusive) are both aware times in `timezone` or both dates.

    A series is its start, what its rules state and the `rdates`, without what the `exrules` state
    and the `exdates`. A `floating` event has no zone: its times are read off any clock, and are
    kept as if they were UTC.
    """

    id: str
    owner: str
    uid: str
    title: str
    start: datetime | date
    end: datetime | date
    timezone: str
    recurrence: str | None
    exdates: tuple[datetime | date, ...]
    changes: tuple[Change, ...]
    location: str | None
    attendees: tuple[str, ...]
    description: str
    calendar: str
    busy: bool
    version: int
    created_at: datetime
    updated_at: datetime
    rdates: tuple[datetime | date, ...] = ()
    more_rules: tuple[str, ...] = ()
    exrules: tuple[str, ...] = ()
    floating: bool = False
    written: Written | None = None

    @property
    def rules(self) -> tuple[str, ...]:
        """Every rule that states when it happens."""
        return (self.recurrence, *self.more_rules) if self.recurrence else self.more_rules

    @property
    def is_series(self) -> bool:
        """Whether it may happen more than once."""
        return bool(self.recurrence or self.rdates or self.more_rules)

    @property
    def all_day(self) -> bool:
        """Whether it lasts whole days, of no zone."""
        return not isinstance(self.start, datetime)

    @property
    def length(self) -> timedelta:
        """Return how long it lasts; for times that is elapsed time, not the wall clock's."""
        return length_between(self.start, self.end)


def length_between(start: datetime | date, end: datetime | date) -> timedelta:
    """Return the elapsed time between two times, or the days between two dates."""
    if isinstance(start, datetime) and isinstance(end, datetime):
        return timedelta(seconds=end.timestamp() - start.timestamp())
    return date.__sub__(end, start)


def times_of(
    start: str, end: str | None, *, all_day: bool | None, timezone: str, may_be_empty: bool = False
) -> tuple[datetime | date, datetime | date]:
    """Return checked start and end; without an end, an hour or a day after the start.

    A time without any length is one that a file may state, for a reminder.
    """
    zone = zone_of(timezone)
    first = moment_of(start, zone, field="start")
    whole_days = not isinstance(first, datetime)
    if all_day is not None and all_day != whole_days:
        wanted = "a date such as 2026-01-31" if all_day else "a time such as 2026-01-31T10:00:00"
        raise PlanError("invalid_time", "start", f"all_day is {all_day}, so it must be {wanted}")
    if end is None:
        last = shifted(first, timedelta(days=1) if whole_days else DEFAULT_LENGTH)
    else:
        last = moment_of(end, zone, field="end", last_year=LAST_END_YEAR)
    if isinstance(last, datetime) == whole_days:
        raise PlanError("invalid_time", "end", "start and end must both be dates or both be times")
    length = length_between(first, last)
    if length < timedelta(0) or (not length and not may_be_empty):
        raise PlanError("invalid_time", "end", "the end must be after the start; it is exclusive")
    if length > LONGEST:
        raise PlanError("invalid_time", "end", f"longer than {LONGEST.days} days")
    return first, last


def exceptions_of(
    texts: Sequence[str], *, timezone: str, all_day: bool, field: str = "exdates"
) -> tuple[datetime | date, ...]:
    """Return the occurrences left out, or added, each of the kind of the event's start."""
    if len(texts) > MOST_EXCEPTIONS:
        raise PlanError("invalid_time", field, f"more than {MOST_EXCEPTIONS}")
    zone = zone_of(timezone)
    moments = {moment_of(text, zone, field=field) for text in texts}
    if any(isinstance(moment, datetime) == all_day for moment in moments):
        raise PlanError("invalid_time", field, "must be dates for all-day events, else times")
    return tuple(sorted(moments, key=str))


def checked_rule(text: str | None, *, all_day: bool = False) -> str | None:
    """Return the rule in its plain form, or None for an event that happens once."""
    if not text:
        return None
    rule_of(text, all_day=all_day)
    return plain_rule(text)
